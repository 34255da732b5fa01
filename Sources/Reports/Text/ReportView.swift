import Verdicts

/// A report with what the sections of the text ask of it.
struct ReportView {
  let report: AnalysisReport
  let names: PointNames
  let style: TextStyle
  /// Columns of the screen.
  let width: Int
  private let segments: [PointPair: SegmentReport]

  init(_ report: AnalysisReport, style: TextStyle) {
    self.report = report
    self.style = style
    names = PointNames(report.points)
    width = max(style.width, TextStyle.narrowest)
    segments = Dictionary(report.segments.map { ($0.between, $0) }) { first, _ in first }
  }

  /// The segment between two points, if they are neighbours.
  func segment(_ pair: PointPair) -> SegmentReport? { segments[pair] }

  /// The findings of one severity, in the order of the report.
  func findings(_ severity: Severity) -> [Finding] { report.findings.filter { $0.severity == severity } }

  /// Two points, `fw1-in → fw1-out`, with the arrow along the direction if there is one.
  func stretch(_ pair: PointPair, _ direction: Direction? = nil) -> String {
    names[pair.near] + (direction == .serverToClient ? " ← " : " → ") + names[pair.far]
  }

  /// A stretch with the box that it is inside of, if it is: `fw1 (fw1-in → fw1-out)`.
  func place(_ pair: PointPair) -> String {
    guard let box = segment(pair)?.inside else { return stretch(pair) }
    return "\(box) (\(stretch(pair)))"
  }

  /// Where a finding is.
  func place(_ finding: Finding) -> String {
    if let pair = finding.between { return place(pair) }
    if let point = finding.point { return names[point] }
    return "the whole path"
  }

  /// What stands above a section.
  func heading(_ title: String, _ facts: String = "") -> [Line] {
    let label = Line(title, .strong)
    guard !facts.isEmpty else { return [label] }
    let column = label.width + 2
    return Wrapping.hanging(label, Wrapping.lines(facts, .faint, width: width - column), column: column)
  }

  /// What happened to the packets of all segments and directions together.
  var total: SegmentLedger {
    report.segments.reduce(into: SegmentLedger()) { sum, segment in
      for direction in Direction.allCases { sum.add(segment[direction]) }
    }
  }
}

extension Direction {
  /// In words: `client to server`.
  var words: String { self == .clientToServer ? "client to server" : "server to client" }
}
