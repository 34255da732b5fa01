import Correlation
import Scenarios
import Testing
import Verdicts

@Suite struct SegmentationTests {
  /// Super-frames of both hosts, cut where they leave them.
  func scenario(_ headers: Headers, losing: (WirePacket.Label, Int)? = nil) -> Scenario {
    var scenario = Scenario.usual(headers)
    var conversation = TCPConversation(script: [.client(3000), .server(6000), .client(900)])
    headers.apply(to: &conversation)
    conversation.segmentSize = 900
    conversation.startsAfterNS = 1_000_000_000
    scenario.conversations[0] = conversation
    for (segment, way) in [(0, Direction.clientToServer), (1, .serverToClient)] {
      scenario.on(
        segment: segment, where: { $0.direction == way && !(way == .serverToClient && $0.label == losing?.0) },
        .split(200))
      if way == .serverToClient, let losing {
        scenario.on(
          segment: segment, where: { $0.direction == way && $0.label == losing.0 }, .split(200, losing: losing.1))
      }
    }
    return scenario
  }

  @Test(arguments: Headers.allCases)
  func `a lost piece is a loss of its bytes where the super-frame was cut`(_ headers: Headers) {
    let judgement = Judgement(scenario(headers, losing: (.init(.data, 2), 3)))
    #expect(judgement.run.truth.drops.count == 1)
    #expect(judgement.falsehoods + judgement.wrongLedgers == [])
    #expect(judgement.events(.drop).map(\.between) == [PointPair(1, 2)])
    #expect(judgement.ledger(1, .serverToClient).lostBytes == 200)
    // Three pieces of 200 bytes come before it.
    #expect(judgement.events(.drop).allSatisfy { $0.evidence.contains([.partial, .missingFrom]) && $0.count == 600 })
  }

  @Test(arguments: Headers.allCases)
  func `a piece that is lost behind the cut is lost there`(_ headers: Headers) {
    for (segment, way) in [(1, Direction.clientToServer), (0, .serverToClient)] {
      var scenario = scenario(headers)
      let third: UInt32 = way == .clientToServer ? 1_000_001 + 900 + 200 : 2_000_001 + 900 + 200
      scenario.on(
        segment: segment,
        where: { $0.conversation == 0 && $0.direction == way && $0.seq == third && $0.label == .init(.data, 1) }, .drop)
      let judgement = Judgement(scenario)
      #expect(judgement.run.truth.drops.count == 1)
      #expect(judgement.wrongLedgers == [], "\(way)")
      #expect(judgement.falsehoods == [], "\(way)")
      #expect(judgement.events(.drop).map(\.between) == [PointPair(segment, segment + 1)], "\(way)")
    }
  }

  @Test(arguments: Headers.allCases)
  func `a super-frame whose pieces all arrive is delivered`(_ headers: Headers) {
    let judgement = Judgement(scenario(headers))
    #expect(judgement.tally.events.isEmpty)
    for (segment, way) in [(0, Direction.clientToServer), (1, .serverToClient)] {
      #expect(judgement.ledger(segment, way).offered == judgement.captured(segment, way))
      #expect(judgement.ledger(segment, way).delivered == judgement.ledger(segment, way).offered)
    }
  }

  @Test(arguments: Headers.allCases)
  func `a piece that a capture missed is not called lost`(_ headers: Headers) {
    var scenario = scenario(headers)
    let third: UInt32 = 2_000_001 + 900 + 200
    scenario.capture(at: 1, .miss) { $0.conversation == 0 && $0.direction == .serverToClient && $0.seq == third }
    let judgement = Judgement(scenario)
    #expect(judgement.wrongLedgers == [])
    #expect(judgement.falsehoods == [])
    #expect(judgement.tally.missed == [1: 1])
    #expect(judgement.events(.drop).isEmpty)
  }

  @Test(arguments: Direction.allCases)
  func `a packet that arrives with its end cut off was not lost`(_ way: Direction) {
    var scenario = Scenario.usual()
    scenario.on(
      segment: 0, where: { $0.conversation == 0 && $0.direction == way && $0.payload.count > 150 },
      .edit { $0.payload.removeLast(100) })
    let judgement = Judgement(scenario)
    #expect(judgement.wrongLedgers == [])
    #expect(judgement.events(.drop).isEmpty)
    #expect(!judgement.events(.rewrite).isEmpty)
    #expect(judgement.events(.rewrite).allSatisfy { $0.field == .segmentation && $0.length == 100 })
  }
}
