public import Verdicts

/// Two points of one analysis, packet by packet: what is only here, only there, and what changed on the way.
///
/// Made of the events and rewrites on the segments between the two. Packets that no event names passed both points
/// unchanged but for the ``rules``.
public struct PointDifference: Sendable, Equatable {
  /// Position of the point nearer to the client.
  public let near: Int
  /// Position of the point nearer to the server.
  public let far: Int
  /// The counts of each direction, the client's first.
  public let directions: [DirectionDifference]
  /// Connections that only the nearer point saw, by id.
  public let onlyNear: [Int]
  /// Connections that only the farther point saw, by id.
  public let onlyFar: [Int]
  /// How fields change, those that harm first.
  public let rules: [FieldRule]
  /// What happened to single packets, as indices into the report's events, by time.
  public let exceptions: [Exception]

  /// What happened to one packet, seen from the two points.
  public struct Exception: Sendable, Equatable {
    /// Where the packet is.
    public enum Side: String, Sendable, Hashable, CaseIterable {
      /// Only at the nearer point.
      case onlyNear = "only-near"
      /// Only at the farther point.
      case onlyFar = "only-far"
      /// At both, and not as it was.
      case changed
      /// The stretch of the event reaches beyond the two points: it may have happened outside.
      case perhaps
    }
    /// Where the packet is.
    public var side: Side
    /// Index into the report's events.
    public var event: Int
  }

  /// Compares two points by their positions, in either order; they must be two of the report's.
  public init(_ report: AnalysisReport, _ one: Int, _ other: Int) {
    let stretch = PointPair(one, other)
    near = stretch.near
    far = stretch.far
    let inside = report.segments.filter { stretch.near <= $0.between.near && $0.between.far <= stretch.far }
    directions = Direction.allCases.map { DirectionDifference($0, stretch, inside) }
    let seen = report.connections.map { connection in (connection.id, Set(connection.legs.map(\.point))) }
    onlyNear = seen.filter { $0.1.contains(stretch.near) && !$0.1.contains(stretch.far) }.map(\.0)
    onlyFar = seen.filter { $0.1.contains(stretch.far) && !$0.1.contains(stretch.near) }.map(\.0)
    rules = FieldRule.all(report.rewrites, between: stretch)
    exceptions = report.events.indices.compactMap { index in
      Self.side(of: report.events[index], stretch).map { Exception(side: $0, event: index) }
    }
  }

  /// Where the packet of an event is, seen from the two points; `nil` if the event does not concern them.
  private static func side(of event: Event, _ stretch: PointPair) -> Exception.Side? {
    if event.kind == .notCaptured {
      // Its capture alone misses the packet, which passed all the same.
      if event.point == stretch.near { return .onlyFar }
      return event.point == stretch.far ? .onlyNear : nil
    }
    let between = event.between
    guard between.near < stretch.far, stretch.near < between.far else { return nil }
    guard stretch.near <= between.near, between.far <= stretch.far else { return .perhaps }
    switch event.kind {
    case .drop: return event.direction == .clientToServer ? .onlyNear : .onlyFar
    case .inject, .duplicate: return event.direction == .clientToServer ? .onlyFar : .onlyNear
    case .reorder, .corrupt, .rewrite, .notCaptured: return .changed
    }
  }
}

/// What the ledgers say of one direction between two points.
public struct DirectionDifference: Sendable, Equatable {
  /// The direction.
  public var direction: Direction
  /// Packets at the point that is first in this direction; `nil` where its segment was not compared.
  public var offered: Int?
  /// What happened on all segments between the two, added up; the delay is not.
  public var total: SegmentLedger

  init(_ direction: Direction, _ stretch: PointPair, _ segments: [SegmentReport]) {
    self.direction = direction
    let upstream = stretch.upstream(direction)
    let first = segments.filter { $0.between.upstream(direction) == upstream }.map { $0[direction].offered }
    offered = first.isEmpty ? nil : first.reduce(0, +)
    total = SegmentLedger()
    for segment in segments { total.add(segment[direction]) }
  }
}
