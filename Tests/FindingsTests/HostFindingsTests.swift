import Scenarios
import TestSupport
import Testing
import Verdicts

@Suite struct HostFindingsTests {
  /// A handshake by hand in which the server repeats its SYN/ACK, with what the client sends before that or not.
  private func handshake(ackArrives: Bool, dataFirst: Bool, repeatedAt milliseconds: Int64 = 1000) -> Analysed {
    var scenario = Scenario.usual()
    // Conversation 0 is silent, and its packets are put in at the ends of the path.
    scenario.conversations[0] = SilentConversation()
    scenario.on(segment: 1, where: { !ackArrives && $0.label.kind == .ack && $0.conversation == 0 }, .drop)
    let start: Int64 = 2_000_000_000
    var ack = WirePacket.handmade(.clientToServer, .ack, seq: 101, ack: 501, id: 12)
    ack.label = .init(.ack)
    let steps: [(Int64, WirePacket)] = [
      (0, WirePacket.handmade(.clientToServer, .syn, seq: 100, id: 11)),
      (10, WirePacket.handmade(.serverToClient, [.syn, .ack], seq: 500, ack: 101, id: 71)), (20, ack),
    ]
    let data =
      (30, WirePacket.handmade(.clientToServer, [.psh, .ack], seq: 101, ack: 501, id: 13, bytes: 0..<20))
      as (Int64, WirePacket)
    let repeated =
      (milliseconds, WirePacket.handmade(.serverToClient, [.syn, .ack], seq: 500, ack: 101, id: 72))
      as (Int64, WirePacket)
    for (milliseconds, packet) in steps + (dataFirst ? [data] : []) + [repeated] {
      scenario.send(afterNS: start + milliseconds * 1_000_000, packet)
    }
    return Analysed(scenario)
  }

  @Test func `a server that repeats its SYN after the ACK had arrived defers accepting`() {
    let analysed = handshake(ackArrives: true, dataFirst: false)
    #expect(analysed.findings("defer-accept").map(\.point) == [2])
    #expect(analysed.findings("defer-accept").map(\.severity) == [.warning])
    #expect(analysed.findings("defer-accept").flatMap(\.evidence).count == 2)
    #expect(analysed.faults.isEmpty)
  }

  @Test func `a SYN that was on its way when the ACK passed the last point says nothing of the server`() {
    // That point sees the answer to a SYN within 10 ms.
    #expect(handshake(ackArrives: true, dataFirst: false, repeatedAt: 24).findings("defer-accept").isEmpty)
    #expect(handshake(ackArrives: true, dataFirst: false, repeatedAt: 60).findings("defer-accept").count == 1)
  }

  @Test func `a SYN that is repeated because the ACK was lost is loss`() {
    let analysed = handshake(ackArrives: false, dataFirst: false)
    #expect(analysed.findings("defer-accept").isEmpty)
    #expect(analysed.findings("loss").map(\.between) == [PointPair(1, 2)])
  }

  @Test func `a SYN that is repeated after data had arrived is not put down to deferred accepting`() {
    #expect(handshake(ackArrives: true, dataFirst: true).findings("defer-accept").isEmpty)
  }

  @Test func `a SYN that reaches the last point and is not answered there is a warning there`() {
    var scenario = Scenario.usual()
    scenario.conversations[0] = SilentConversation()
    scenario.send(afterNS: 2_000_000_000, WirePacket.handmade(.clientToServer, .syn, seq: 100, id: 11))
    let analysed = Analysed(scenario)
    #expect(analysed.kinds == ["syn-unanswered"])
    #expect(analysed.findings("syn-unanswered").map(\.point) == [2])
    #expect(analysed.frames("syn-unanswered").map { $0[0] } == [2])
  }

  @Test func `a SYN that is lost on its way is loss and not unanswered`() {
    var scenario = Scenario.usual()
    scenario.on(segment: 1, where: { $0.conversation == 0 && $0.label.kind == .syn }, .drop)
    let analysed = Analysed(scenario)
    #expect(analysed.kinds == ["loss"])
    #expect(analysed.findings("loss").map(\.between) == [PointPair(1, 2)])
  }

  @Test(arguments: Direction.allCases)
  func `a capture of one direction is a note about its point`(_ only: Direction) {
    var scenario = Scenario.usual()
    scenario.points[1].only = only
    let analysed = Analysed(scenario)
    #expect(analysed.kinds == ["one-way"])
    #expect(analysed.findings("one-way").map(\.point) == [1])
    #expect(analysed.findings("one-way").map(\.direction) == [only])
  }

  @Test func `a lost direction of one connection is no one-way capture`() {
    var scenario = Scenario.usual()
    scenario.on(segment: 1, where: { $0.conversation == 0 && $0.direction == .serverToClient }, .drop)
    #expect(Analysed(scenario).findings("one-way").isEmpty)
  }

  @Test(arguments: [25_000_000, -25_000_000, 3_600_000_000_000] as [Int64])
  func `a clock that is off is a note about its point`(_ offset: Int64) {
    var scenario = Scenario.usual()
    scenario.points[2].offsetNS = offset
    let analysed = Analysed(scenario)
    #expect(analysed.kinds == ["clock-offset"])
    #expect(analysed.findings("clock-offset").map(\.point) == [2])
  }

  @Test func `a clock that is off by less than the bound is not named`() {
    var scenario = Scenario.usual()
    scenario.points[2].offsetNS = 300_000
    #expect(Analysed(scenario).kinds.isEmpty)
  }

  @Test(arguments: [(60.0, true), (-60.0, true), (3.0, false)])
  func `a clock that drifts by more than clocks do is a note about its point`(_ ppm: Double, _ isNamed: Bool) {
    var scenario = Scenario(points: 2)
    for number in 0..<12 {
      var conversation = TCPConversation(script: [.client(100), .server(300), .client(100), .server(100)])
      conversation.number = number
      conversation.clientISN = 1000 * UInt32(number)
      conversation.serverISN = 7_000_000 * UInt32(number + 1)
      conversation.startsAfterNS = Int64(number) * 10_000_000_000
      scenario.add(conversation)
    }
    scenario.points[1].driftPPM = ppm
    let analysed = Analysed(scenario)
    #expect(analysed.findings("clock-drift").map(\.point) == (isNamed ? [1] : []))
    #expect(analysed.faults.isEmpty)
  }

  @Test func `a snap length that cuts packets is a note about its point`() {
    var scenario = Scenario.usual()
    scenario.points[1].snapLength = 96
    let analysed = Analysed(scenario)
    #expect(analysed.kinds == ["truncated"])
    #expect(analysed.findings("truncated").map(\.point) == [1])
  }

  @Test func `super-frames are a note about the capturing host`() {
    var scenario = Scenario.usual([.client(6000), .server(600)]) { $0.segmentSize = 3000 }
    scenario.on(segment: 0, where: { $0.direction == .clientToServer }, .split(1400))
    let analysed = Analysed(scenario)
    #expect(analysed.findings("offload").map(\.point) == [0])
    #expect(analysed.faults.isEmpty)
  }

  @Test func `unfilled checksums at the sender are offload and no corruption`() {
    var scenario = Scenario.usual()
    // The card of the client's host fills them in behind the capture.
    scenario.senderLeavesChecksums = true
    let analysed = Analysed(scenario)
    #expect(analysed.kinds == ["offload"])
    #expect(analysed.findings("offload").map(\.point) == [0])
  }
}
