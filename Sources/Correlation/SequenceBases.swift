import Flows
import Matching
import Verdicts

/// The initial sequence numbers of one connection at each point, by which stream offsets are counted.
struct SequenceBases {
  /// For each position, the bases of both streams.
  private var bases: [Bases]

  private struct Bases {
    var client = Base()
    var server = Base()

    subscript(direction: Direction) -> Base {
      get { direction == .clientToServer ? client : server }
      set { if direction == .clientToServer { client = newValue } else { server = newValue } }
    }
  }

  private struct Base {
    var number: UInt32 = 0
    /// Whether it was seen, or packets show how it differs from another point's.
    var isKnown = false
    /// Whether it stands for the others to be compared with.
    var isOwn = false
  }

  init(group: ConnectionGroup, points: [PointTraffic]) {
    bases = Array(repeating: Bases(), count: points.count)
    for direction in Direction.allCases { find(direction, group, points) }
  }

  private mutating func find(_ direction: Direction, _ group: ConnectionGroup, _ points: [PointTraffic]) {
    let present = group.presentPoints
    let fromClient = direction == .clientToServer
    var (own, others) = (0, 0)
    for point in present {
      let connection = points[point].connections[Int(group.members[point])]
      let side = connection[fromClient: fromClient != group.flipped[point]]
      // Where a card fills checksums in behind the capture, they say nothing.
      if side.sawSYN, !side.synIsDamaged || points[point].counts.fillsChecksums {
        bases[point][direction] = Base(number: side.initialSequence, isKnown: true, isOwn: true)
        own += 1
      } else {
        others += 1
      }
    }
    if others == 0 { return }
    if own == 0, let first = present.first(where: { Self.side(group, points, $0, fromClient).packets > 0 }) {
      let number = Self.side(group, points, first, fromClient).firstSequence
      bases[first][direction] = Base(number: number, isKnown: true, isOwn: true)
    }
    for point in present where !bases[point][direction].isOwn {
      let known = present.filter { bases[$0][direction].isOwn }
      guard let near = known.min(by: { abs($0 - point) < abs($1 - point) }) else { continue }
      let shift = SequenceShift.between(near, point, group: group, points: points, fromClient: fromClient)
      bases[point][direction].number = bases[near][direction].number &+ (shift ?? 0)
      bases[point][direction].isKnown = shift != nil
    }
  }

  /// The base of the client's stream at a position.
  func client(_ position: Int) -> UInt32 { bases[position].client.number }

  /// The base of the server's stream at a position.
  func server(_ position: Int) -> UInt32 { bases[position].server.number }

  private static func side(
    _ group: ConnectionGroup, _ points: [PointTraffic], _ point: Int, _ fromClient: Bool
  ) -> SideSummary {
    points[point].connections[Int(group.members[point])][fromClient: fromClient != group.flipped[point]]
  }

  /// Whether numbers of one side's stream at these two positions can be compared: else they may be translated between.
  func areComparable(_ one: Int, _ other: Int, _ direction: Direction) -> Bool {
    bases[one][direction].isKnown && bases[other][direction].isKnown
  }
}
