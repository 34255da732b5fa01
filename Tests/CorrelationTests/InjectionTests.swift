import Correlation
import Scenarios
import TestSupport
import Testing
import Verdicts

@Suite struct InjectionTests {
  /// A RST towards the client as a box forges it, in the middle of the conversation.
  private func reset(ttl: UInt8) -> WirePacket {
    var packet = WirePacket(.serverToClient, .init(.rst))
    packet.seq = 2_000_001
    packet.flags = .rst
    packet.ttl = ttl
    packet.window = 0
    return packet
  }

  @Test(arguments: [0, 1])
  func `a RST with another TTL is injected on its segment`(_ segment: Int) {
    var scenario = Scenario.usual()
    scenario.insert(segment: segment, afterNS: 1_005_000_000, reset(ttl: 250))
    let judgement = Judgement(scenario)
    #expect(judgement.falsehoods + judgement.wrongLedgers == [])
    #expect(judgement.events(.inject).map(\.between) == [PointPair(segment, segment + 1)])
    #expect(judgement.events(.inject).allSatisfy { $0.evidence.contains(.otherTTL) && $0.flags == 4 })
  }

  @Test func `a RST that two captures upstream lack is injected whatever its TTL`() {
    var scenario = Scenario.usual()
    scenario.insert(segment: 0, afterNS: 1_005_000_000, reset(ttl: 63))
    let judgement = Judgement(scenario)
    #expect(judgement.falsehoods + judgement.wrongLedgers == [])
    #expect(judgement.events(.inject).count == 1)
  }

  @Test func `a RST that the server sent itself is not injected`() {
    var scenario = Scenario.usual(close: .reset)
    scenario.on(segment: 0, .serverToClient, .init(.data, 3), .drop, conversation: 0)
    let judgement = Judgement(scenario)
    #expect(judgement.falsehoods + judgement.omissions == [])
    #expect(judgement.events(.inject).isEmpty)
  }
}
