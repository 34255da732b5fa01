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
    func column(_ title: String, _ value: (DelaySummary) -> String) -> ColumnLayout.Column {
      ColumnLayout.Column(title: [title], cells: rows.map { Line(value($0.1)) })
    }
    let layout = ColumnLayout(
      [
        ColumnLayout.Column(title: ["segment"], right: false, cells: rows.map { Line($0.0) }),
        column("least") { Numbers.duration($0.minNS) }, column("median") { Numbers.duration($0.p50NS) },
        column("95 % below") { Numbers.duration($0.p95NS) }, column("99 % below") { Numbers.duration($0.p99NS) },
        column("most") { Numbers.duration($0.maxNS) }, column("all may be off by") { Numbers.duration($0.errorNS, .up) },
      ], width: view.width - 2)
    return view.heading("DELAYS", "one way") + layout.lines.map { $0.indented(2) }
  }
}
