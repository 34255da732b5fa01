import Packets

/// The connections of the latest segments, by the addresses and ports of one direction as they stand in the headers.
///
///     place = hash of addresses and ports     | addresses | ports | connection, direction |
///
/// What is found here needs no probing of the ``FlowTable`` and no look at the connection. A segment takes the place of the
/// one that was there; what is not found is looked up in the table.
struct FlowMemo {
  private struct Entry {
    var addresses: UInt64 = 0
    var ports: UInt32 = 0
    /// Twice the connection's number, one more if the client sends, and one more still; 0 where there is none.
    var flow: UInt32 = 0
  }

  private var entries = [Entry](repeating: Entry(), count: 1 << Self.bits)
  // Nobody can choose addresses and ports that lie in one place.
  private let addressKey = UInt64.random(in: .min ... .max)
  private let portKey = UInt64.random(in: .min ... .max)

  /// Directions of 4,000 connections, in an eighth of a second-level cache.
  private static let bits = 13
  /// Connections with higher numbers are not remembered.
  private static let mostConnections = 1 << 30

  @inline(__always)
  private func place(_ addresses: UInt64, _ ports: UInt32) -> Int {
    let product = (addresses ^ addressKey).multipliedFullWidth(by: UInt64(ports) ^ portKey)
    return Int(truncatingIfNeeded: (product.high ^ product.low) >> (64 - UInt64(Self.bits)))
  }

  /// The connection of a segment, and whether the client sent it.
  @inline(__always)
  func find(_ segment: CommonSegment) -> (connection: Int, fromClient: Bool)? {
    let entry = entries[place(segment.addresses, segment.ports)]
    guard entry.addresses == segment.addresses, entry.ports == segment.ports, entry.flow != 0 else { return nil }
    let flow = entry.flow &- 1
    return (Int(flow >> 1), flow & 1 != 0)
  }

  /// Remembers the connection of a segment.
  mutating func note(_ segment: CommonSegment, connection: Int, fromClient: Bool) {
    guard connection < Self.mostConnections else { return }
    entries[place(segment.addresses, segment.ports)] = Entry(
      addresses: segment.addresses, ports: segment.ports, flow: UInt32(connection) << 1 + (fromClient ? 2 : 1))
  }

  /// Forgets both directions between two endpoints, which are another connection's from now on.
  mutating func forget(_ one: Endpoint, _ other: Endpoint) {
    forget(from: one, to: other)
    forget(from: other, to: one)
  }

  private mutating func forget(from source: Endpoint, to destination: Endpoint) {
    guard source.address.isV4, destination.address.isV4 else { return }
    let addresses = source.address.low << 32 | destination.address.low & 0xFFFF_FFFF
    let ports = UInt32(source.port) << 16 | UInt32(destination.port)
    entries[place(addresses, ports)].flow = 0
  }
}
