import Scenarios
import TestSupport
import Testing
import Verdicts

/// Connections that do not open: boxes that refuse in the server's name, or drop what the server answers.
@Suite struct RefusedTests {
  private static let start: Int64 = 1_200_000_000

  /// A box between the second and the third point answers a SYN with a RST; other connections pass.
  private func refused(ttl: UInt8 = 64) -> Scenario {
    var scenario = Scenario.usual()
    scenario.conversations[0] = SilentConversation()
    scenario.on(segment: 1, where: { $0.conversation == 0 && $0.direction == .clientToServer }, .drop)
    scenario.send(afterNS: Self.start, .handmade(.clientToServer, .syn, seq: 100, id: 11))
    var reset = WirePacket.handmade(.serverToClient, [.rst, .ack], seq: 0, ack: 101, id: 0)
    reset.ttl = ttl
    scenario.insert(segment: 1, afterNS: Self.start + 3_000_000, reset)
    return scenario
  }

  @Test func `a box that answers a SYN with a RST is named, with both frames`() {
    let analysed = Analysed(refused())
    #expect(analysed.kinds == ["connection-refused"])
    #expect(analysed.findings("connection-refused").map(\.between) == [PointPair(1, 2)])
    #expect(analysed.frames("connection-refused").map { $0[0] } == [1, 1])
  }

  @Test func `where the next capture did not run, nobody is said to refuse`() {
    var scenario = refused()
    scenario.points[2].endsAfterNS = Self.start - 1
    #expect(!Analysed(scenario).kinds.contains("connection-refused"))
  }

  @Test(arguments: [300_000_000, 3_000_000_000] as [Int64])
  func `where the next point has a connection of its own just then, it may be the same one under other numbers`(
    _ laterNS: Int64
  ) {
    var scenario = refused()
    var other = SilentConversation()
    other.number = 7
    scenario.add(other)
    scenario.insert(
      segment: 1, afterNS: Self.start + laterNS,
      .handmade(.clientToServer, .syn, seq: 900_000, id: 77, conversation: scenario.conversations.count - 1))
    #expect(Analysed(scenario).kinds.contains("connection-refused") == (laterNS > 1_000_000_000))
  }

  @Test func `a server that refuses itself is no box in between`() {
    var scenario = Scenario.usual()
    scenario.conversations[0] = SilentConversation()
    scenario.send(afterNS: Self.start, .handmade(.clientToServer, .syn, seq: 100, id: 11))
    scenario.send(
      afterNS: Self.start + 10_000_000, .handmade(.serverToClient, [.rst, .ack], seq: 0, ack: 101, id: 0))
    #expect(Analysed(scenario).kinds.isEmpty)
  }

  @Test(arguments: [0, 1])
  func `answers to SYNs that a box drops one and all are lost, and no capture is of one direction`(_ segment: Int) {
    var scenario = Scenario(points: 3)
    for number in 0..<6 {
      var conversation = TCPConversation(script: [.client(300), .server(300)])
      conversation.number = number
      conversation.startsAfterNS = Int64(number) * 10_000_000
      scenario.add(conversation)
    }
    scenario.on(segment: segment, where: { $0.label.kind == .synAck }, .drop)
    let analysed = Analysed(scenario)
    #expect(!analysed.kinds.contains("one-way"))
    #expect(analysed.findings("loss").map(\.between) == [PointPair(segment, segment + 1)])
    #expect(analysed.findings("loss").map(\.direction) == [.serverToClient])
  }

  @Test func `a connection whose client goes on was answered, whatever the last capture lacks`() {
    var scenario = Scenario.usual()
    scenario.capture(at: 2, .miss) { $0.conversation == 0 && $0.direction == .serverToClient }
    // The capture goes on long enough for an answer.
    scenario.send(afterNS: 4_000_000_000, .handmade(.clientToServer, .ack, seq: 1, ack: 1, id: 9, conversation: 1))
    #expect(!Analysed(scenario).kinds.contains("syn-unanswered"))
  }
}
