import Scenarios
import TestSupport
import Testing
import Verdicts

@Suite struct IdleTimeoutTests {
  /// Connections that are silent for so long each, in milliseconds, through a box that forgets after `timeout`.
  private func silent(_ silences: [Int64], timeout: Int64, answersWithReset: Bool = false) -> Analysed {
    var hand = Handwriting(conversations: silences.count)
    for (number, silence) in silences.enumerated() {
      let start = 1000 + Int64(number) * 50
      hand.open(start, number)
      hand.put(start + 30, .clientToServer, [.psh, .ack], seq: 0, ack: 0, length: 100, number: number)
      hand.put(start + 40, .serverToClient, seq: 0, ack: 100, number: number)
      let late = start + 40 + silence
      hand.put(late, .clientToServer, [.psh, .ack], seq: 100, ack: 0, length: 100, number: number)
      let forgotten = silence > timeout
      if forgotten {
        let index = Handwriting.index(number)
        hand.scenario.on(
          segment: 1, where: { $0.conversation == index && $0.label == .init(.data, 100) }, .drop)
      }
      if !forgotten {
        hand.put(late + 10, .serverToClient, seq: 0, ack: 200, number: number)
      } else if answersWithReset {
        var reset = WirePacket.handmade(
          .serverToClient, .rst, seq: 500_001, id: UInt16(9000 + number), conversation: Handwriting.index(number))
        reset.ttl = 250
        hand.scenario.insert(segment: 1, afterNS: (late + 3) * 1_000_000, reset)
      } else {
        hand.put(late + 300, .clientToServer, [.psh, .ack], seq: 100, ack: 0, length: 100, number: number)
      }
    }
    // Something runs all the time, so that nothing is outside the captures.
    for beat in 0..<40 {
      hand.scenario.add(beats(at: Int64(beat) * 500_000_000, number: 300 + beat))
    }
    return Analysed(hand.scenario)
  }

  private func beats(at time: Int64, number: Int) -> TCPConversation {
    var conversation = TCPConversation(script: [.client(100), .server(100)])
    conversation.number = number
    conversation.startsAfterNS = time
    return conversation
  }

  @Test(arguments: [false, true])
  func `connections that a box forgets after a silence give the bounds of its timeout`(_ resets: Bool) {
    let analysed = silent([3000, 5000, 8000, 9000, 12_000], timeout: 6000, answersWithReset: resets)
    let finding = analysed.findings("idle-timeout").first
    #expect(finding?.between == PointPair(1, 2) && finding?.severity == .warning && finding?.packets == 3)
    #expect(finding?.title.contains("8") == true)
    #expect(finding?.explanation.contains("survived here took 5") == true, "\(finding?.explanation ?? "none")")
    #expect(analysed.findings("idle-timeout").count == 1)
  }

  @Test func `what is lost of connections that a box forgot is not said to be lost by a pattern as well`() {
    let analysed = silent([3000] + Array(repeating: 9000, count: 14), timeout: 6000)
    #expect(analysed.findings("loss").first?.packets ?? 0 >= 28)
    let said = analysed.kinds.filter { $0.hasPrefix("loss-") || $0 == "idle-timeout" }
    #expect(said == ["idle-timeout"])
  }

  @Test func `silences that all survive are not named`() {
    #expect(silent([3000, 5000, 8000], timeout: 60_000).findings("idle-timeout").isEmpty)
  }

  @Test func `losses after silences shorter than others that survive are no timeout`() {
    var hand = Handwriting(conversations: 4)
    for number in 0..<4 {
      let start = 1000 + Int64(number) * 50
      hand.open(start, number)
      hand.put(start + 30, .clientToServer, [.psh, .ack], seq: 0, ack: 0, length: 100, number: number)
      hand.put(start + 40, .serverToClient, seq: 0, ack: 100, number: number)
      for again in [0, 300] as [Int64] {
        hand.put(
          start + 2000 + again + Int64(number) * 1000, .clientToServer, [.psh, .ack], seq: 100, ack: 0, length: 100,
          number: number)
      }
    }
    hand.scenario.on(segment: 1, where: { [0, 3].contains($0.conversation) && $0.label == .init(.data, 100) }, .drop)
    #expect(Analysed(hand.scenario).findings("idle-timeout").isEmpty)
  }
}
