/// Times of single packets.
enum TimeText {
  /// The time of day to the microsecond: `23:25:38.926559`.
  static func time(_ nanoseconds: Int64, _ view: ReportView) -> String {
    let moment = Moment(nanoseconds: nanoseconds, utcOffsetSeconds: view.style.utcOffsetSeconds)
    let micro = ((nanoseconds % 1_000_000_000) + 1_000_000_000) % 1_000_000_000 / 1_000
    let digits = String(micro)
    return moment.time + "." + String(repeating: "0", count: 6 - digits.count) + digits
  }

  /// With the date and the zone: `2026-11-20 23:25:38.926559 UTC`.
  static func dateAndTime(_ nanoseconds: Int64, _ view: ReportView) -> String {
    let moment = Moment(nanoseconds: nanoseconds, utcOffsetSeconds: view.style.utcOffsetSeconds)
    return "\(moment.date) \(time(nanoseconds, view)) \(moment.zone)"
  }

  /// The zone of all times of a report, for a heading.
  static func zone(_ view: ReportView) -> String {
    Moment(nanoseconds: 0, utcOffsetSeconds: view.style.utcOffsetSeconds).zone
  }
}
