/// One connection followed over the points: which local connection it is at each of them.
public struct ConnectionGroup: Sendable {
  /// The local connection at each point, −1 where the point does not have it.
  public var members: [Int32]
  /// Whether the local notion of client and server at a point is opposite to the group's.
  public var flipped: [Bool]
  /// What the match rests on.
  public var evidence: MatchEvidence
  /// 0 to 1.
  public var confidence: Double
  /// Groups that it cannot be told apart from, by index.
  public var ambiguousWith: [Int]
  /// Packets of it that left a NAT box untranslated, which make a local connection of their own at a point.
  public var leaks: [Leak]
  /// Whether its client is on the far side of the path, so that it runs against the order of the points.
  public var reversed: Bool
  /// Whether it is known on which side its client is.
  public var headingKnown: Bool

  init(points: Int) {
    members = Array(repeating: -1, count: points)
    flipped = Array(repeating: false, count: points)
    evidence = []
    confidence = 1
    ambiguousWith = []
    leaks = []
    reversed = false
    headingKnown = true
  }

  /// A local connection of untranslated packets.
  public struct Leak: Sendable, Hashable {
    /// The point.
    public var point: Int
    /// The local connection there.
    public var connection: Int32
    /// Whether its local notion of client and server is opposite to the group's.
    public var flipped: Bool
  }

  /// The points that have it, in ascending order.
  public var presentPoints: PresentPoints { PresentPoints(members) }
}

/// The points that have a connection, in ascending order: read off its members, without memory of their own, as this is
/// asked for each connection many times.
public struct PresentPoints: BidirectionalCollection, Sendable, Equatable {
  private let members: [Int32]
  /// The first point that has it.
  public let startIndex: Int

  fileprivate init(_ members: [Int32]) {
    self.members = members
    startIndex = Self.next(in: members, from: 0)
  }

  private static func next(in members: [Int32], from point: Int) -> Int {
    var point = point
    while point < members.count, members[point] < 0 { point += 1 }
    return point
  }

  /// Behind the last of all points.
  public var endIndex: Int { members.count }
  /// The next point that has it.
  public func index(after point: Int) -> Int { Self.next(in: members, from: point + 1) }
  /// The point before that has it.
  public func index(before point: Int) -> Int {
    var point = point - 1
    while members[point] < 0 { point -= 1 }
    return point
  }
  /// The point at an index, which is the point itself.
  public subscript(point: Int) -> Int { point }

  /// Whether both are the same points.
  public static func == (left: PresentPoints, right: PresentPoints) -> Bool { left.elementsEqual(right) }
}
