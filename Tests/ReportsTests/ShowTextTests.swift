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
    ("ladder", .connection(1, ladder: ExampleDetail.firewallLoss.ladders[0], limit: 24)),
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

  @Test func `what happens to packets is drawn on their way`() throws {
    var report = Self.report
    report.points[1].files = ["a.pcap", "b.pcap"]
    func sighting(_ point: Int, _ frame: Int, file: Int = 0) -> Ladder.Sighting {
      Ladder.Sighting(frame: FrameReference(point: point, file: file, frame: frame), timeNS: 0)
    }
    func event(_ kind: Event.Kind, _ between: PointPair, point: Int? = nil, field: String? = nil) -> Event {
      var event = report.events[0]
      (event.kind, event.between, event.point, event.field) = (kind, between, point, field)
      return event
    }
    report.events = [
      event(.drop, PointPair(1, 2)), event(.rewrite, PointPair(2, 3), field: "tcp.ack"),
      event(.reorder, PointPair(0, 1)),
      event(.inject, PointPair(3, 4)), event(.notCaptured, PointPair(1, 3), point: 2),
    ]
    func row(
      _ sightings: [Ladder.Sighting], _ fate: Ladder.Fate, _ events: [Int], _ direction: Direction = .clientToServer
    ) throws -> String {
      let packet = Ladder.Packet(
        direction: direction, flags: 0x10, sequence: 1, offset: 1, ackOffset: nil, length: 0, sightings: sightings,
        fate: fate, events: events)
      let ladder = Ladder(connection: 1, packetsInAll: 1, packets: [packet])
      let shown = Shown.connection(1, ladder: ladder, limit: 9)
      let text = String(
        decoding: try #require(ShowText.render(shown, of: report, style: TextStyle(width: 200))), as: UTF8.self)
      return String(try #require(text.split(separator: "\n").last))
    }
    #expect(try row([sighting(0, 7), sighting(1, 8, file: 1)], .lost, [0]).contains("7───────2:8──✗"))
    #expect(try row([sighting(2, 7), sighting(3, 8)], .arrived, [1]).contains("≠──"))
    #expect(try row([sighting(1, 7), sighting(0, 8)], .arrived, [2], .serverToClient).contains("↷──"))
    #expect(try row([sighting(4, 9), sighting(5, 10)], .arrived, [3]).contains("+ 9"))
    #expect(try row([sighting(1, 7), sighting(3, 8)], .arrived, [4]).contains("┼"))
    #expect(try row([sighting(0, 7)], .open, []).contains("?"))
    #expect(try row([sighting(0, 7)], .answered, []).contains("a box answers"))
    // Events that the report lacks do not shift the numbers of the others.
    let mixed = try row([sighting(2, 7), sighting(3, 8)], .arrived, [99, 1])
    #expect(mixed.contains("event 2: ") && !mixed.contains("event 100"))
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
