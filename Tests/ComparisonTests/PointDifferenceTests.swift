import Testing
import Verdicts

@testable import Comparison

@Suite struct PointDifferenceTests {
  private func event(
    _ kind: Event.Kind, _ between: PointPair, _ direction: Direction = .clientToServer, point: Int? = nil
  ) -> Event {
    Event(
      kind: kind, between: between, point: point, direction: direction, connection: 1, timeNS: 0, length: 0,
      confidence: 1, evidence: [])
  }

  @Test func `each event stands on the side where its packet is`() {
    var report = SmallReport.make()
    let inside = PointPair(0, 1)
    report.events = [
      event(.drop, inside), event(.drop, inside, .serverToClient), event(.inject, inside),
      event(.duplicate, inside, .serverToClient), event(.reorder, inside), event(.rewrite, inside),
      event(.notCaptured, inside, point: 1), event(.notCaptured, inside, point: 0), event(.drop, PointPair(0, 2)),
      event(.drop, PointPair(1, 2)), event(.notCaptured, PointPair(1, 2), point: 2),
    ]
    let exceptions = PointDifference(report, 1, 0).exceptions
    #expect(exceptions.map(\.event) == Array(0...8))
    #expect(
      exceptions.map(\.side) == [
        .onlyNear, .onlyFar, .onlyFar, .onlyNear, .changed, .changed, .onlyNear, .onlyFar, .perhaps,
      ])
  }

  @Test func `boxes in a row make one rule, from the first value to the last`() throws {
    var report = SmallReport.make()
    report.rewrites = [
      SmallReport.rewrite(
        "ip.src", .set, between: PointPair(0, 1), before: .text("10.0.0.1"), after: .text("192.0.2.1")),
      SmallReport.rewrite(
        "ip.src", .set, between: PointPair(1, 2), before: .text("192.0.2.1"), after: .text("10.9.0.1"), packets: 8),
    ]
    let rules = PointDifference(report, 0, 2).rules
    #expect(rules.count == 1)
    let mapping = try #require(rules.first?.mappings.first)
    #expect(mapping.before == .text("10.0.0.1"))
    #expect(mapping.after == .text("10.9.0.1"))
    #expect(mapping.packets == 10)
    #expect(mapping.firstUpstream.point == 0)
    #expect(mapping.firstDownstream.point == 2)
  }

  @Test func `offsets add up as sequence numbers do, and cancel`() {
    func rules(_ first: Int64, _ second: Int64) -> [FieldRule] {
      var report = SmallReport.make()
      report.rewrites = [
        SmallReport.rewrite(
          "tcp.seq", .constantOffset, between: PointPair(0, 1), value: .number(first), before: .number(1),
          after: .number(2)),
        SmallReport.rewrite(
          "tcp.seq", .constantOffset, between: PointPair(1, 2), value: .number(second), before: .number(2),
          after: .number(3)),
      ]
      return PointDifference(report, 0, 2).rules
    }
    #expect(rules(4_294_967_290, 10).first?.mappings.first?.offset == .number(4))
    #expect(rules(4_294_967_290, 6).isEmpty)
  }

  @Test func `a value that is given back is no rule`() {
    var report = SmallReport.make()
    report.rewrites = [
      SmallReport.rewrite("ip.dsfield", .set, between: PointPair(0, 1), before: .number(46), after: .number(0)),
      SmallReport.rewrite("ip.dsfield", .set, between: PointPair(1, 2), before: .number(0), after: .number(46)),
    ]
    #expect(PointDifference(report, 0, 2).rules.isEmpty)
    #expect(PointDifference(report, 0, 1).rules.count == 1)
  }

  @Test func `connections with the same change are one value`() {
    var report = SmallReport.make()
    report.rewrites = ReportList(
      (1...3).map { connection in
        SmallReport.rewrite(
          "tcp.dstport", .set, between: PointPair(0, 1), before: .number(80),
          after: .number(connection < 3 ? 8080 : 8081), connection: connection)
      })
    let rule = PointDifference(report, 0, 1).rules.first
    #expect(rule?.connections == 3)
    #expect(rule?.packets == 30)
    #expect(rule?.mappings.map(\.connections) == [[1, 2], [3]])
  }

  @Test func `a connection that only one of the two saw is named`() {
    var report = SmallReport.make()
    report.connections[4].legs.removeLast()
    report.connections[6].legs.removeFirst()
    let difference = PointDifference(report, 0, 2)
    #expect(difference.onlyNear == [5])
    #expect(difference.onlyFar == [7])
  }
}
