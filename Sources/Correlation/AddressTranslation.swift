public import Verdicts

/// How the addresses and ports of one connection and direction were changed on one segment.
///
/// Where every connection is translated there may be half a dozen for each, so each takes 24 bytes; the values are those
/// of the connection at the two points, and a report makes a rule for each changed field of one when it says it.
public struct AddressTranslation: Sendable {
  @usableFromInline let groupIndex: UInt32
  @usableFromInline let near: UInt16
  @usableFromInline let far: UInt16
  @usableFromInline var changed: UInt32
  /// The first packet's running frame number at the point that it passed first.
  public let upstreamFrame: UInt32
  /// The first packet's running frame number at the other point.
  public let downstreamFrame: UInt32
  /// The direction.
  public let direction: Direction
  /// Whether it passed the nearer point first.
  public let isTowardsFar: Bool
  /// Which fields differ.
  public let fields: Fields

  /// Fields that differ between two points, at least one.
  public struct Fields: OptionSet, Sendable, Hashable {
    /// The bits: one for each field, by its own number.
    public let rawValue: UInt8

    /// The set with these bits.
    @inlinable
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The set of one field, which is an address or a port.
    @inlinable
    public init(_ field: Field) {
      precondition(field.isOfAddress)
      rawValue = 1 << field.rawValue
    }

    /// The fields of which there are sets.
    public static let each: [Field] = Field.allCases.filter(\.isOfAddress)
    /// Ports, or the identifiers of ICMP echoes.
    public static let ports: Fields = [Fields(.sourcePort), Fields(.destinationPort)]
    /// Number of fields.
    @inlinable public var count: Int { rawValue.nonzeroBitCount }
  }

  /// A translation seen in so many packets, the first of which has these frames.
  init(
    _ fields: Fields, packets: Int, group: Int, direction: Direction, upstream: PacketEvent.Sighting,
    downstream: PacketEvent.Sighting
  ) {
    let between = PointPair(upstream.position, downstream.position)
    groupIndex = UInt32(group)
    near = UInt16(between.near)
    far = UInt16(between.far)
    changed = UInt32(packets)
    upstreamFrame = upstream.frame
    downstreamFrame = downstream.frame
    self.direction = direction
    isTowardsFar = upstream.position == between.near
    self.fields = fields
  }

  /// Counts more packets that were translated so.
  mutating func add(packets: Int) { changed += UInt32(packets) }

  /// Index of the connection's group.
  @inlinable public var group: Int { Int(groupIndex) }
  /// Where.
  @inlinable public var between: PointPair { PointPair(Int(near), Int(far)) }
  /// Packets that were translated.
  @inlinable public var packets: Int { Int(changed) }
  /// Position of the point that the packets passed first.
  @inlinable public var upstreamPosition: Int { Int(isTowardsFar ? near : far) }
  /// Position of the point that they passed then.
  @inlinable public var downstreamPosition: Int { Int(isTowardsFar ? far : near) }
}
