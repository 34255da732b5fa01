import Correlation
import Scenarios
import Testing
import Verdicts

@Suite struct CleanPathTests {
  private func expectNothing(_ scenario: Scenario, lines: SourceLocation = #_sourceLocation) {
    let judgement = Judgement(scenario)
    #expect(judgement.falsehoods == [], sourceLocation: lines)
    #expect(judgement.tally.events.isEmpty, sourceLocation: lines)
    #expect(judgement.wrongLedgers == [], sourceLocation: lines)
    for segment in scenario.segments.indices {
      for direction in Direction.allCases {
        let ledger = judgement.ledger(segment, direction)
        #expect(ledger.offered == judgement.captured(segment, direction), sourceLocation: lines)
        #expect(ledger.delivered == ledger.offered, sourceLocation: lines)
      }
    }
  }

  @Test(arguments: Headers.allCases)
  func `nothing happens on a path without faults`(_ headers: Headers) { expectNothing(.usual(headers)) }

  @Test(arguments: [UInt32.max - 100, UInt32.max - 800, 0, 0x7FFF_FFFF - 140] as [UInt32], Headers.allCases)
  func `sequence numbers may wrap`(_ isn: UInt32, _ headers: Headers) {
    var conversation = TCPConversation(script: [.client(1800), .server(1800), .client(400)])
    headers.apply(to: &conversation)
    conversation.clientISN = isn
    conversation.serverISN = isn &- 99
    var scenario = Scenario(points: 4)
    scenario.add(conversation)
    expectNothing(scenario)
  }

  @Test(arguments: [1, 2], Headers.allCases)
  func `sequence numbers may be translated`(_ point: Int, _ headers: Headers) {
    var conversation = TCPConversation(script: [.client(600), .server(1800)])
    headers.apply(to: &conversation)
    var scenario = Scenario(points: 3)
    scenario.add(conversation.translated(from: point, client: 0x9000_0000, server: UInt32.max - 3_000_000))
    expectNothing(scenario)
  }

  @Test(arguments: [3_600_000_000_000, -86_400_000_000_000, 250_000_000] as [Int64])
  func `clocks may differ and drift`(_ offset: Int64) {
    var scenario = Scenario.usual()
    scenario.points[1].offsetNS = offset
    scenario.points[1].driftPPM = 90
    scenario.points[2].offsetNS = -offset / 3
    scenario.points[2].driftPPM = -90
    expectNothing(scenario)
  }

  @Test func `IP IDs may be random and rewritten`() {
    var generator = UInt16(7)
    var scenario = Scenario.usual()
    scenario.transform(segment: 1) {
      generator = generator &* 25_173 &+ 13_849
      $0.ipID = generator
    }
    expectNothing(scenario)
  }

  @Test func `timestamps may be stripped and the MSS clamped`() {
    var scenario = Scenario.usual()
    scenario.transform(segment: 0) {
      $0.timestamps = nil
      if $0.mss != nil { $0.mss = 1200 }
    }
    expectNothing(scenario)
  }

  @Test(arguments: Headers.allCases)
  func `super-frames at the ends lose nothing`(_ headers: Headers) {
    var conversation = TCPConversation(script: [.client(30_000), .server(40_000)])
    headers.apply(to: &conversation)
    conversation.segmentSize = 5800
    var scenario = Scenario(points: 3)
    scenario.add(conversation)
    scenario.on(segment: 0, where: { $0.direction == .clientToServer }, .split(1448))
    scenario.on(segment: 1, where: { $0.direction == .serverToClient }, .split(1448))
    let judgement = Judgement(scenario)
    #expect(judgement.tally.events.isEmpty)
    #expect(judgement.falsehoods == [])
    #expect(judgement.wrongLedgers == [])
  }

  @Test(arguments: Headers.allCases)
  func `segments may be cut and merged`(_ headers: Headers) {
    var conversation = TCPConversation(script: [.client(1600), .server(2400)])
    headers.apply(to: &conversation)
    var scenario = Scenario(points: 3)
    scenario.add(conversation)
    scenario.on(segment: 0, where: { $0.label.kind == .data && $0.direction == .clientToServer }, .split(120))
    scenario.on(
      segment: 0, where: { $0.label.kind == .data && $0.label.index % 3 == 0 && $0.direction == .serverToClient },
      .mergeWithNext)
    let judgement = Judgement(scenario)
    #expect(judgement.falsehoods == [])
    #expect(judgement.events(.drop).isEmpty)
    #expect(judgement.wrongLedgers == [])
  }

  @Test func `super-frames whose sequence numbers are translated are followed by their IP IDs`() {
    var conversation = TCPConversation(script: [.client(434), .server(300), .client(378)])
    conversation.usesTimestamps = false
    conversation.segmentSize = 500
    var scenario = Scenario(points: 3)
    scenario.add(conversation.translated(from: 1, client: 61_825_437, server: 99))
    scenario.on(segment: 0, where: { $0.direction == .clientToServer }, .split(180))
    scenario.on(segment: 0, where: { $0.direction == .serverToClient }, .split(180))
    let judgement = Judgement(scenario)
    #expect(judgement.tally.events.isEmpty)
    withKnownIssue("Equal addresses and IP IDs are not enough beside unlike initial sequence numbers on both sides") {
      #expect(judgement.ledger(0, .clientToServer).offered == judgement.captured(0, .clientToServer))
    }
  }
}
