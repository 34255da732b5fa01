import Verdicts

/// Takes the times of one point to the reference clock, by what the report says of its clock.
struct ClockCorrection {
  private let point: PointReport

  init(_ point: PointReport) { self.point = point }

  /// A time by the point's own clock, by the reference clock; the same where nothing is known of the clock.
  func reference(_ timeNS: Int64) -> Int64 {
    guard let offset = point.clock.offsetNS else { return timeNS }
    var time = timeNS &- offset
    if let drift = point.clock.driftPPM, let first = point.firstNS, drift.isFinite {
      let sinceFirst = Double(time &- first)
      time = time &- Int64((sinceFirst * drift / 1e6).rounded())
    }
    for step in point.clock.steps where time >= step.timeNS { time = time &- step.byNS }
    return time
  }
}
