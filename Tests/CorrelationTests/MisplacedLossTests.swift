import Scenarios
import Testing
import Verdicts

@testable import Correlation

/// Losses beside a capture that misses packets.
@Suite struct MisplacedLossTests {
  /// Twenty transfers over four points, of which the second segment loses one segment in ten, the capture before it misses
  /// one packet in seven, and the first segment loses what `isLost` says.
  private func judged(missing: Bool, _ isLost: @escaping (WirePacket) -> Bool) -> Judgement {
    var scenario = Scenario(points: 4)
    for number in 0..<20 {
      var conversation = TCPConversation(script: [.client(60_000), .server(2000)])
      conversation.number = number
      conversation.startsAfterNS = Int64(number) * 50_000_000
      scenario.add(conversation)
    }
    func chance(_ packet: WirePacket, _ salt: UInt64) -> UInt64 {
      var bits = (UInt64(packet.label.index) &* 64 &+ UInt64(packet.conversation)) &* 4 &+ UInt64(packet.label.copy)
      bits = (bits &+ salt) &* 0x9E37_79B9_7F4A_7C15
      bits = (bits ^ bits >> 29) &* 0xBF58_476D_1CE4_E5B9
      return bits >> 33
    }
    func isData(_ packet: WirePacket) -> Bool {
      packet.direction == .clientToServer && packet.label.kind == .data && packet.label.copy == 0
    }
    scenario.on(segment: 0, where: { isData($0) && isLost($0) }, .drop)
    scenario.on(segment: 1, where: { isData($0) && chance($0, 77) % 10 == 0 }, .drop)
    if missing { scenario.capture(at: 1, .miss) { chance($0, 1234) % 7 == 0 } }
    return Judgement(scenario)
  }

  @Test func `what a capture misses and the next segment loses is laid to no segment before it`() {
    let judgement = judged(missing: true) { _ in false }
    let (before, ledger) = (judgement.ledger(0, .clientToServer), judgement.ledger(1, .clientToServer))
    #expect(ledger.lost >= 50)
    #expect(before.lost == 0 && before.undecided >= 3)
    #expect(judgement.events(.drop).allSatisfy { $0.between == PointPair(1, 2) })
    #expect(before.offered == before.delivered + before.undecided + before.notCaptured + before.outsideCoverage)
  }

  @Test func `where clearly more is lost than that, the segment before is named, less surely`() {
    let judgement = judged(missing: true) { $0.label.index % 11 == 4 }
    let drops = judgement.events(.drop).filter { $0.between == PointPair(0, 1) }
    #expect(judgement.ledger(0, .clientToServer).lost == drops.count && drops.count >= 50)
    #expect(drops.allSatisfy { $0.confidence < 0.99 && $0.confidence > 0.7 && $0.evidence.contains(.weighed) })
  }

  @Test(arguments: [1, 40])
  func `where the capture between misses nothing, a single loss is one`(_ count: Int) {
    let judgement = judged(missing: false) { $0.label.index == 7 && $0.conversation < count }
    #expect(judgement.ledger(0, .clientToServer).lost == min(count, 20))
    #expect(judgement.falsehoods + judgement.omissions == [])
  }
}
