import Findings
import Scenarios
import TestSupport
import Testing
import Verdicts

/// A server that defers accepting, and an acknowledgement number that a box mangles: from captures on both sides of two
/// firewalls and a load balancer, and from the server's capture alone.
@Suite struct FieldCaseTests {
  private static let points = ["client", "fw1-in", "fw1-out", "lb-in", "lb-out", "server"]
  private static let due: UInt32 = 2_962_498_563
  private static let mangled: UInt32 = 2_106_390_967
  private static let clientISN: UInt32 = 700_000

  /// What the client and the server send; the box on a segment changes the acknowledgement number of the request.
  private func scenario(box: Int?) -> Scenario {
    var scenario = Scenario(points: Self.points.count)
    for (index, name) in Self.points.enumerated() { scenario.points[index].name = name }
    scenario.add(SilentConversation())
    for number in [1, 2] {
      var conversation = TCPConversation(script: [.client(100), .server(500)])
      conversation.number = number
      conversation.serverISN = 88_000_000 * UInt32(number)
      conversation.startsAfterNS = number == 1 ? 0 : 9_000_000_000
      scenario.add(conversation)
    }
    if let box {
      scenario.on(
        segment: box, where: { $0.label.kind == .data && $0.conversation == 0 }, .edit { $0.ack = Self.mangled })
    }
    let next = Self.clientISN + 1
    func say(
      _ at: Int64, _ way: Direction, _ flags: TCPSegment.Flags, seq: UInt32, ack: UInt32, id: UInt16, bytes: Int64 = 0
    ) {
      var packet = WirePacket.handmade(way, flags, seq: seq, ack: ack, id: id, bytes: 0..<bytes)
      if bytes > 0 { packet.label = .init(.data) }
      scenario.send(afterNS: (1000 + at) * 1_000_000, packet)
    }
    say(0, .clientToServer, .syn, seq: Self.clientISN, ack: 0, id: 11)
    say(10, .serverToClient, [.syn, .ack], seq: Self.due - 1, ack: next, id: 0)
    say(20, .clientToServer, .ack, seq: next, ack: Self.due, id: 12)
    // 1.3 s later, though the ACK arrived; the client acknowledges once more.
    say(1330, .serverToClient, [.syn, .ack], seq: Self.due - 1, ack: next, id: 0)
    say(1340, .clientToServer, .ack, seq: next, ack: Self.due, id: 13)
    for (index, time) in [1500, 1750, 2250].enumerated() as EnumeratedSequence<[Int64]> {
      say(time, .clientToServer, [.psh, .ack], seq: next, ack: Self.due, id: UInt16(14 + index), bytes: 300)
      if box != nil {
        say(time + 6, .serverToClient, .rst, seq: Self.mangled, ack: 0, id: 0)
      } else if index == 0 {
        say(time + 6, .serverToClient, .ack, seq: Self.due, ack: next + 300, id: 71)
        break
      }
    }
    say(3000, .clientToServer, [.fin, .ack], seq: next + 300, ack: Self.due, id: 20)
    return scenario
  }

  private func analysed(_ points: [Int], box: Int?) -> Analysed {
    Analysed(scenario(box: box), inputs: points, order: Array(points.indices))
  }

  @Test(arguments: 0..<5)
  func `captures around the boxes name the one that mangles the number`(_ box: Int) throws {
    let analysed = analysed(Array(Self.points.indices), box: box)
    #expect(analysed.findings("ack-mangled").map(\.between) == [PointPair(box, box + 1)])
    let finding = try #require(analysed.findings("ack-mangled").first)
    #expect(finding.packets == 3)
    #expect(finding.evidence.contains { $0.says == "tcp.ack = \(Self.due)" })
    #expect(finding.evidence.contains { $0.says.hasPrefix("tcp.ack = \(Self.mangled)") })
    #expect(finding.explanation.contains("it lay outside the window there, so it was ignored"))
    #expect(analysed.findings("defer-accept").map(\.point) == [5])
    #expect(analysed.findings("ack-never-sent").isEmpty)
    #expect(analysed.faults == ["ack-mangled"])
  }

  @Test func `the server's capture alone tells deferred accepting, and a number that was never sent`() throws {
    let analysed = analysed([5], box: 3)
    #expect(analysed.findings("defer-accept").map(\.point) == [0])
    let finding = try #require(analysed.findings("ack-never-sent").first)
    #expect(finding.point == 0 && finding.severity == .warning && finding.packets == 3)
    #expect(finding.explanation.contains("\(Self.mangled) in the first, where at most \(Self.due) was due"))
    #expect(finding.explanation.contains("between the two ends changes the number"))
    #expect(finding.explanation.contains("has to ignore it"))
    #expect(finding.evidence.map(\.says).contains("RST with that number"))
    #expect(analysed.faults.isEmpty)
  }

  @Test func `the client's capture alone shows no number that was never sent`() {
    #expect(analysed([0], box: 3).findings("ack-never-sent").isEmpty)
  }

  @Test func `without the box only the server is named`() {
    let analysed = analysed(Array(Self.points.indices), box: nil)
    #expect(analysed.kinds == ["defer-accept"])
  }

  /// A request that no answer follows, and 20 s later a FIN behind it, which the server answers with what it lacks; the
  /// request is lost on a segment.
  private func vanishedRequest(on segment: Int) -> Scenario {
    var hand = Handwriting()
    hand.open(1000)
    hand.put(1030, .clientToServer, [.psh, .ack], seq: 0, ack: 0, length: 1010)
    hand.put(21_000, .clientToServer, [.fin, .ack], seq: 1010, ack: 0)
    hand.put(21_010, .serverToClient, seq: 0, ack: 0)
    hand.put(27_000, .serverToClient, [.fin, .ack], seq: 0, ack: 0)
    hand.put(27_010, .clientToServer, [.fin, .ack], seq: 1010, ack: 1)
    hand.scenario.on(segment: segment, where: { $0.conversation == 0 && $0.label.kind == .data }, .drop)
    // The captures go on after that.
    hand.scenario.conversations[2] = {
      var last = TCPConversation(script: [.client(100), .server(100)])
      last.number = 2
      last.startsAfterNS = 30_000_000_000
      return last
    }()
    return hand.scenario
  }

  @Test(arguments: [0, 1])
  func `captures on both sides of a box name the one that withheld a request`(_ segment: Int) {
    let analysed = Analysed(vanishedRequest(on: segment))
    #expect(analysed.findings("loss").map(\.between) == [PointPair(segment, segment + 1)])
    #expect(analysed.findings("fin-beyond-stream").isEmpty)
    #expect(analysed.faults == ["loss"])
  }
}
