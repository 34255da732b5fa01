/// A point in time as date and time of day.
struct Moment {
  private let seconds: Int64
  private let offset: Int64

  /// Nanoseconds since the Unix epoch, shown so many seconds ahead of UTC.
  init(nanoseconds: Int64, utcOffsetSeconds: Int) {
    let rest = nanoseconds % 1_000_000_000
    offset = Int64(utcOffsetSeconds)
    seconds = (nanoseconds - rest) / 1_000_000_000 - (rest < 0 ? 1 : 0) + offset
  }

  /// The date, such as `2026-03-14`.
  var date: String {
    let days = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
    // From days to a civil date by eras of 400 years that begin in March.
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return "\(year)-\(Self.twoDigits(month))-\(Self.twoDigits(day))"
  }

  /// The time of day, such as `03:07:12`.
  var time: String {
    let ofDay = ((seconds % 86_400) + 86_400) % 86_400
    return [ofDay / 3_600, ofDay / 60 % 60, ofDay % 60].map(Self.twoDigits).joined(separator: ":")
  }

  /// The zone: `UTC`, or the offset such as `UTC+01:00`.
  var zone: String {
    guard offset != 0 else { return "UTC" }
    let minutes = Int64(offset.magnitude / 60)
    return "UTC" + (offset < 0 ? "-" : "+") + Self.twoDigits(minutes / 60) + ":" + Self.twoDigits(minutes % 60)
  }

  private static func twoDigits(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
