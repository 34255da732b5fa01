import Foundation
import Reports
import Testing
import Verdicts

@Suite struct HTMLReportTests {
  private func page(_ report: AnalysisReport, _ detail: AnalysisDetail = .none) -> String {
    String(decoding: HTMLReport.render(report, detail: detail), as: UTF8.self)
  }

  /// The data that the script reads.
  private func data(_ page: String) throws -> [String: Any] {
    let start = try #require(page.range(of: "id=\"data\">")).upperBound
    let end = try #require(page.range(of: "</script>", range: start..<page.endIndex)).lowerBound
    return try #require(JSONSerialization.jsonObject(with: Data(page[start..<end].utf8)) as? [String: Any])
  }

  @Test(arguments: ExampleReports.all)
  func `the data of a page is JSON with every part of the report`(_ example: ExampleReports.Example) throws {
    let data = try data(page(example.report))
    #expect((data["points"] as? [Any])?.count == example.report.points.count)
    #expect((data["connections"] as? [Any])?.count == example.report.connections.count)
    #expect((data["events"] as? [Any])?.count == example.report.events.count)
    #expect((data["findings"] as? [Any])?.count == example.report.findings.count)
  }

  @Test func `nothing that came from a capture can end the script element or be a tag`() throws {
    let page = page(HostileReport.report, ExampleDetail.firewallLoss)
    #expect(page.components(separatedBy: "<script").count == 3)
    #expect(page.components(separatedBy: "</script>").count == 3)
    #expect(!page.contains("<img"))
    // In the data it is data; the script spells it out before it shows it.
    let start = try #require(page.range(of: "id=\"data\">")).upperBound
    #expect(!page[..<start].contains("\u{202E}") && !page.contains("\u{1B}"))
    let points = try #require(try data(page)["points"] as? [[String: Any]])
    #expect(points.map { $0["name"] as? String } == HostileReport.names)
  }

  @Test func `the page loads nothing, and its policy forbids it to`() {
    let page = page(ExampleReports.manyFindings)
    #expect(page.contains("default-src 'none'"))
    for loading in ["<link", "@import", "url(", " src=", "fetch(", "XMLHttpRequest", "import("] {
      #expect(!page.contains(loading), "\(loading)")
    }
  }

  @Test func `the policy's number depends on all of the data, and the same report gives the same bytes`() throws {
    let one = page(ExampleReports.firewallLoss)
    #expect(one == page(ExampleReports.firewallLoss))
    var report = ExampleReports.firewallLoss
    report.remarks = ["another"]
    func nonce(_ page: String) throws -> Substring { try #require(page.firstMatch(of: /'nonce-([0-9a-f]+)'/)).1 }
    #expect(try nonce(one) != nonce(page(report)))
  }

  @Test func `without a script there is the report as text`() {
    let page = page(ExampleReports.firewallLoss)
    #expect(page.contains("<noscript>"))
    #expect(page.contains("fw1 (fw1-in → fw1-out) loses packets"))
    #expect(page.contains("SEGMENTS"))
  }

  @Test func `of very many connections and events the least are left out, and counted`() throws {
    var report = ExampleReports.firewallLoss
    let (connection, event) = (report.connections[0], report.events[0])
    report.connections = ReportList(
      (1...60_000).map { id in
        var connection = connection
        connection.id = id
        connection.legs = connection.legs.map {
          .init(point: $0.point, client: "[2001:db8:\($0.point):\(id % 9_000)::1]:\(id)", server: $0.server)
        }
        return connection
      })
    report.events = ReportList(count: 100_000) { [event] number in
      var event = event
      event.connection = number % 60_000 + 1
      return event
    }
    let page = page(report)
    #expect(page.utf8.count < 10_000_000)
    let data = try data(page)
    #expect(data["connectionsInAll"] as? Int == 60_000 && data["eventsInAll"] as? Int == 100_000)
    let shown = try #require(data["connections"] as? [[Any]])
    #expect(shown.count > 5_000 && shown.count < 60_000)
    #expect(shown[0][0] as? Int == 1)
  }

  @Test func `dates and times of day are in the zone that is asked for`() throws {
    let report = ExampleReports.firewallLoss
    let page = String(decoding: HTMLReport.render(report, utcOffsetSeconds: 19_800), as: UTF8.self)
    #expect(try data(page)["zone"] as? String == "UTC+05:30")
    #expect(try data(page)["utcOffset"] as? Int == 19_800)
    #expect(page.contains("UTC+05:30 ("))
  }
}
