import Scenarios
import TestSupport
import Verdicts

/// Conversations whose packets are put in by hand, beside those of the usual scenario: offsets count payload bytes from
/// 0, times milliseconds from the start.
struct Handwriting {
  var scenario: Scenario
  private var nextID: UInt16 = 100
  private static let isns: (client: UInt32, server: UInt32) = (100_000, 500_000)

  /// So many silent conversations, the first of them in the place of the usual scenario's first.
  init(conversations: Int = 1) {
    scenario = .usual()
    scenario.conversations[0] = SilentConversation()
    for number in 1..<max(2, conversations) where number < conversations {
      var conversation = SilentConversation()
      conversation.number = 100 + number
      scenario.add(conversation)
    }
  }

  /// The index in the scenario of the nth of them.
  static func index(_ number: Int) -> Int { number == 0 ? 0 : number + 2 }

  /// The port of its client.
  static func port(_ number: Int) -> UInt16 { number == 0 ? 40_000 : UInt16(40_100 + number) }

  /// A handshake that the client begins at a time and that is over 20 ms later.
  mutating func open(
    _ at: Int64, _ number: Int = 0, scale: (client: UInt8?, server: UInt8?) = (7, 7), mss: UInt16 = 1460
  ) {
    for (way, time) in [(Direction.clientToServer, at), (.serverToClient, at + 8)] {
      var syn = packet(way, way == .clientToServer ? .syn : [.syn, .ack], -1, -1, 0, number)
      if way == .serverToClient { syn.ack = Self.isns.client + 1 }
      syn.label = .init(way == .clientToServer ? .syn : .synAck)
      syn.windowScale = way == .clientToServer ? scale.client : scale.server
      syn.mss = mss
      scenario.send(afterNS: time * 1_000_000, syn)
    }
    put(at + 16, .clientToServer, seq: 0, ack: 0, number: number)
  }

  /// One packet of an end, as its capture there has it at that time.
  mutating func put(
    _ at: Int64, _ way: Direction, _ flags: TCPSegment.Flags = .ack, seq: Int64, ack: Int64, length: Int64 = 0,
    window: UInt16 = 65_535, number: Int = 0, microseconds: Int64 = 0
  ) {
    var packet = packet(way, flags, seq, ack, length, number)
    packet.window = window
    scenario.send(afterNS: at * 1_000_000 + microseconds * 1000, packet)
  }

  private mutating func packet(
    _ way: Direction, _ flags: TCPSegment.Flags, _ seq: Int64, _ ack: Int64, _ length: Int64, _ number: Int
  ) -> WirePacket {
    nextID += 1
    let (own, other) =
      way == .clientToServer ? (Self.isns.client, Self.isns.server) : (Self.isns.server, Self.isns.client)
    var packet = WirePacket.handmade(
      way, flags, seq: own &+ UInt32(truncatingIfNeeded: seq + 1),
      ack: flags.contains(.ack) ? other &+ UInt32(truncatingIfNeeded: ack + 1) : 0, id: nextID,
      bytes: max(0, seq)..<max(0, seq) + length, conversation: Self.index(number))
    if length > 0 { packet.label = .init(.data, Int(seq)) }
    return packet
  }
}
