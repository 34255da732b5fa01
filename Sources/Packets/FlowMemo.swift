/// What the latest segments belong to, by the addresses and ports of one direction as they stand in the headers.
///
///     place = hash of addresses and ports     | addresses | ports | number of the flow, direction |
///
/// What is found here needs no probing of a table of all flows and no look at the flow. A segment takes the place of the one
/// that was there; what is not found is looked up in the table.
public struct FlowMemo: Sendable {
  @usableFromInline struct Entry: Sendable {
    @usableFromInline var addresses: UInt64 = 0
    @usableFromInline var ports: UInt32 = 0
    /// Twice the flow's number, one more if it is sent forwards, and one more still; 0 where there is none.
    @usableFromInline var flow: UInt32 = 0
  }

  @usableFromInline var entries = [Entry](repeating: Entry(), count: 1 << Self.bits)
  // Nobody can choose addresses and ports that lie in one place.
  @usableFromInline let addressKey = UInt64.random(in: .min ... .max)
  @usableFromInline let portKey = UInt64.random(in: .min ... .max)

  /// Directions of 4,000 flows, in an eighth of a second-level cache.
  @usableFromInline static var bits: Int { 13 }
  /// Flows with higher numbers are not remembered.
  private static let mostFlows = 1 << 30

  /// A memo of nothing.
  public init() {}

  @inlinable @inline(__always)
  func place(_ addresses: UInt64, _ ports: UInt32) -> Int {
    let product = (addresses ^ addressKey).multipliedFullWidth(by: UInt64(ports) ^ portKey)
    return Int(truncatingIfNeeded: (product.high ^ product.low) >> (64 - UInt64(Self.bits)))
  }

  /// The number of a segment's flow, from 0, and whether it is sent forwards.
  @inlinable @inline(__always)
  public func find(_ segment: CommonSegment) -> (number: Int, isForward: Bool)? {
    let entry = entries[place(segment.addresses, segment.ports)]
    guard entry.addresses == segment.addresses, entry.ports == segment.ports, entry.flow != 0 else { return nil }
    let flow = entry.flow &- 1
    return (Int(flow >> 1), flow & 1 != 0)
  }

  /// Remembers the flow of a segment; which of its directions is forwards is the caller's to say.
  public mutating func note(_ segment: CommonSegment, number: Int, isForward: Bool) {
    guard number < Self.mostFlows else { return }
    entries[place(segment.addresses, segment.ports)] = Entry(
      addresses: segment.addresses, ports: segment.ports, flow: UInt32(number) << 1 + (isForward ? 2 : 1))
  }

  /// Remembers both directions between two endpoints, of which the first one sends forwards.
  public mutating func note(from source: Endpoint, to destination: Endpoint, number: Int) {
    // Of an endpoint that speaks to itself only who follows the flow knows the direction.
    let isKnown = source != destination && number < Self.mostFlows
    note(source, destination, flow: isKnown ? UInt32(number) << 1 + 2 : 0)
    note(destination, source, flow: isKnown ? UInt32(number) << 1 + 1 : 0)
  }

  private mutating func note(_ source: Endpoint, _ destination: Endpoint, flow: UInt32) {
    guard source.address.isV4, destination.address.isV4 else { return }
    let addresses = source.address.low << 32 | destination.address.low & 0xFFFF_FFFF
    let ports = UInt32(source.port) << 16 | UInt32(destination.port)
    entries[place(addresses, ports)] = Entry(addresses: addresses, ports: ports, flow: flow)
  }
}
