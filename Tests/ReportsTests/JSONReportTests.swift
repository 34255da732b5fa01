import Foundation
import Reports
import Testing
import Verdicts

@Suite struct JSONReportTests {
  @Test(arguments: ExampleReports.all)
  func `a report parses`(_ example: ExampleReports.Example) throws {
    let object = try parse(JSONReport.render(example.report))
    #expect(object["schema"] as? String == "hopscope.report/1")
    #expect((object["points"] as? [Any])?.count == example.report.points.count)
    #expect((object["events"] as? [Any])?.count == example.report.events.count)
  }

  @Test func `every key of the schema is there, known or not`() throws {
    let object = try parse(JSONReport.render(ExampleReports.manyFindings))
    #expect(
      keys(object)
        == "schema order points segments connections events rewrites findings remarks".words)
    #expect(keys(object["order"]) == "source confidence reference_clock evidence".words)
    let point = first(object["points"])
    #expect(keys(point) == "name position files packets link_type first_ns last_ns clock capture".words)
    #expect(keys(point["clock"]) == "offset_ns drift_ppm error_ns steps".words)
    #expect(keys(point["capture"]) == "not_captured duplicates truncated kernel_drops one_way offload".words)
    let segment = first(object["segments"])
    #expect(keys(segment) == "between inside c2s s2c".words)
    #expect(
      keys(segment["c2s"])
        == """
        offered delivered lost lost_bytes loss_ratio loss_interval not_captured outside_coverage undecided reordered \
        duplicated corrupted injected rewritten delay_ns
        """.words)
    #expect(keys((segment["c2s"] as? [String: Any])?["delay_ns"]) == "min p50 p95 p99 max error".words)
    let connection = first(object["connections"])
    #expect(keys(connection) == "id protocol legs match terminated_between start_ns end_ns bytes events".words)
    #expect(keys(first(connection["legs"])) == "point client server".words)
    #expect(keys(connection["match"]) == "confidence evidence ambiguous_with".words)
    #expect(keys(connection["bytes"]) == "c2s s2c".words)
    for event in try #require(object["events"] as? [[String: Any]]) {
      #expect(
        keys(event)
          == """
          kind between point direction connection time_ns upstream downstream ip_id seq length flags field before \
          after confidence evidence
          """.words)
    }
    let rewrite = first(object["rewrites"])
    #expect(keys(rewrite) == "connection between direction field rule value packets harmful first".words)
    #expect(keys(rewrite["first"]) == "upstream downstream before after".words)
    let finding = first(object["findings"])
    #expect(
      keys(finding)
        == """
        kind severity between point direction title explanation confidence connections packets evidence confirm
        """.words)
    #expect(keys(first(finding["evidence"])) == "point file frame says".words)
  }

  @Test func `positions become names, and a pair stands in path order whatever the direction`() throws {
    let object = try parse(JSONReport.render(ExampleReports.firewallLoss))
    let drop = try #require((object["events"] as? [[String: Any]])?.last)
    #expect(drop["direction"] as? String == "s2c")
    #expect(drop["between"] as? [String] == ["fw1-in", "fw1-out"])
    let upstream = try #require(drop["upstream"] as? [String: Any])
    #expect(upstream["point"] as? String == "fw1-out")
    #expect(upstream["file"] as? String == "captures/fw1-out.pcap")
    #expect(upstream["frame"] as? Int == 1_411)
    #expect(drop["downstream"] is NSNull)
    #expect(drop["flags"] as? String == "PSH,ACK")
  }

  @Test func `a loss ratio is null where no fate is known`() throws {
    let object = try parse(JSONReport.render(ExampleReports.undecided))
    let segment = first(object["segments"])
    let back = try #require(segment["s2c"] as? [String: Any])
    #expect(back["offered"] as? Int == 3)
    #expect(back["loss_ratio"] is NSNull)
    #expect(back["loss_interval"] is NSNull)
    #expect(back["delay_ns"] is NSNull)
    let there = try #require(segment["c2s"] as? [String: Any])
    #expect(there["loss_ratio"] as? Double == 0)
  }

  @Test func `nanoseconds keep every digit`() {
    let text = String(decoding: JSONReport.render(ExampleReports.cleanPath), as: UTF8.self)
    #expect(text.contains("\"first_ns\": 1773457632000000000"))
  }

  @Test func `an event is one line`() {
    let text = String(decoding: JSONReport.render(ExampleReports.manyFindings), as: UTF8.self)
    let lines = text.split(separator: "\n").filter { $0.contains("\"kind\": \"inject\"") }
    #expect(lines.count == 1)
    #expect(lines.first?.contains("\"evidence\": [\"no such packet at lb-out\"") == true)
  }

  private func parse(_ bytes: [UInt8]) throws -> [String: Any] {
    try #require(JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
  }

  private func keys(_ value: Any?) -> Set<String> { Set((value as? [String: Any])?.keys.map { $0 } ?? []) }

  private func first(_ value: Any?) -> [String: Any] { (value as? [[String: Any]])?.first ?? [:] }
}

extension String {
  /// The words of this text.
  fileprivate var words: Set<String> { Set(split(separator: " ").map(String.init)) }
}
