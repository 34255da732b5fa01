import Verdicts

/// Every clock against the reference clock, whether it is off or not.
enum ClockListText {
  static func lines(_ view: ReportView) -> [Line] {
    let points = view.report.points
    let reference = view.report.order.referenceClock
    func column(_ title: String, right: Bool = true, _ cell: (ClockReport) -> String) -> ColumnLayout.Column {
      ColumnLayout.Column(title: [title], right: right, cells: points.map { Line(cell($0.clock)) })
    }
    let layout = ColumnLayout(
      [
        ColumnLayout.Column(
          title: ["point"], right: false,
          cells: points.indices.map { Line(view.names[$0] + ($0 == reference ? " (reference)" : "")) }),
        column("ahead by, ms") { $0.offsetNS.map { Numbers.milliseconds($0) } ?? "not known" },
        column("± ms") { $0.errorNS.map { Numbers.milliseconds($0, .up) } ?? "–" },
        column("drift, ppm") { $0.driftPPM.map(Numbers.partsPerMillion) ?? "–" },
        column("jumps") { String($0.steps.count) },
      ], width: view.width - 2)
    let facts = points.indices.contains(reference) ? "against the clock of \(view.names[reference])" : ""
    return view.heading("CLOCKS", facts) + layout.lines.map { $0.indented(2) } + steps(view)
  }

  private static func steps(_ view: ReportView) -> [Line] {
    let steps = view.report.points.flatMap { point in point.clock.steps.map { (point.name, $0) } }
    guard !steps.isEmpty else { return [] }
    let rows = steps.map { name, step in
      (name, "\(step.byNS > 0 ? "+" : "")\(Numbers.duration(step.byNS)) at \(TimeText.dateAndTime(step.timeNS, view))")
    }
    return [.empty] + view.heading("JUMPS") + LabelledLines.lines(rows, view)
  }
}
