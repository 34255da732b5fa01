import Foundation
import Reports
import Testing
import Verdicts

@Suite struct MarkdownReportTests {
  @Test func `a ticket has verdict, loss, findings with frames and filters, and the NAT table`() {
    let text = String(decoding: MarkdownReport.render(ExampleReports.firewallLoss), as: UTF8.self)
    #expect(text.hasPrefix("## hopscope: fw1 (fw1-in → fw1-out) loses packets"))
    #expect(text.contains("| `fw1-in` → `fw1-out` (inside fw1) |"))
    #expect(text.contains("**Fault: "))
    #expect(text.contains("- in Wireshark, `captures/fw1-in.pcap`: `frame.number in {113, 160}`"))
    #expect(text.contains("### NAT table"))
    #expect(text.contains("`10.1.0.10:36001` → `203.0.113.2:25607`"))
  }

  @Test(arguments: ExampleReports.all)
  func `the rows of a table have the cells of its head`(_ example: ExampleReports.Example) {
    let lines = String(decoding: MarkdownReport.render(example.report), as: UTF8.self).split(separator: "\n")
    func cells(_ line: Substring) -> Int { line.replacing("\\|", with: "").count { $0 == "|" } }
    for (above, line) in zip(lines, lines.dropFirst()) where above.hasPrefix("|") && line.hasPrefix("|") {
      #expect(cells(above) == cells(line))
    }
  }

  @Test func `names from captures make no markup`() {
    let text = String(decoding: MarkdownReport.render(HostileReport.report), as: UTF8.self)
    let outsideCode = text.replacing(/\\[^\s]/, with: "").replacing(/(`+)[^\n]*?\1/, with: "")
    #expect(!outsideCode.contains("<"))
    for markup in ["](http", "@team", "#1"] {
      #expect(!outsideCode.split(separator: "\n").contains { $0.contains(markup) }, "\(markup)")
    }
    #expect(!text.contains("\u{202E}") && !text.contains("\u{1B}"))
  }

  @Test(arguments: [1e300, -1e300, .nan, .infinity])
  func `a drift that no clock has stops no format`(_ drift: Double) {
    var report = ExampleReports.firewallLoss
    for index in report.points.indices { report.points[index].clock.driftPPM = drift }
    let markdown = String(decoding: MarkdownReport.render(report), as: UTF8.self)
    #expect(markdown.contains("| – |"))
    #expect(!TextReport.render(report, style: TextStyle(width: 100)).isEmpty)
  }
}
