import Reports
import Testing
import Verdicts

@Suite struct TextReportTests {
  @Test(arguments: ExampleReports.all, [72, 80, 100, 120, 200])
  func `no line is wider than the screen`(_ example: ExampleReports.Example, _ width: Int) {
    for line in lines(example.report, TextStyle(width: width)) {
      #expect(line.unicodeScalars.count <= width, "\(line)")
      #expect(!line.hasSuffix(" "))
    }
  }

  @Test(arguments: ExampleReports.all)
  func `colour adds escape codes and nothing else`(_ example: ExampleReports.Example) {
    let coloured = lines(example.report, TextStyle(width: 100, colour: true)).joined(separator: "\n")
    let plain = lines(example.report, TextStyle(width: 100)).joined(separator: "\n")
    #expect(coloured.contains("\u{1B}["))
    #expect(!plain.contains("\u{1B}"))
    #expect(coloured.replacing(/\u{1B}\[[0-9;]*m/, with: "") == plain)
  }

  @Test func `control characters of names do not reach the terminal`() {
    var report = ExampleReports.manyFindings
    let nasty = "fw\u{1B}]0;title\u{7}\u{8}\r\n\u{9B}2J\u{202E}"
    for index in report.points.indices {
      report.points[index].name += nasty
      report.points[index].files = [nasty, nasty]
    }
    for index in report.segments.indices { report.segments[index].inside = nasty }
    for index in report.findings.indices {
      report.findings[index].title += nasty
      report.findings[index].explanation += nasty
      report.findings[index].confirm += nasty
      report.findings[index].kind += nasty
    }
    for index in report.connections.indices {
      report.connections[index].proto += nasty
      report.connections[index].legs[0].client += nasty
    }
    report.remarks = [nasty]
    report.order.evidence = [nasty]
    let text = lines(report, TextStyle(width: 100)).joined()
    let harmful = text.unicodeScalars.filter { $0.value < 0x20 || (0x7F..<0xA0).contains($0.value) || $0 == "\u{202E}" }
    #expect(harmful.isEmpty)
    #expect(text.contains("\\u{1B}"))
  }

  @Test func `a screen narrower than the narrowest is laid out for that`() {
    let report = ExampleReports.cleanPath
    #expect(
      TextReport.render(report, style: TextStyle(width: 0))
        == TextReport.render(report, style: TextStyle(width: TextStyle.narrowest)))
  }

  @Test func `times follow the offset from UTC`() {
    let text = lines(ExampleReports.cleanPath, TextStyle(width: 120, utcOffsetSeconds: 3_600)).joined()
    #expect(text.contains("2026-03-14 04:07:12 to 04:07:43 UTC+01:00"))
  }

  private func lines(_ report: AnalysisReport, _ style: TextStyle) -> [String] {
    String(decoding: TextReport.render(report, style: style), as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }
}
