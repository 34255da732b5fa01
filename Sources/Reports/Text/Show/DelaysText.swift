import Verdicts

/// One-way delays, a row for each segment and direction of which they are known.
enum DelaysText {
  static func lines(_ view: ReportView) -> [Line] {
    var rows: [(String, DelaySummary)] = []
    for segment in view.report.segments {
      for direction in Direction.allCases {
        if let delay = segment[direction].delay { rows.append((view.stretch(segment.between, direction), delay)) }
      }
    }
    guard !rows.isEmpty else { return [] }
    func column(_ title: String, droppable: Int = 0, _ value: (DelaySummary) -> String) -> ColumnLayout.Column {
      ColumnLayout.Column(
        title: [title], name: title, droppable: droppable, cells: rows.map { Line(value($0.1)) })
    }
    let layout = ColumnLayout(
      [
        ColumnLayout.Column(title: ["segment"], right: false, cells: rows.map { Line($0.0) }),
        column("least", droppable: 2) { Numbers.duration($0.minNS) }, column("median") { Numbers.duration($0.p50NS) },
        column("95 % below", droppable: 3) { Numbers.duration($0.p95NS) },
        column("99 % below", droppable: 4) { Numbers.duration($0.p99NS) },
        column("most", droppable: 1) { Numbers.duration($0.maxNS) },
        column("off by up to") { Numbers.duration($0.errorNS, .up) },
      ], width: view.width - 2)
    return view.heading("DELAYS", "one way") + Page(style: view.style).table(layout)
  }
}
