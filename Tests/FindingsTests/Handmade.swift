import Scenarios
import TestSupport
import Verdicts

/// A conversation whose packets a test puts in by hand.
struct SilentConversation: Exchange {
  let startsAfterNS: Int64 = 0

  var number = 0

  func leg(at point: Int, of count: Int) -> Scenario.Leg {
    var conversation = TCPConversation(script: [])
    conversation.number = number
    return conversation.leg(at: point, of: count)
  }

  func ends(seed: UInt64) -> (client: any End, server: any End) { (SilentEnd(), SilentEnd()) }
}

final class SilentEnd: End {
  let alarm: Int64? = nil
  func start(now: Int64) -> [WirePacket] { [] }
  func receive(_ packet: WirePacket, now: Int64) -> [WirePacket] { [] }
  func wake(now: Int64) -> [WirePacket] { [] }
}

extension WirePacket {
  /// A packet as one of the ends of a silent conversation would send it.
  static func handmade(
    _ way: Direction, _ flags: TCPSegment.Flags, seq: UInt32, ack: UInt32 = 0, id: UInt16, bytes: Range<Int64> = 0..<0,
    conversation: Int = 0
  ) -> WirePacket {
    var packet = WirePacket(way, .init(.other))
    packet.conversation = conversation
    packet.flags = flags
    packet.seq = seq
    packet.ack = ack
    packet.ipID = id
    if flags.contains(.syn) { packet.mss = 1460 }
    packet.payload = bytes.map { StreamBytes.byte(at: $0, way, 0) }
    return packet
  }
}
