import Verdicts

/// The ledgers: a row for each segment and direction.
enum LossTable {
  private struct Row {
    let segment: SegmentReport
    let direction: Direction
    var ledger: SegmentLedger { segment[direction] }
  }

  static func lines(_ view: ReportView) -> [Line] {
    let rows = view.report.segments.flatMap { segment in
      Direction.allCases.map { Row(segment: segment, direction: $0) }
    }
    guard !rows.isEmpty else { return [] }
    let layout = ColumnLayout(columns(rows, view), width: view.width - 2)
    let facts = "packets (→ client to server, ← server to client)"
    var lines = view.heading("SEGMENTS", facts) + layout.lines.map { $0.indented(2) }
    if !layout.dropped.isEmpty {
      let text = "not shown at this width: \(layout.dropped.joined(separator: ", "))"
      lines += Wrapping.lines(text, .faint, width: view.width - 2).map { $0.indented(2) }
    }
    return lines
  }

  /// What always stands, then what there is any of; what says least goes first where the screen is narrow.
  private static func columns(_ rows: [Row], _ view: ReportView) -> [ColumnLayout.Column] {
    func column(
      _ title: [String], _ name: String = "", right: Bool = true, droppable: Int = 0, _ cell: (Row) -> Line
    ) -> ColumnLayout.Column {
      ColumnLayout.Column(title: title, name: name, right: right, droppable: droppable, cells: rows.map(cell))
    }
    func count(
      _ title: [String], _ name: String, _ style: ANSIStyle, droppable: Int, _ value: (SegmentLedger) -> Int
    ) -> ColumnLayout.Column? {
      guard rows.contains(where: { value($0.ledger) != 0 }) else { return nil }
      return column(title, name, droppable: droppable) { number(value($0.ledger), style, zero: "·") }
    }
    let facts = [
      column(["segment"], right: false) { Line(view.stretch($0.segment.between, $0.direction)) },
      column(["offered"]) { Line(Numbers.grouped($0.ledger.offered)) },
      column(["lost"]) { number($0.ledger.lost, .fault, zero: "0") },
      column(["loss"]) { row in
        Line(row.ledger.lossRatio.map(Numbers.percent) ?? "–", row.ledger.lost > 0 ? .fault : .plain)
      },
      column(["95 %", "interval"], "95 % interval", droppable: 8) {
        Line($0.ledger.lossInterval.map(Numbers.interval) ?? "–", .faint)
      },
    ]
    let further = [
      count(["not", "captured"], "not captured", .warning, droppable: 7, \.notCaptured),
      count(["outside", "coverage"], "outside coverage", .plain, droppable: 9, \.outsideCoverage),
      count(["unde-", "cided"], "undecided", .warning, droppable: 1, \.undecided),
      count(["re-", "ordered"], "reordered", .fault, droppable: 2, \.reordered),
      count(["dupli-", "cated"], "duplicated", .fault, droppable: 5, \.duplicated),
      count(["cor-", "rupted"], "corrupted", .fault, droppable: 3, \.corrupted),
      count(["in-", "jected"], "injected", .fault, droppable: 4, \.injected),
      count(["re-", "written"], "rewritten", .fault, droppable: 6, \.rewritten),
    ]
    let median = column(["median", "delay"], "median delay", droppable: 10) { Line(delay($0.ledger), .faint) }
    return facts + further.compactMap { $0 } + (rows.contains { $0.ledger.delay != nil } ? [median] : [])
  }

  private static func number(_ value: Int, _ style: ANSIStyle, zero: String) -> Line {
    value == 0 ? Line(zero, .faint) : Line(Numbers.grouped(value), style)
  }

  /// The median delay with its bound, such as `10.1 ms ± 0.2 ms`, or the bound alone where it is the wider.
  static func delay(_ ledger: SegmentLedger) -> String {
    guard let delay = ledger.delay else { return "–" }
    // Where the bound is wider than the delay, the delay as a number says more than is known.
    guard delay.errorNS < delay.p50NS else {
      return "≤ \(Numbers.duration(max(0, delay.p50NS) + delay.errorNS, .up))"
    }
    return "\(Numbers.duration(delay.p50NS)) ± \(Numbers.duration(delay.errorNS, .up))"
  }
}
