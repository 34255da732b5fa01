import Comparison
import Reports
import TestSupport
import Testing
import Verdicts

@Suite struct ShowTextTests {
  private static let report = ExampleReports.firewallLoss

  private static let tables: [(String, Shown)] = [
    ("points", .points(fileStates: [["as it was analysed"], ["moved or deleted"]])), ("segments", .segments),
    ("connections", .connections(ConnectionFilter(limit: 2))), ("connection", .connection(1, limit: 50)),
    ("events", .events(EventFilter())), ("event", .event(1)), ("findings", .findings(FindingFilter())),
    ("finding", .finding(1)), ("nat", .nat(limit: 2)), ("clocks", .clocks),
  ]

  @Test(arguments: tables)
  func `a table is the one that was agreed`(_ name: String, _ shown: Shown) throws {
    let text = try #require(ShowText.render(shown, of: Self.report, style: TextStyle(width: 120)))
    try Golden().expect(text, equal: "show-\(name).120.txt")
  }

  @Test(arguments: tables, [60, 80])
  func `no line is wider than the screen`(_ table: (String, Shown), _ width: Int) throws {
    // Addresses and paths cannot be broken; what has none must fit.
    guard ["segments", "events", "findings", "finding", "clocks", "event"].contains(table.0) else { return }
    let text = try #require(ShowText.render(table.1, of: Self.report, style: TextStyle(width: width)))
    for line in String(decoding: text, as: UTF8.self).split(separator: "\n") where !line.contains(".pcap") {
      #expect(line.unicodeScalars.count <= width, "\(line)")
    }
  }

  @Test func `what is not there is not shown`() {
    let style = TextStyle()
    #expect(ShowText.render(.connection(99, limit: 1), of: Self.report, style: style) == nil)
    #expect(ShowText.render(.event(0), of: Self.report, style: style) == nil)
    #expect(ShowText.render(.finding(99), of: Self.report, style: style) == nil)
  }

  @Test func `filters leave what they name`() throws {
    func lines(_ change: (inout EventFilter) -> Void) throws -> Int {
      var filter = EventFilter()
      change(&filter)
      let text = try #require(ShowText.render(.events(filter), of: Self.report, style: TextStyle(width: 200)))
      return max(0, text.split(separator: UInt8(ascii: "\n")).count - 2)
    }
    let all = Self.report.events.count
    #expect(try lines { _ in } == all)
    #expect(try lines { $0.kind = .rewrite } == Self.report.events.count { $0.kind == .rewrite })
    #expect(try lines { $0.connection = 1 } == Self.report.events.count { $0.connection == 1 })
    #expect(try lines { $0.between = PointPair(2, 5) } == 0)
    #expect(try lines { $0.between = PointPair(0, 5) } == all)
    #expect(
      try lines { $0.direction = .serverToClient } == Self.report.events.count { $0.direction == .serverToClient })
    #expect(try lines { $0.limit = 1 } == 1)
  }

  @Test func `a comparison is the one that was agreed`() throws {
    let comparison = AnalysisComparison(old: ExampleReports.cleanPath, new: Self.report)
    let text = ComparisonText.render(comparison, old: "old.db", new: "new.db", style: TextStyle(width: 120))
    try Golden().expect(text, equal: "compare.120.txt")
    try Golden().expect(ComparisonJSON.render(comparison, old: "old.db", new: "new.db"), equal: "compare.json")
  }

  @Test func `a difference of two points is the one that was agreed`() throws {
    let report = ExampleReports.manyFindings
    let difference = PointDifference(report, 0, report.points.count - 1)
    let style = TextStyle(width: 120)
    try Golden().expect(DifferenceText.render(difference, of: report, limit: 10, style: style), equal: "diff.120.txt")
    try Golden().expect(DifferenceJSON.render(difference, of: report), equal: "diff.json")
    try Golden().expect(DifferenceCSV.render(difference, of: report), equal: "diff.csv")
  }
}
