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

  private static let synKey: UInt64 = 1
  private static let synAckKey: UInt64 = 2

  init(group: ConnectionGroup, points: [PointTraffic]) {
    anchors = Array(repeating: [], count: points.count)
    for point in group.presentPoints {
      let flipped = group.flipped[point]
      if group.evidence.contains(.initialSequence) {
        anchors[point] = Self.handshake(of: Int(group.members[point]), in: points[point], flipped: flipped)
      } else {
        anchors[point] = Self.sketch(of: Int(group.members[point]), in: points[point], point, flipped: flipped)
      }
    }
  }

  /// The first SYN and the first SYN/ACK.
  ///
  /// A retransmitted one is no harm: a point cannot see it before its neighbour upstream saw the first.
  private static func handshake(of connection: Int, in traffic: PointTraffic, flipped: Bool) -> [Anchor] {
    var found: [Anchor] = []
    for ordinal in traffic.ordinals(of: connection).prefix(64) {
      let record = traffic.records[Int(ordinal)]
      guard record.isSYN, !record.marks.contains(.icmpError) else { continue }
      let key = record.hasACK ? synAckKey : synKey
      if found.contains(where: { $0.key == key }) { continue }
      found.append(
        Anchor(key: key, timeNS: record.timeNS, fromClient: record.marks.contains(.fromClient) != flipped))
      if found.count == 2 { break }
    }
    return found.sorted { $0.key < $1.key }
  }

  private static func sketch(of connection: Int, in traffic: PointTraffic, _ point: Int, flipped: Bool) -> [Anchor] {
    var extractor = FeatureExtractor()
    var features: [Feature] = []
    extractor.extract(from: traffic, point: point, connection: connection, into: &features)
    return features.filter { $0.kind != .clientISN && $0.kind != .serverISN }
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
