public import Verdicts

/// How one field of one connection and direction was changed on one segment; of addresses and ports see
/// ``AddressTranslation``.
///
/// There may be several for each connection, so each takes 72 bytes; a report makes its own of one when it says it.
public struct FieldRewrite: Sendable {
  /// The first changed packet upstream.
  public var upstream: PacketEvent.Sighting
  /// The first changed packet downstream.
  public var downstream: PacketEvent.Sighting
  /// The direction.
  public var direction: Direction
  /// The field.
  public var field: Field
  /// Whether the same number was added to every value, modulo the field's size.
  public var isConstantOffset: Bool
  /// Whether every value became the same.
  public var isSameAfter: Bool
  /// Whether the field was taken out.
  public var isStripped: Bool
  @usableFromInline var near: UInt16
  @usableFromInline var far: UInt16
  @usableFromInline var groupIndex: UInt32
  @usableFromInline var changed: UInt32
  @usableFromInline var difference: UInt32
  @usableFromInline var valueBefore: UInt32?
  @usableFromInline var valueAfter: UInt32?

  /// A change seen in so many packets, these the first.
  init(
    _ field: Field, packets: Int, group: Int, between: PointPair, direction: Direction,
    upstream: PacketEvent.Sighting, downstream: PacketEvent.Sighting
  ) {
    self.upstream = upstream
    self.downstream = downstream
    self.direction = direction
    self.field = field
    isConstantOffset = false
    isSameAfter = true
    isStripped = false
    near = UInt16(between.near)
    far = UInt16(between.far)
    groupIndex = UInt32(group)
    changed = UInt32(packets)
    difference = 0
  }

  /// Index of the connection's group.
  @inlinable public var group: Int { Int(groupIndex) }
  /// Where.
  @inlinable public var between: PointPair { PointPair(Int(near), Int(far)) }
  /// Packets that were changed.
  @inlinable public var packets: Int { Int(changed) }
  /// The number that was added to every value, if ``isConstantOffset``.
  @inlinable public var offset: Int64 { Int64(difference) }
  /// The value upstream in the first packet, `nil` if absent.
  @inlinable public var before: Int64? { valueBefore.map(Int64.init) }
  /// The value downstream in the first packet, `nil` if absent.
  @inlinable public var after: Int64? { valueAfter.map(Int64.init) }
}

/// Collects the changes of one connection while its links are compared, in memory that the next one takes over.
struct RewriteTally {
  private(set) var rewrites: [FieldRewrite] = []
  /// For each field, where the rule of the segment and direction at hand stands, or −1.
  private var places = [Int32](repeating: -1, count: Field.allCases.count)
  private var between: PointPair?
  private var direction = Direction.clientToServer

  /// Forgets the changes, for the next connection.
  mutating func restart() {
    rewrites.removeAll(keepingCapacity: true)
    between = nil
  }

  /// Adds the change of a number of so many bits, at most 32.
  mutating func add(
    _ field: Field, before: Int64?, after: Int64?, bits: Int64, group: Int, between: PointPair,
    direction: Direction, upstream: PacketEvent.Sighting, downstream: PacketEvent.Sighting
  ) {
    let (before, after) = (before.map { UInt32($0) }, after.map { UInt32($0) })
    let mask = UInt32(truncatingIfNeeded: 1 << bits - 1)
    let offset = before.flatMap { before in after.map { ($0 &- before) & mask } } ?? 0
    if self.between != between || self.direction != direction { turn(to: between, direction) }
    let place = Int(places[Int(field.rawValue)])
    if place >= 0 {
      rewrites[place].changed += 1
      if rewrites[place].difference != offset { rewrites[place].isConstantOffset = false }
      if rewrites[place].valueAfter != after { rewrites[place].isSameAfter = false }
      if after != nil { rewrites[place].isStripped = false }
      return
    }
    places[Int(field.rawValue)] = Int32(rewrites.count)
    var rewrite = FieldRewrite(
      field, packets: 1, group: group, between: between, direction: direction, upstream: upstream,
      downstream: downstream)
    rewrite.isConstantOffset = true
    rewrite.isStripped = before != nil && after == nil
    rewrite.difference = offset
    rewrite.valueBefore = before
    rewrite.valueAfter = after
    rewrites.append(rewrite)
  }

  /// Finds the rules of another segment or direction.
  private mutating func turn(to between: PointPair, _ direction: Direction) {
    self.between = between
    self.direction = direction
    for field in places.indices { places[field] = -1 }
    for (place, rewrite) in rewrites.enumerated() where rewrite.between == between && rewrite.direction == direction {
      places[Int(rewrite.field.rawValue)] = Int32(place)
    }
  }
}
