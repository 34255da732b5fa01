import Flows
import Packets

/// When a few packets of one connection, easy to recognise, passed each point: what order and clocks are first told from.
struct AnchorTimes {
  struct Anchor {
    var key: UInt64
    var timeNS: Int64
    var fromClient: Bool
  }

  /// Anchors at each point, by ascending key; a point without the connection has none.
  var anchors: [[Anchor]]

  init(group: ConnectionGroup, points: [PointTraffic], sketches: ConnectionSketches) {
    anchors = Array(repeating: [], count: points.count)
    let sameHandshake = Self.hasSameHandshakeEverywhere(group, points)
    for point in group.presentPoints {
      let (connection, flipped) = (Int(group.members[point]), group.flipped[point])
      anchors[point] = Self.handshake(of: connection, in: points[point], flipped: flipped)
      if !sameHandshake {
        anchors[point] += Self.anchors(sketches.features(of: connection, at: point), flipped: flipped)
        anchors[point].sort { $0.key < $1.key }
      }
    }
  }

  /// Whether all points that have the connection saw the same SYN and the same SYN/ACK, so that these will do.
  private static func hasSameHandshakeEverywhere(_ group: ConnectionGroup, _ points: [PointTraffic]) -> Bool {
    let present = group.presentPoints
    guard let first = present.first else { return false }
    let model = points[first].connections[Int(group.members[first])]
    return present.allSatisfy { point in
      let connection = points[point].connections[Int(group.members[point])]
      return connection.clientSide.sawSYN && connection.serverSide.sawSYN
        && connection.clientSide.initialSequence == model.clientSide.initialSequence
        && connection.serverSide.initialSequence == model.serverSide.initialSequence
    }
  }

  /// The first SYN and the first SYN/ACK, each known by its sequence number.
  ///
  /// A retransmitted one is no harm: a point cannot see it before its neighbour upstream saw the first.
  private static func handshake(of connection: Int, in traffic: PointTraffic, flipped: Bool) -> [Anchor] {
    var found: [Anchor] = []
    for ordinal in traffic.ordinals(of: connection).prefix(64) {
      let record = traffic.records[ordinal]
      guard record.isSYN, !record.marks.contains(.icmpError) else { continue }
      let key = UInt64(record.sequence) << 1 | (record.hasACK ? 1 : 0)
      if found.contains(where: { $0.key == key }) { continue }
      found.append(
        Anchor(key: key, timeNS: record.timeNS, fromClient: record.marks.contains(.fromClient) != flipped))
      if found.count == 2 { break }
    }
    return found.sorted { $0.key < $1.key }
  }

  private static func anchors(_ features: [Feature], flipped: Bool) -> [Anchor] {
    features.filter { ![.clientISN, .serverISN, .addresses].contains($0.kind) }
      .map { Anchor(key: $0.key, timeNS: $0.timeNS, fromClient: $0.fromClient != flipped) }
      .sorted { $0.key < $1.key }
  }

  /// Time from point `one` to point `other`, by their own clocks, of each anchor that both have.
  func differences(_ one: Int, _ other: Int) -> (fromClient: [Int64], fromServer: [Int64]) {
    var fromClient: [Int64] = []
    var fromServer: [Int64] = []
    let (left, right) = (anchors[one], anchors[other])
    var i = 0
    var j = 0
    while i < left.count, j < right.count {
      if left[i].key < right[j].key {
        i += 1
      } else if left[i].key > right[j].key {
        j += 1
      } else {
        let difference = right[j].timeNS - left[i].timeNS
        if left[i].fromClient { fromClient.append(difference) } else { fromServer.append(difference) }
        i += 1
        j += 1
      }
    }
    return (fromClient.sorted(), fromServer.sorted())
  }
}
