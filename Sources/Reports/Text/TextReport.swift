public import Verdicts

/// The report for people: what matters first, on one screen.
public enum TextReport {
  /// Renders a report as UTF-8 lines of at most the style's width, except for names that cannot be broken.
  ///
  /// The same report and style give the same bytes. Without colour there is no escape code; control characters in
  /// names are spelled out either way.
  ///
  /// Every position, and every index of a file, must be one of the report's own points and files.
  ///
  /// - Parameter words: Wireshark's words, for a section of their own; `nil`: there is none.
  public static func render(_ report: AnalysisReport, words: FlagWords? = nil, style: TextStyle) -> [UInt8] {
    let view = ReportView(report, style: style)
    let sections = [
      VerdictSentence.lines(view),
      PathDrawing.lines(view),
      LossTable.lines(view),
      FindingsText.lines(view),
      words.map { WordsText.lines($0, view) } ?? [],
      ConnectionsText.lines(view),
      NATTableText.lines(view),
      ClocksText.lines(view),
      remarks(view),
      Wrapping.lines("Everything, with each event and each frame: --format json", .faint, width: view.width),
    ]
    return sections.bytes(colour: style.colour)
  }

  private static func remarks(_ view: ReportView) -> [Line] {
    guard !view.report.remarks.isEmpty else { return [] }
    return view.heading("REMARKS")
      + view.report.remarks.flatMap {
        Wrapping.hanging(Line("  - "), Wrapping.lines($0, width: view.width - 4), column: 4)
      }
  }
}

extension [[Line]] {
  /// The sections as UTF-8, an empty line between two of them; those without a line are left out.
  func bytes(colour: Bool) -> [UInt8] {
    var bytes: [UInt8] = []
    for line in filter({ !$0.isEmpty }).joined(separator: [.empty]) {
      for run in line.trimmed.runs { run.style.write(run.text, colour: colour, to: &bytes) }
      bytes.append(UInt8(ascii: "\n"))
    }
    return bytes
  }
}
