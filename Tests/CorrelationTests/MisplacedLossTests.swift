import Scenarios
import Testing
import Verdicts

@testable import Correlation

/// Losses beside a capture that misses packets.
@Suite struct MisplacedLossTests {
  /// Twenty transfers over four points, of which the second segment loses one segment in ten, the capture before it misses
  /// one packet in seven, and the first segment loses what `isLost` says.
  ///
  /// - Parameter blind: whether a further point, of which the capture holds the other direction alone, stands before that one.
  private func judged(missing: Bool, blind: Bool = false, _ isLost: @escaping (WirePacket) -> Bool) -> Judgement {
    var scenario = Scenario(points: blind ? 5 : 4)
    let capture = blind ? 2 : 1
    if blind { scenario.points[1].only = .serverToClient }
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
    scenario.on(segment: capture, where: { isData($0) && chance($0, 77) % 10 == 0 }, .drop)
    if missing { scenario.capture(at: capture, .miss) { chance($0, 1234) % 7 == 0 } }
    return Judgement(scenario)
  }

  @Test(arguments: [false, true])
  func `what a capture misses and the next segment loses is laid to no segment before it`(_ blind: Bool) {
    let judgement = judged(missing: true, blind: blind) { _ in false }
    let capture = blind ? 2 : 1
    let before = judgement.tally.segments[PointPair(0, capture)]?.clientToServer ?? SegmentLedger()
    #expect(judgement.ledger(capture, .clientToServer).lost >= 50)
    #expect(before.lost == 0 && before.undecided >= 3)
    #expect(judgement.events(.drop).allSatisfy { $0.between == PointPair(capture, capture + 1) })
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
