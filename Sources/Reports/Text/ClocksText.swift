import Verdicts

/// The clocks of the points against the reference clock, if any is off by more than its bound, drifts, or jumps.
enum ClocksText {
  /// Parts per million that are worth a row.
  private static let drift = 0.05

  static func lines(_ view: ReportView) -> [Line] {
    let points = view.report.points.map { (name: $0.name, clock: $0.clock) }
    let reference = view.report.order.referenceClock
    guard points.contains(where: { isOff($0.clock) }) else { return [] }
    let others = points.indices.filter { $0 != reference }.map { points[$0] }
    func column(_ title: [String], right: Bool = true, _ cell: (ClockReport) -> String) -> ColumnLayout.Column {
      ColumnLayout.Column(title: title, right: right, cells: others.map { Line(cell($0.clock)) })
    }
    let layout = ColumnLayout(
      [
        ColumnLayout.Column(title: ["point"], right: false, cells: others.map { Line($0.name) }),
        column(["ahead by, ms"]) { $0.offsetNS.map { Numbers.milliseconds($0) } ?? "–" },
        column(["± ms"]) { $0.errorNS.map { Numbers.milliseconds($0, .up) } ?? "–" },
        column(["drift, ppm"]) { $0.driftPPM.map(Numbers.partsPerMillion) ?? "–" },
        column(["jumps"], right: false) { steps($0, view) },
      ], width: view.width - 2)
    let facts = points.indices.contains(reference) ? "against the clock of \(points[reference].name)" : ""
    return view.heading("CLOCKS", facts) + layout.lines.map { $0.indented(2) }
  }

  private static func isOff(_ clock: ClockReport) -> Bool {
    let offset = clock.offsetNS?.magnitude ?? 0
    return !clock.steps.isEmpty || offset > (clock.errorNS?.magnitude ?? 0)
      || (clock.driftPPM?.magnitude ?? 0) >= drift
  }

  private static func steps(_ clock: ClockReport, _ view: ReportView) -> String {
    guard let first = clock.steps.first else { return "" }
    let time = Moment(nanoseconds: first.timeNS, utcOffsetSeconds: view.style.utcOffsetSeconds).time
    let by = (first.byNS > 0 ? "+" : "") + Numbers.duration(first.byNS)
    return "\(by) at \(time)" + (clock.steps.count > 1 ? " and \(clock.steps.count - 1) more" : "")
  }
}
