import Matching
import Packets
public import Verdicts

/// A packet that left a NAT box with the addresses that it had before it.
public struct LeakedPacket: Sendable {
  /// Index of the connection's group.
  public var group: Int
  /// The segment with the box.
  public var between: PointPair
  /// The packet's direction.
  public var direction: Direction
  /// The packet before the box.
  public var upstream: PacketEvent.Sighting
  /// The packet behind it, untranslated.
  public var downstream: PacketEvent.Sighting
}

extension TraceContext {
  /// Whether a transmission belongs to a local connection of untranslated packets.
  func isLeaked(_ index: Int) -> Bool {
    let group = matched.groups[group]
    return !group.leaks.isEmpty
      && Int32(trace.transmissions[index].record.connection) != group.members[trace.position(index)]
  }
}
