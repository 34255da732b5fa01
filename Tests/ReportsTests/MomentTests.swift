import Testing

@testable import Reports

@Suite struct MomentTests {
  @Test(arguments: [
    (Int64(0), "1970-01-01", "00:00:00"), (1_773_457_632_999_999_999, "2026-03-14", "03:07:12"),
    (951_782_399_000_000_000, "2000-02-28", "23:59:59"), (951_868_799_000_000_000, "2000-02-29", "23:59:59"),
    (4_107_542_400_000_000_000, "2100-03-01", "00:00:00"), (-1, "1969-12-31", "23:59:59"),
    (1_735_689_599_000_000_000, "2024-12-31", "23:59:59"),
  ])
  func `nanoseconds become date and time`(_ nanoseconds: Int64, _ date: String, _ time: String) {
    let moment = Moment(nanoseconds: nanoseconds, utcOffsetSeconds: 0)
    #expect(moment.date == date)
    #expect(moment.time == time)
    #expect(moment.zone == "UTC")
  }

  @Test func `an offset moves the time and is named`() {
    let moment = Moment(nanoseconds: 1_773_457_632_000_000_000, utcOffsetSeconds: -12_600)
    #expect(moment.date == "2026-03-13")
    #expect(moment.time == "23:37:12")
    #expect(moment.zone == "UTC-03:30")
  }
}
