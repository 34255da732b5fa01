import Flows
import Matching
import Packets
import Verdicts

/// All transmissions of one connection in one direction, at all points of its path.
struct DirectionTrace {
  /// Positions of the points, upstream first.
  var path: [Int]
  /// The transmissions, those of a point together and in the order of capture; the points in any order.
  var transmissions: TransmissionBuffer
  /// For each place of the path, its range in ``transmissions``.
  var ranges: [Range<Int>]
  /// Whether the packets are TCP segments.
  var isTCP: Bool
  /// Arrivals that were put together of fragments of which some have no sender so far: the bytes that have one.
  var madeInPart: [Int32: [Range<Int64>]] = [:]

  /// Position of a transmission's point.
  func position(_ index: Int) -> Int { path[Int(transmissions[index].place)] }
}

extension DirectionTrace {
  /// A trace without points.
  static var empty: DirectionTrace {
    DirectionTrace(path: [], transmissions: TransmissionBuffer(), ranges: [], isTCP: false)
  }

  /// Begins another trace in the memory of this one, with room for so many transmissions.
  mutating func restart(_ path: [Int], isTCP: Bool, room: Int) {
    self.path = path
    self.isTCP = isTCP
    transmissions.restart(room: room)
    ranges.removeAll(keepingCapacity: true)
    if !madeInPart.isEmpty { madeInPart = [:] }
    for _ in path { ranges.append(0..<0) }
  }
}

/// Something of each direction.
struct DirectionPair<Item> {
  var clientToServer: Item
  var serverToClient: Item

  init(_ clientToServer: Item, _ serverToClient: Item) {
    self.clientToServer = clientToServer
    self.serverToClient = serverToClient
  }

  subscript(direction: Direction) -> Item {
    get { direction == .clientToServer ? clientToServer : serverToClient }
    _modify {
      if direction == .clientToServer { yield &clientToServer } else { yield &serverToClient }
    }
  }
}

/// The initial sequence numbers of one connection at each point, by which stream offsets are counted.
struct SequenceBases {
  /// For each position, the base of the client's stream.
  var client: [UInt32]
  /// For each position, the base of the server's stream.
  var server: [UInt32]
  /// For each position, whether the base was seen in a handshake rather than carried over from another point.
  var clientSeen: [Bool]
  /// For each position, whether the base was seen in a handshake rather than carried over from another point.
  var serverSeen: [Bool]

  init(group: ConnectionGroup, points: [PointTraffic]) {
    client = Array(repeating: 0, count: points.count)
    server = client
    clientSeen = Array(repeating: false, count: points.count)
    serverSeen = clientSeen
    let present = group.presentPoints
    for fromClient in [true, false] {
      var known: [Int] = []
      for point in present {
        let connection = points[point].connections[Int(group.members[point])]
        let side = connection[fromClient: fromClient != group.flipped[point]]
        if side.sawSYN {
          set(fromClient, point, side.initialSequence, seen: true)
          known.append(point)
        }
      }
      if known.isEmpty, let first = present.first(where: { Self.side(group, points, $0, fromClient).packets > 0 }) {
        set(fromClient, first, Self.side(group, points, first, fromClient).firstSequence, seen: false)
        known.append(first)
      }
      for point in present where !known.contains(point) {
        guard let near = known.min(by: { abs($0 - point) < abs($1 - point) }) else { continue }
        let base = fromClient ? client[near] : server[near]
        let shift = SequenceShift.between(near, point, group: group, points: points, fromClient: fromClient) ?? 0
        set(fromClient, point, base &+ shift, seen: false)
      }
    }
  }

  private static func side(
    _ group: ConnectionGroup, _ points: [PointTraffic], _ point: Int, _ fromClient: Bool
  ) -> SideSummary {
    points[point].connections[Int(group.members[point])][fromClient: fromClient != group.flipped[point]]
  }

  private mutating func set(_ fromClient: Bool, _ point: Int, _ base: UInt32, seen: Bool) {
    if fromClient {
      client[point] = base
      clientSeen[point] = seen
    } else {
      server[point] = base
      serverSeen[point] = seen
    }
  }
}

/// By how much the sequence numbers of one direction differ between two points, told from segments with equal payload.
enum SequenceShift {
  private static let mostSegments = 256

  static func between(
    _ one: Int, _ other: Int, group: ConnectionGroup, points: [PointTraffic], fromClient: Bool
  ) -> UInt32? {
    var seen: [UInt64: UInt32] = [:]
    forEachSegment(group, points, one, fromClient) { seen[key($0)] = $0.sequence }
    var votes: [UInt32: Int] = [:]
    forEachSegment(group, points, other, fromClient) { record in
      if let sequence = seen[key(record)] { votes[record.sequence &- sequence, default: 0] += 1 }
    }
    return votes.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
  }

  private static func key(_ record: PacketRecord) -> UInt64 {
    record.digest ^ UInt64(record.timestampValue) &* 0x9E37_79B9_7F4A_7C15
  }

  private static func forEachSegment(
    _ group: ConnectionGroup, _ points: [PointTraffic], _ point: Int, _ fromClient: Bool,
    _ body: (PacketRecord) -> Void
  ) {
    var left = mostSegments
    for ordinal in points[point].ordinals(of: Int(group.members[point])) where left > 0 {
      let record = points[point].records[ordinal]
      guard (record.marks.contains(.fromClient) != group.flipped[point]) == fromClient, record.payloadLength > 0
      else { continue }
      body(record)
      left -= 1
    }
  }
}
