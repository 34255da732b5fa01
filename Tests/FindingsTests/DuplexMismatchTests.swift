import Scenarios
import TestSupport
import Testing
import Verdicts

@Suite struct DuplexMismatchTests {
  /// Both ends send every 4 ms; half of the packets meet on the second segment, and of those that meet or of those that do
  /// not, every fourth is lost there, by turns in each direction.
  private func analysed(losesThoseThatMeet: Bool) -> Analysed {
    var hand = Handwriting()
    hand.scenario.segments[1].towardsServerNS = 20_000
    hand.scenario.segments[1].towardsClientNS = 20_000
    hand.scenario.segments[1].jitterNS = 0
    hand.open(1000)
    // The handshake's three packets took the first IDs.
    var id: UInt16 = 103
    var lost: [Direction: Set<UInt16>] = [.clientToServer: [], .serverToClient: []]
    var again: [(Direction, Int64)] = []
    func send(_ at: Int64, _ way: Direction, _ segment: Int64, isLost: Bool) {
      id += 1
      hand.put(at, way, seq: segment * 100, ack: 0, length: 100)
      guard isLost else { return }
      lost[way]?.insert(id)
      again.append((way, segment))
    }
    for step in 0..<400 as Range<Int64> {
      let at = 2000 + step * 4
      let meets = step.isMultiple(of: 2)
      let isHit = meets == losesThoseThatMeet
      send(at, .clientToServer, step, isLost: isHit && step % 8 < 2)
      // A packet of the client is on the second segment 1 ms after it was sent.
      send(meets ? at + 1 : at + 3, .serverToClient, step, isLost: isHit && step % 8 >= 4 && step % 8 < 6)
    }
    for (number, (way, segment)) in again.enumerated() {
      send(4000 + Int64(number) * 10, way, segment, isLost: false)
    }
    let ids = lost
    hand.scenario.on(
      segment: 1, where: { $0.conversation == 0 && ids[$0.direction]?.contains($0.ipID) == true }, .drop)
    return Analysed(hand.scenario)
  }

  @Test func `losses of packets that met one another are a duplex mismatch`() {
    let analysed = analysed(losesThoseThatMeet: true)
    let finding = analysed.findings("duplex-mismatch").first
    #expect(finding?.between == PointPair(1, 2) && finding?.severity == .warning && finding?.direction == nil)
    #expect(finding?.packets == 100)
    #expect(analysed.faults == ["loss"])
  }

  @Test func `losses of packets that met nothing are not`() {
    let analysed = analysed(losesThoseThatMeet: false)
    #expect(analysed.findings("duplex-mismatch").isEmpty)
    #expect(analysed.faults == ["loss"])
  }
}
