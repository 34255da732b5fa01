import Verdicts

/// The findings with their numbers, a line each, and one of them in full.
enum FindingListText {
  static func lines(_ view: ReportView, _ filter: FindingFilter) -> [Line] {
    let all = view.report.findings.indices.filter { filter.lets(view.report.findings[$0]) }
    let shown = all.prefix(filter.limit)
    return view.heading("FINDINGS", ShownCount.words(shown.count, all.count, view.report.findings.count))
      + table(Array(shown), view)
  }

  /// A row for each finding, by index.
  static func table(_ indices: [Int], _ view: ReportView) -> [Line] {
    guard !indices.isEmpty else { return [] }
    let findings = indices.map { view.report.findings[$0] }
    func column(_ title: String, right: Bool = false, droppable: Int = 0, _ cell: (Finding) -> Line)
      -> ColumnLayout.Column
    {
      ColumnLayout.Column(title: [title], name: title, right: right, droppable: droppable, cells: findings.map(cell))
    }
    let layout = ColumnLayout(
      [
        ColumnLayout.Column(title: ["#"], cells: indices.map { Line(String($0 + 1)) }),
        column("severity") { Line($0.severity.word, style($0.severity)) },
        column("kind") { Line($0.kind) },
        column("where") { finding in
          Line(finding.between.map { view.stretch($0, finding.direction) } ?? view.place(finding))
        },
        column("packets", right: true) { Line($0.packets == 0 ? "–" : Numbers.grouped($0.packets)) },
        column("connections", right: true, droppable: 1) {
          Line($0.connections.isEmpty ? "–" : Numbers.grouped($0.connections.count))
        },
        column("sure", right: true) { Line(Numbers.confidence($0.confidence)) },
        column("title") { Line($0.title) },
      ], width: view.width - 2)
    return Page(style: view.style).table(layout).map { $0.clipped(to: view.width) }
  }

  static func style(_ severity: Severity) -> ANSIStyle {
    switch severity {
    case .fault: .fault
    case .warning: .warning
    case .note: .faint
    }
  }

  /// One finding, by its number, with every frame and every connection.
  static func inFull(_ number: Int, _ view: ReportView) -> [Line] {
    let finding = view.report.findings[number - 1]
    var lines = view.heading("FINDING \(number)") + FindingsText.inFull(finding, view, frames: .max)
    guard !finding.connections.isEmpty else { return lines }
    let ids = finding.connections.map { Line("#\($0)") }
    let body = Wrapping.pack(ids, between: Line(" "), width: view.width - 13)
    lines += Wrapping.hanging(Line("all of", .faint).indented(4), body, column: 13)
    return lines
  }
}
