import Verdicts

/// What was found: faults and warnings in full, notes a line each.
enum FindingsText {
  private static let framesShown = 3
  private static let connectionsShown = 5
  private static let labelColumn = 13

  static func lines(_ view: ReportView) -> [Line] {
    guard !view.report.findings.isEmpty else { return [] }
    let counts = Severity.allCases.compactMap { severity -> String? in
      let count = view.findings(severity).count
      return count == 0 ? nil : Numbers.count(count, severity.word)
    }
    var lines = view.heading("FINDINGS", counts.joined(separator: ", "))
    let serious = view.findings(.fault) + view.findings(.warning)
    for (index, finding) in serious.enumerated() {
      if index > 0 { lines.append(.empty) }
      lines += inFull(finding, view)
    }
    let notes = NoteLines.lines(view)
    if !serious.isEmpty && !notes.isEmpty { lines.append(.empty) }
    return lines + notes
  }

  /// One finding with all that it says, and its first frames.
  static func inFull(_ finding: Finding, _ view: ReportView, frames framesShown: Int = framesShown) -> [Line] {
    let mark =
      switch finding.severity {
      case .fault: Line("✗ FAULT  ", .fault)
      case .warning: Line("! WARNING  ", .warning)
      case .note: Line("· NOTE  ", .faint)
      }
    let words =
      Wrapping.words(finding.title, .strong)
      + Wrapping.words("(\(finding.kind), \(Numbers.confidence(finding.confidence)) sure)", .faint)
    let title = Wrapping.pack(words, between: Line(" "), width: view.width - 2 - mark.width)
    var lines = Wrapping.hanging(mark, title, column: mark.width).map { $0.indented(2) }
    lines += labelled("where", place(finding, view), view)
    if !finding.explanation.isEmpty { lines += labelled("what", finding.explanation, view) }
    for (index, evidence) in finding.evidence.prefix(framesShown).enumerated() {
      lines += labelled(index == 0 ? "frames" : "", frame(evidence, view), view)
    }
    if finding.evidence.count > framesShown {
      lines += labelled("", "… and \(Numbers.grouped(finding.evidence.count - framesShown)) more", view)
    }
    if !finding.confirm.isEmpty { lines += labelled("confirm", finding.confirm, view) }
    return lines
  }

  private static func labelled(_ label: String, _ text: String, _ view: ReportView) -> [Line] {
    let body = Wrapping.lines(text, width: view.width - labelColumn)
    return Wrapping.hanging(Line(label, .faint).indented(4), body, column: labelColumn)
  }

  private static func place(_ finding: Finding, _ view: ReportView) -> String {
    var text = view.place(finding)
    if let direction = finding.direction {
      text += ", " + direction.words
    }
    if finding.packets > 0 { text += "; " + Numbers.count(finding.packets, "packet") }
    guard !finding.connections.isEmpty else { return text }
    let shown = finding.connections.prefix(connectionsShown).map { "#\($0)" }.joined(separator: ", ")
    let more = finding.connections.count > connectionsShown ? ", …" : ""
    return text + " of " + Numbers.count(finding.connections.count, "connection") + " (\(shown)\(more))"
  }

  private static func frame(_ evidence: Finding.Evidence, _ view: ReportView) -> String {
    let frame = evidence.frame
    let file = view.names.hasSeveralFiles(frame.point) ? " of \(view.names.file(of: frame))" : ""
    return "\(view.names[frame.point]) frame \(frame.frame)\(file): \(evidence.says)"
  }
}
