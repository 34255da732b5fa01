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
  public var presentPoints: [Int] { members.indices.filter { members[$0] >= 0 } }
}
