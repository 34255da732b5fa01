import Scenarios
import TestSupport
import Testing
import Verdicts

/// How a receiver acknowledges, and how much room it has.
@Suite struct ReceiverHabitTests {
  /// A transfer of 240 segments from the server, acknowledged every so many of them.
  private func transfer(acknowledgedEvery step: Int) -> Analysed {
    var hand = Handwriting()
    hand.open(1000)
    var acknowledged = 0
    for segment in 0..<240 {
      let at = 1100 + Int64(segment) * 5
      hand.put(at, .serverToClient, seq: Int64(segment) * 1000, ack: 0, length: 1000)
      if (segment + 1).isMultiple(of: step) {
        acknowledged = segment + 1
        hand.put(at + 3, .clientToServer, seq: 0, ack: Int64(acknowledged) * 1000)
      }
    }
    return Analysed(hand.scenario)
  }

  @Test(arguments: [(6, true), (4, true), (2, false), (1, false)])
  func `acknowledgements of more than two segments are stretched`(_ step: Int, _ isNamed: Bool) {
    let analysed = transfer(acknowledgedEvery: step)
    #expect(analysed.findings("stretch-acks").map(\.point) == (isNamed ? [0] : []))
    #expect(analysed.findings("stretch-acks").allSatisfy { $0.direction == .clientToServer && $0.severity == .note })
    #expect(analysed.findings("stretch-acks").allSatisfy { $0.title.contains("acknowledges \(step).0 full segments") })
    #expect(analysed.faults.isEmpty)
  }

  /// Rounds of four segments from the server, each acknowledged after 90 ms with this window; the clock jumps by so many ms on the way.
  private func rounds(window: UInt16, pause: Int64 = 0, jump: Int64 = 0) -> Analysed {
    var hand = Handwriting()
    hand.open(1000, scale: (0, 0))
    for round in 0..<30 as Range<Int64> {
      // The acknowledgement takes 2 ms to the server.
      let at = 1100 + round * (93 + pause) + (round < 20 ? 0 : jump)
      for segment in 0..<4 as Range<Int64> {
        hand.put(
          at, .serverToClient, seq: round * 4000 + segment * 1000, ack: 0, length: 1000, microseconds: segment * 50)
      }
      hand.put(at + 90, .clientToServer, seq: 0, ack: (round + 1) * 4000, window: window)
    }
    return Analysed(hand.scenario)
  }

  @Test func `a window that is filled again and again holds its sender up`() {
    let analysed = rounds(window: 4000)
    let finding = analysed.findings("window-full").first
    #expect(finding?.point == 0 && finding?.direction == .serverToClient && finding?.severity == .warning)
    #expect(finding?.explanation.contains("4000 of 65535 bytes") == true)
    #expect(finding?.evidence.count == 2)
    #expect(analysed.findings("zero-window").isEmpty && analysed.faults.isEmpty)
  }

  @Test func `a window with room, or a sender that waits for itself, is not named`() {
    #expect(rounds(window: 40_000).findings("window-full").isEmpty)
    #expect(rounds(window: 4000, pause: 20).findings("window-full").isEmpty)
  }

  @Test func `a clock that jumps by decades makes no share of the time`() {
    #expect(rounds(window: 4000, jump: 60 * 365 * 86_400_000).findings("window-full").isEmpty)
  }
}
