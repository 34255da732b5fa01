import Reports
import TestSupport
import Testing

@Suite struct GoldenSampleTests {
  @Test func `the text report of a firewall that loses packets is the one that was agreed`() throws {
    let report = try Sample.named("loss-firewall").report
    try Golden().expect(TextReport.render(report, style: TextStyle(width: 100)), equal: "loss-firewall.txt")
  }

  @Test func `the JSON report of a firewall that loses packets is the one that was agreed`() throws {
    let report = try Sample.named("loss-firewall").report
    try Golden().expect(JSONReport.render(report), equal: "loss-firewall.json")
  }
}
