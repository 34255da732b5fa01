import Testing
import Verdicts

@testable import hopscope

@Suite struct FailConditionTests {
  @Test(
    arguments: [
      ("fault", FailCondition.finding(.fault)), ("warning", .finding(.warning)), ("loss>0.1%", .loss(above: 0.001)),
      ("loss > 5 %", .loss(above: 0.05)), ("loss>0%", .loss(above: 0)),
    ])
  func `a condition is a loss or a severity`(text: String, condition: FailCondition) {
    #expect(FailCondition(text) == condition)
  }

  @Test(arguments: ["", "note", "loss", "loss>", "loss>1", "loss>-1%", "loss>100%", "loss>x%", "loss<1%", "loss>nan%"])
  func `anything else is none`(text: String) {
    #expect(FailCondition(text) == nil)
  }

  @Test func `a loss above the limit holds, one at the limit does not`() {
    let report = report(lost: 2, of: 100, findings: [])
    #expect(FailCondition.loss(above: 0.02).reason(in: report) == nil)
    #expect(
      FailCondition.loss(above: 0.019).reason(in: report) == "2 of 100 packets lost between a and b, s2c")
    #expect(FailCondition.loss(above: 0).reason(in: self.report(lost: 0, of: 100, findings: [])) == nil)
  }

  @Test func `a warning holds for a fault, but not the other way round`() {
    #expect(FailCondition.finding(.warning).reason(in: report(findings: [.fault])) == "fault: title")
    #expect(FailCondition.finding(.fault).reason(in: report(findings: [.warning, .note])) == nil)
    #expect(FailCondition.finding(.warning).reason(in: report(findings: [.note])) == nil)
  }

  private func report(lost: Int = 0, of offered: Int = 0, findings: [Severity]) -> AnalysisReport {
    var ledger = SegmentLedger()
    (ledger.offered, ledger.lost, ledger.delivered) = (offered, lost, offered - lost)
    let points = ["a", "b"].map {
      PointReport(
        name: $0, files: [], packets: 0, linkType: "", firstNS: nil, lastNS: nil,
        clock: ClockReport(offsetNS: nil, driftPPM: nil, errorNS: nil),
        capture: CaptureReport(
          notCaptured: 0, duplicates: 0, truncated: 0, kernelDrops: nil, oneWay: nil, offload: false))
    }
    return AnalysisReport(
      order: PathOrder(source: .given, confidence: 1, referenceClock: 0, evidence: []), points: points,
      segments: [
        SegmentReport(
          between: PointPair(0, 1), inside: nil, clientToServer: SegmentLedger(), serverToClient: ledger)
      ], connections: [], events: [], rewrites: [],
      findings: findings.map {
        Finding(kind: "x", severity: $0, title: "title", explanation: "", confidence: 1, confirm: "")
      }, remarks: [])
  }
}
