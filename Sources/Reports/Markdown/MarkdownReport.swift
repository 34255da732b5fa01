public import Verdicts

/// The report for a ticket: what somebody who must act on it needs, in Markdown with GitHub's tables.
public enum MarkdownReport {
  private static let connectionsShown = 20
  private static let framesShown = 5

  /// Renders a report as UTF-8 Markdown; everything that came from captures or file names is escaped.
  ///
  /// Every position, and every index of a file, must be one of the report's own points and files.
  ///
  /// - Parameter utcOffsetSeconds: seconds to add to UTC for the dates and times of day.
  public static func render(_ report: AnalysisReport, utcOffsetSeconds: Int = 0) -> [UInt8] {
    let view = ReportView(report, style: TextStyle(utcOffsetSeconds: utcOffsetSeconds))
    let sections = [
      verdict(view), path(view), segments(view), findings(view), addresses(view), clocks(view), remarks(view),
    ]
    let lines = sections.filter { !$0.isEmpty }.joined(separator: [""])
    return Array((lines.joined(separator: "\n") + "\n").utf8)
  }

  private static func verdict(_ view: ReportView) -> [String] {
    let parts = VerdictSentence.parts(view)
    return ["## hopscope: \(MarkdownText.escaped(parts.sentence))", ""]
      + parts.cautions.map { "> **Caution:** " + MarkdownText.escaped($0) }
      + (parts.cautions.isEmpty ? [] : [""]) + [MarkdownText.escaped(parts.scope)]
  }

  private static func path(_ view: ReportView) -> [String] {
    guard view.report.points.count > 1 else { return [] }
    let order = view.report.order
    let how = order.source == .given ? "given" : "inferred, \(Numbers.confidence(order.confidence)) sure"
    let names = view.report.points.map { MarkdownText.code($0.name) }.joined(separator: " – ")
    return ["Path: \(names) (order \(how))"]
  }

  private static func segments(_ view: ReportView) -> [String] {
    var rows: [[String]] = []
    for segment in view.report.segments {
      for direction in Direction.allCases {
        let ledger = segment[direction]
        let box = segment.inside.map { " (inside \(MarkdownText.escaped($0)))" } ?? ""
        rows.append([
          stretch(segment.between, direction, view) + box,
          Numbers.grouped(ledger.offered), mark(ledger.lost),
          ledger.lossRatio.map(Numbers.percent) ?? "–", ledger.lossInterval.map(Numbers.interval) ?? "–",
          mark(ledger.reordered), mark(ledger.duplicated), mark(ledger.corrupted + ledger.rewritten),
          mark(ledger.injected), Numbers.grouped(ledger.notCaptured),
          Numbers.grouped(ledger.undecided + ledger.outsideCoverage), LossTable.delay(ledger),
        ])
      }
    }
    guard !rows.isEmpty else { return [] }
    let header = [
      "Segment", "Offered", "Lost", "Loss", "95 % interval", "Reordered", "Duplicated", "Changed", "Injected",
      "Not captured", "Open", "Median delay",
    ]
    return ["### Segments", ""] + MarkdownText.table(header, right: Set(1...11), rows) + [
      "", "*Packets. Changed: corrupted or rewritten with harm. Open: undecided, or outside the capture's time.*",
    ]
  }

  private static func mark(_ count: Int) -> String { count == 0 ? "0" : "**\(Numbers.grouped(count))**" }

  private static func stretch(_ pair: PointPair, _ direction: Direction?, _ view: ReportView) -> String {
    MarkdownText.code(view.names[pair.near], inTable: true) + (direction == .serverToClient ? " ← " : " → ")
      + MarkdownText.code(view.names[pair.far], inTable: true)
  }

  private static func findings(_ view: ReportView) -> [String] {
    guard !view.report.findings.isEmpty else { return [] }
    var lines = ["### Findings"]
    for finding in view.findings(.fault) + view.findings(.warning) { lines += [""] + inFull(finding, view) }
    let notes = view.findings(.note)
    if !notes.isEmpty {
      lines += ["", "Notes:", ""]
      lines += notes.map { "- \(MarkdownText.escaped($0.title)) (\(MarkdownText.code($0.kind)), \(place($0, view)))" }
    }
    return lines
  }

