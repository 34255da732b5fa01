import Flows
import Matching

/// The initial sequence numbers of one connection at each point, by which stream offsets are counted.
struct SequenceBases {
  /// For each position, the base of the client's stream.
  var client: [UInt32]
  /// For each position, the base of the server's stream.
  var server: [UInt32]
  /// For each position, whether the client's base was seen, or packets show how it differs from another point's.
  private var clientKnown: [Bool]
  /// For each position, whether the server's base was seen, or packets show how it differs from another point's.
  private var serverKnown: [Bool]

  init(group: ConnectionGroup, points: [PointTraffic]) {
    client = Array(repeating: 0, count: points.count)
    server = client
    clientKnown = Array(repeating: false, count: points.count)
    serverKnown = clientKnown
    let present = group.presentPoints
    for fromClient in [true, false] {
      var known: [Int] = []
      for point in present {
        let connection = points[point].connections[Int(group.members[point])]
        let side = connection[fromClient: fromClient != group.flipped[point]]
        if side.sawSYN {
          set(fromClient, point, side.initialSequence, known: true)
          known.append(point)
        }
      }
      if known.isEmpty, let first = present.first(where: { Self.side(group, points, $0, fromClient).packets > 0 }) {
        set(fromClient, first, Self.side(group, points, first, fromClient).firstSequence, known: true)
        known.append(first)
      }
      for point in present where !known.contains(point) {
        guard let near = known.min(by: { abs($0 - point) < abs($1 - point) }) else { continue }
        let base = fromClient ? client[near] : server[near]
        let shift = SequenceShift.between(near, point, group: group, points: points, fromClient: fromClient)
        set(fromClient, point, base &+ (shift ?? 0), known: shift != nil)
      }
    }
  }

  private static func side(
    _ group: ConnectionGroup, _ points: [PointTraffic], _ point: Int, _ fromClient: Bool
  ) -> SideSummary {
    points[point].connections[Int(group.members[point])][fromClient: fromClient != group.flipped[point]]
  }

  /// Whether numbers of one side's stream at these two positions can be compared: else they may be translated between.
  func areComparable(_ one: Int, _ other: Int, fromClient: Bool) -> Bool {
    fromClient ? clientKnown[one] && clientKnown[other] : serverKnown[one] && serverKnown[other]
  }

  private mutating func set(_ fromClient: Bool, _ point: Int, _ base: UInt32, known: Bool) {
    if fromClient {
      client[point] = base
      clientKnown[point] = known
    } else {
      server[point] = base
      serverKnown[point] = known
    }
  }
}
