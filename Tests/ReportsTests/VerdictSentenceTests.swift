import Testing
import Verdicts

@testable import Reports

@Suite struct VerdictSentenceTests {
  @Test func `a box that loses packets is named with the numbers`() {
    #expect(
      sentence(ExampleReports.firewallLoss)
        == "fw1 (fw1-in → fw1-out) loses packets: 32 of 3,054 (1.0 %, 0.7–1.5 %), both directions.")
  }

  @Test func `a finding of one direction counts only that direction`() {
    var report = ExampleReports.firewallLoss
    report.findings[0].direction = .clientToServer
    #expect(
      sentence(report)
        == "fw1 (fw1-in → fw1-out) loses packets: 14 of 1,442 (1.0 %, 0.6–1.6 %), client to server.")
  }

  @Test func `a stretch without a known box is not called one`() {
    var report = ExampleReports.firewallLoss
    report.segments[1].inside = nil
    #expect(sentence(report).hasPrefix("The path between fw1-in and fw1-out loses packets: 32 of 3,054"))
  }

  @Test(arguments: [(0.95, "loses"), (0.94, "probably loses"), (0.6, "probably loses"), (0.59, "possibly loses")])
  func `what is not sure is said to be so`(_ confidence: Double, _ words: String) {
    var report = ExampleReports.firewallLoss
    report.findings[0].confidence = confidence
    #expect(sentence(report).hasPrefix("fw1 (fw1-in → fw1-out) \(words) packets:"))
  }

  @Test func `a pair that is no segment takes the packets of the finding`() {
    var report = ExampleReports.firewallLoss
    report.findings[0].between = PointPair(1, 4)
    #expect(sentence(report) == "The path between fw1-in and lb-out loses packets: 32.")
  }

  @Test func `that most connections were seen at one point only is said where nothing is found`() {
    var report = ExampleReports.cleanPath
    let all = report.connections.count
    for index in report.connections.indices.dropFirst() {
      report.connections[index].legs = [report.connections[index].legs[0]]
    }
    #expect(sentence(report).contains(" of the 1 of \(all) connections that several points saw is accounted for"))
  }

  @Test func `a kind that is not known says its title`() {
    var report = ExampleReports.firewallLoss
    report.findings[0].kind = "burns"
    report.findings[0].title = "It burns"
    #expect(sentence(report) == "fw1 (fw1-in → fw1-out) has a fault (It burns).")
  }

  @Test func `losses that no finding claims are not kept silent`() {
    var report = ExampleReports.firewallLoss
    report.findings = []
    #expect(
      sentence(report) == "No fault is proven, but 32 packets went missing: fw1 (fw1-in → fw1-out).")
  }

  @Test func `packets beyond the captures are not claimed`() {
    var report = ExampleReports.cleanPath
    report.segments[4].clientToServer.delivered -= 3
    report.segments[4].clientToServer.outsideCoverage += 3
    #expect(
      sentence(report)
        == "No fault found between client and server: every packet that the captures cover is accounted for.")
  }

  @Test(arguments: [
    (6_000, 0, "begins 6 s after the first of the others"), (0, 12_500, "ends 12.5 s before the last of the others"),
    (600, 700, "begins 600 ms after the first and ends 700 ms before the last of the others"),
  ])
  func `a capture that covers less than the others is named, with what passed outside of it`(
    _ lateMS: Int64, _ earlyMS: Int64, _ words: String
  ) {
    var report = ExampleReports.cleanPath
    guard let first = report.points[5].firstNS, let last = report.points[5].lastNS else { return }
    report.points[5].firstNS = first + lateMS * 1_000_000
    report.points[5].lastNS = last - earlyMS * 1_000_000
    #expect(!cautions(report).contains { $0.contains("outside of it") })
    let outside = report.segments[4].clientToServer.offered / 10
    report.segments[4].clientToServer.delivered -= outside
    report.segments[4].clientToServer.outsideCoverage += outside
    #expect(
      cautions(report).contains(
        "The capture at server \(words): \(outside) packets passed outside of it, of which nothing is said there."))
    // What the next point lacks at its edges is no matter of this one.
    report.points[5].firstNS = first
    report.points[5].lastNS = last
    #expect(!cautions(report).contains { $0.contains("outside of it") })
  }

  @Test func `a warning is part of the verdict`() {
    var report = ExampleReports.cleanPath
    report.findings.append(
      Finding(
        kind: "zero-window", severity: .warning, point: 5, title: "The server closes its window", explanation: "",
        confidence: 1, confirm: ""))
    #expect(
      sentence(report) == """
        No fault found between client and server: every packet that the captures cover is accounted for. 1 warning: The \
        server closes its window (server).
        """)
  }

  @Test func `traffic that meets nowhere is no clean path`() {
    var report = ExampleReports.noPackets
    report.points[0].packets = 7
    report.points[1].packets = 9
    #expect(sentence(report) == "Nothing to compare: no packet could be followed from one point to another.")
  }

  /// The verdict alone, in one line.
  private func cautions(_ report: AnalysisReport) -> [String] {
    Cautions.sentences(ReportView(report, style: TextStyle(width: 10_000)))
  }

  private func sentence(_ report: AnalysisReport) -> String {
    let view = ReportView(report, style: TextStyle(width: 10_000))
    return VerdictSentence.lines(view).first?.text ?? ""
  }
}
