import Flows
import Packets

/// When a few packets of one connection, easy to recognise, passed each point: what order and clocks are first told from.
struct AnchorTimes {
  struct Anchor {
    var key: UInt64
    var timeNS: Int64
    var fromClient: Bool
  }

  /// The first SYN and the first SYN/ACK at each point.
  private var handshakes: [Handshake]
  /// Where handshakes differ, all anchors at each point, by ascending key; else empty.
  private var anchors: [[Anchor]] = []

  /// The anchors at some points of a connection, which must have it.
  init(
    group: ConnectionGroup, points: [PointTraffic], sketches: ConnectionSketches, at wanted: some Collection<Int>
  ) {
    handshakes = Array(repeating: Handshake(), count: points.count)
    for point in wanted {
      handshakes[point] = Handshake(of: Int(group.members[point]), in: points[point], flipped: group.flipped[point])
    }
    if Self.hasSameHandshakeEverywhere(group, points) { return }
    anchors = Array(repeating: [], count: points.count)
    for point in wanted {
      let features = sketches.features(of: Int(group.members[point]), at: point)
      anchors[point] = handshakes[point].anchors + Self.anchors(features, flipped: group.flipped[point])
      anchors[point].sort { $0.key < $1.key }
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

  private static func anchors(_ features: [Feature], flipped: Bool) -> [Anchor] {
    features.filter { ![.clientISN, .serverISN, .addresses].contains($0.kind) }
      .map { Anchor(key: $0.key, timeNS: $0.timeNS, fromClient: $0.fromClient != flipped) }
      .sorted { $0.key < $1.key }
  }

  /// The median time from point `one` to point `other`, by their own clocks, of the anchors that both have; `nil` where
  /// no anchor of the direction is at both.
  func differences(_ one: Int, _ other: Int) -> (fromClient: Int64?, fromServer: Int64?) {
    if anchors.isEmpty { return handshakes[one].differences(to: handshakes[other]) }
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
    return (fromClient.sorted().middle, fromServer.sorted().middle)
  }
}

extension AnchorTimes {
  /// The first SYN and the first SYN/ACK of a connection at one point, each known by its sequence number.
  ///
  /// A retransmitted one is no harm: a point cannot see it before its neighbour upstream saw the first.
  fileprivate struct Handshake {
    private var first: Anchor?
    private var second: Anchor?

    init() {}

    init(of connection: Int, in traffic: PointTraffic, flipped: Bool) {
      for record in traffic.packets(of: connection, most: 64) {
        guard record.isSYN, !record.marks.contains(.icmpError) else { continue }
        let key = UInt64(record.sequence) << 1 | (record.hasACK ? 1 : 0)
        let anchor = Anchor(
          key: key, timeNS: record.timeNS, fromClient: record.marks.contains(.fromClient) != flipped)
        guard let first else {
          first = anchor
          continue
        }
        if first.key == key { continue }
        second = anchor
        return
      }
    }

    /// One or two anchors, or none.
    var anchors: [Anchor] { [first, second].compactMap(\.self) }

    /// The time of a packet at another point less that of the same one here, for each direction; the median where both
    /// are of one direction.
    func differences(to other: Handshake) -> (fromClient: Int64?, fromServer: Int64?) {
      var fromClient: Int64?
      var fromServer: Int64?
      func note(_ anchor: Anchor?) {
        guard let anchor, let arrival = other.timeNS(of: anchor.key) else { return }
        let difference = arrival - anchor.timeNS
        if anchor.fromClient {
          fromClient = max(fromClient ?? .min, difference)
        } else {
          fromServer = max(fromServer ?? .min, difference)
        }
      }
      note(first)
      note(second)
      return (fromClient, fromServer)
    }

    private func timeNS(of key: UInt64) -> Int64? {
      first?.key == key ? first?.timeNS : second?.key == key ? second?.timeNS : nil
    }
  }
}
