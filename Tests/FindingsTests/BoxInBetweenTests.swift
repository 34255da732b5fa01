import Scenarios
import TestSupport
import Testing
import Verdicts

/// Boxes that answer in the server's name.
@Suite struct BoxInBetweenTests {
  private static let start: Int64 = 2_000_000_000

  private static func at(_ milliseconds: Int64) -> Int64 { start + milliseconds * 1_000_000 }

  /// A box between the second and the third point answers the SYN, and translates the server's numbers afterwards.
  private func proxied(sameLook: Bool) -> Scenario {
    var scenario = Scenario.usual()
    scenario.conversations[0] = SilentConversation()
    scenario.on(segment: 1, where: { $0.conversation == 0 && $0.label.kind != .data }, .drop)
    scenario.transform(segment: 1) {
      guard $0.conversation == 0, $0.label.kind == .data else { return }
      if $0.direction == .clientToServer { $0.ack &+= 2000 } else { $0.seq &-= 2000 }
    }
    scenario.send(afterNS: Self.at(0), .handmade(.clientToServer, .syn, seq: 100, id: 11))
    var boxAnswer = WirePacket.handmade(.serverToClient, [.syn, .ack], seq: 7000, ack: 101, id: 0)
    if !sameLook {
      boxAnswer.mss = 536
      boxAnswer.window = 0
    }
    scenario.insert(segment: 1, afterNS: Self.at(3), boxAnswer)
    scenario.send(afterNS: Self.at(6), .handmade(.clientToServer, .ack, seq: 101, ack: 7001, id: 12))
    scenario.insert(segment: 1, afterNS: Self.at(9), .handmade(.clientToServer, .syn, seq: 100, id: 900))
    scenario.send(afterNS: Self.at(10), .handmade(.serverToClient, [.syn, .ack], seq: 9000, ack: 101, id: 0))
    scenario.insert(segment: 1, afterNS: Self.at(13), .handmade(.clientToServer, .ack, seq: 101, ack: 9001, id: 901))
    var request = WirePacket.handmade(.clientToServer, [.psh, .ack], seq: 101, ack: 7001, id: 13, bytes: 0..<50)
    request.label = .init(.data)
    scenario.send(afterNS: Self.at(20), request)
    var answer = WirePacket.handmade(.serverToClient, [.psh, .ack], seq: 9001, ack: 151, id: 71, bytes: 0..<150)
    answer.label = .init(.data)
    scenario.send(afterNS: Self.at(30), answer)
    return scenario
  }

  @Test(arguments: [false, true])
  func `a box that answers SYNs itself is a SYN proxy on its segment and no fault`(_ sameLook: Bool) {
    let analysed = Analysed(proxied(sameLook: sameLook))
    #expect(analysed.faults.isEmpty)
    #expect(analysed.findings("syn-proxy").map(\.between) == [PointPair(1, 2)])
    #expect(analysed.frames("syn-proxy").map { $0[0] } == [1, 2])
  }

  @Test(arguments: [false, true])
  func `a handshake that a box takes in ends there in the ladder`(_ sameLook: Bool) {
    let packets = Analysed.inDetail(proxied(sameLook: sameLook)).detail.ladders.flatMap(\.packets)
    let answered = packets.filter { $0.fate == .answered }
    // The client's SYN and ACK before the box, the server's SYN/ACK behind it.
    #expect(answered.map { $0.sightings.last?.frame.point } == [1, 1, 2])
    #expect(answered.map(\.direction) == [.clientToServer, .clientToServer, .serverToClient])
    #expect(!packets.contains { $0.fate == .open || $0.fate == .lost })
  }

  @Test func `a box that only shifts the server's numbers is no SYN proxy`() {
    let analysed = Analysed(.usual { $0 = $0.translated(from: 2, client: 0, server: 2000) })
    #expect(analysed.kinds == ["seq-offset"])
  }

  /// A proxy between the second and the third point carries the bytes of one connection on in another.
  private func relayed(sameBytes: Bool) -> Analysed {
    var scenario = Scenario.usual()
    scenario.conversations[0] = SilentConversation()
    var back = SilentConversation()
    back.number = 50
    scenario.add(back)
    scenario.on(segment: 1, where: { $0.label.kind == .other }, .drop)
    let from: Int64 = sameBytes ? 0 : 5000
    for (id, seqs, first) in [(0, (100, 7000), 0), (3, (555_000, 900_000), from)] as [(Int, (UInt32, UInt32), Int64)] {
      let (mine, theirs) = seqs
      let delay: Int64 = id == 0 ? 0 : 4
      func put(_ time: Int64, _ packet: WirePacket) {
        // What the proxy says is first seen beside it, what the hosts say at the ends.
        let isHost = (packet.direction == .clientToServer) == (id == 0)
        if isHost {
          scenario.send(afterNS: Self.at(time + delay), packet)
        } else {
          scenario.insert(segment: 1, afterNS: Self.at(time + delay), packet)
        }
      }
      let base = UInt16(100 + id * 1000)
      put(0, .handmade(.clientToServer, .syn, seq: mine, id: base, conversation: id))
      put(2, .handmade(.serverToClient, [.syn, .ack], seq: theirs, ack: mine + 1, id: base + 50, conversation: id))
      put(5, .handmade(.clientToServer, .ack, seq: mine + 1, ack: theirs + 1, id: base + 1, conversation: id))
      put(
        8,
        .handmade(
          .clientToServer, [.psh, .ack], seq: mine + 1, ack: theirs + 1, id: base + 2, bytes: first..<first + 60,
          conversation: id))
      put(
        id == 0 ? 30 : 20,
        .handmade(
          .serverToClient, [.psh, .ack], seq: theirs + 1, ack: mine + 61, id: base + 51, bytes: first..<first + 180,
          conversation: id))
    }
    return Analysed(scenario)
  }

  @Test func `a proxy that carries bytes on is named on its segment and is no fault`() {
    let analysed = relayed(sameBytes: true)
    #expect(analysed.findings("tcp-terminated").map(\.between) == [PointPair(1, 2)])
    #expect(analysed.faults.isEmpty)
    #expect(analysed.report.connections.contains { $0.terminatedBetween == PointPair(1, 2) && $0.legs.count == 3 })
  }

  @Test func `two connections with other bytes have no proxy between them`() {
    let analysed = relayed(sameBytes: false)
    #expect(analysed.findings("tcp-terminated").isEmpty)
    #expect(analysed.report.connections.allSatisfy { $0.terminatedBetween == nil })
  }
}
