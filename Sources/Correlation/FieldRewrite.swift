public import Verdicts

/// How one field of one connection and direction was changed on one segment.
public struct FieldRewrite: Sendable {
  /// Index of the connection's group.
  public var group: Int
  /// Where.
  public var between: PointPair
  /// The direction.
  public var direction: Direction
  /// The field.
  public var field: Field
  /// Packets that were changed.
  public var packets: Int
  /// Whether the same number was added to every value, modulo the field's size.
  public var isConstantOffset: Bool
  /// That number.
  public var offset: Int64
  /// Whether every value became the same.
  public var isSameAfter: Bool
  /// Whether the field was taken out.
  public var isStripped: Bool
  /// The first changed packet upstream.
  public var upstream: PacketEvent.Sighting
  /// The first changed packet downstream.
  public var downstream: PacketEvent.Sighting
  /// Its value upstream, `nil` if absent; for addresses and ports see the connection's legs.
  public var before: Int64?
  /// Its value downstream, `nil` if absent.
  public var after: Int64?
}

/// Collects the changes of one connection while its links are compared.
struct RewriteTally {
  private(set) var rewrites: [FieldRewrite] = []
  /// For each field, where the rule of the segment and direction at hand stands, or −1.
  private var places = [Int](repeating: -1, count: Field.allCases.count)
  private var between: PointPair?
  private var direction = Direction.clientToServer

  mutating func add(
    _ field: Field, before: Int64?, after: Int64?, bits: Int64, group: Int, between: PointPair,
    direction: Direction, upstream: PacketEvent.Sighting, downstream: PacketEvent.Sighting
  ) {
    let offset = before.flatMap { before in after.map { ($0 - before) & ((1 << bits) - 1) } } ?? 0
    if self.between != between || self.direction != direction { turn(to: between, direction) }
    let place = places[Int(field.rawValue)]
    if place >= 0 {
      rewrites[place].packets += 1
      if rewrites[place].offset != offset { rewrites[place].isConstantOffset = false }
      if rewrites[place].after != after { rewrites[place].isSameAfter = false }
      if after != nil { rewrites[place].isStripped = false }
    } else {
      places[Int(field.rawValue)] = rewrites.count
      rewrites.append(
        FieldRewrite(
          group: group, between: between, direction: direction, field: field, packets: 1, isConstantOffset: true,
          offset: offset, isSameAfter: true, isStripped: before != nil && after == nil, upstream: upstream,
          downstream: downstream, before: before, after: after))
    }
  }

  /// Finds the rules of another segment or direction.
  private mutating func turn(to between: PointPair, _ direction: Direction) {
    self.between = between
    self.direction = direction
    for field in places.indices { places[field] = -1 }
    for (place, rewrite) in rewrites.enumerated() where rewrite.between == between && rewrite.direction == direction {
      places[Int(rewrite.field.rawValue)] = place
    }
  }

  /// Adds the change of an address or port, which holds for the whole connection.
  mutating func addAddress(
    _ field: Field, packets: Int, group: Int, between: PointPair, direction: Direction,
    upstream: PacketEvent.Sighting, downstream: PacketEvent.Sighting
  ) {
    rewrites.append(
      FieldRewrite(
        group: group, between: between, direction: direction, field: field, packets: packets,
        isConstantOffset: false, offset: 0, isSameAfter: true, isStripped: false, upstream: upstream,
        downstream: downstream, before: nil, after: nil))
  }
}