  private static func inFull(_ finding: Finding, _ view: ReportView) -> [String] {
    let word = finding.severity == .fault ? "Fault" : "Warning"
    var facts = [place(finding, view)]
    if let direction = finding.direction { facts.append(direction.words) }
    if finding.packets > 0 { facts.append(Numbers.count(finding.packets, "packet")) }
    if !finding.connections.isEmpty { facts.append(Numbers.count(finding.connections.count, "connection")) }
    facts.append("\(Numbers.confidence(finding.confidence)) sure")
    var lines = [
      "**\(word): \(MarkdownText.escaped(finding.title))** (\(MarkdownText.code(finding.kind)))", "",
      facts.joined(separator: "; ") + ".",
    ]
    if !finding.explanation.isEmpty { lines += ["", MarkdownText.escaped(finding.explanation)] }
    if !finding.evidence.isEmpty { lines.append("") }
    for evidence in finding.evidence.prefix(framesShown) {
      let file = MarkdownText.code(view.names.file(of: evidence.frame))
      lines.append("- frame \(evidence.frame.frame) of \(file): \(MarkdownText.escaped(evidence.says))")
    }
    if finding.evidence.count > framesShown {
      lines.append("- … and \(Numbers.grouped(finding.evidence.count - framesShown)) more frames")
    }
    for filter in FrameFilter.all(of: finding, view.names) {
      lines.append("- in Wireshark, \(MarkdownText.code(filter.file)): \(MarkdownText.code(filter.filter))")
    }
    if !finding.confirm.isEmpty { lines += ["", "To confirm: " + MarkdownText.escaped(finding.confirm)] }
    return lines
  }

  private static func place(_ finding: Finding, _ view: ReportView) -> String {
    if let pair = finding.between {
      let box = view.segment(pair)?.inside.map { MarkdownText.code($0) + ", " } ?? ""
      return box + "\(MarkdownText.code(view.names[pair.near])) → \(MarkdownText.code(view.names[pair.far]))"
    }
    return finding.point.map { MarkdownText.code(view.names[$0]) } ?? "the whole path"
  }

  private static func addresses(_ view: ReportView) -> [String] {
    let translated = view.report.connections.filter { AddressChain.isTranslated($0) }
    guard !translated.isEmpty else { return [] }
    let rows = translated.prefix(connectionsShown).map { connection in
      [String(connection.id), connection.proto]
        + [AddressChain.of(connection.legs.map(\.client)), AddressChain.of(connection.legs.map(\.server))].map {
          $0.map { MarkdownText.code($0, inTable: true) }.joined(separator: " → ")
        }
    }
    let header = ["Connection", "Protocol", "Client along the path", "Server along the path"]
    var lines = ["### NAT table", ""] + MarkdownText.table(header, right: [0], rows)
    if translated.count > rows.count {
      lines += ["", "… and \(Numbers.grouped(translated.count - rows.count)) more (`nat.csv` of `-o DIR` has all)."]
    }
    return lines
  }

  private static func clocks(_ view: ReportView) -> [String] {
    let reference = view.report.order.referenceClock
    let rows = view.report.points.enumerated().filter { $0.offset != reference }.map { _, point in
      [
        MarkdownText.code(point.name, inTable: true), point.clock.offsetNS.map { Numbers.milliseconds($0) } ?? "–",
        point.clock.errorNS.map { Numbers.milliseconds($0, .up) } ?? "–",
        point.clock.driftPPM.map(Numbers.partsPerMillion) ?? "–",
        String(point.clock.steps.count),
      ]
    }
    guard !rows.isEmpty, view.report.points.indices.contains(reference) else { return [] }
    let header = ["Clock", "ahead by, ms", "± ms", "drift, ppm", "jumps"]
    return ["### Clocks against \(MarkdownText.code(view.report.points[reference].name))", ""]
      + MarkdownText.table(header, right: Set(1...4), rows)
  }

  private static func remarks(_ view: ReportView) -> [String] {
    guard !view.report.remarks.isEmpty else { return [] }
    return ["### Remarks", ""] + view.report.remarks.map { "- " + MarkdownText.escaped($0) }
  }
}
