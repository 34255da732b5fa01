/// Two local connections at different points that share features.
struct CandidateEdge {
  var left: LocalConnection
  var right: LocalConnection
  /// Bits by which the shared features speak for one connection rather than two.
  var score: Double
  var evidence: MatchEvidence
  /// Shared features whose packets go the same way less those that go opposite ways.
  var sameWay: Int
}

/// A connection at one point.
struct LocalConnection: Hashable, Comparable {
  var point: Int32
  var connection: Int32

  static func < (left: LocalConnection, right: LocalConnection) -> Bool {
    (left.point, left.connection) < (right.point, right.connection)
  }
}

/// Finds candidate pairs by the keys they share, in time linear in the features apart from sorting.
///
/// A key that many connections share tells little (Fellegi and Sunter 1969: the weight is the logarithm of how much rarer
/// the agreement is among strangers); one that more than a handful share is not even paired, which keeps the work linear.
enum CandidateEdges {
  /// Connections of one point that may share a key before it is passed over.
  static let mostSharers = 4

  /// The pairs, in no particular order.
  static func find(in features: [Feature], connectionsPerPoint: [Int]) -> [CandidateEdge] {
    // Keys with their places, as features are twice as large.
    var places = features.indices.map { KeyPlace(key: features[$0].key, place: UInt32($0)) }
    places.sort()
    var edges = EdgeTable()
    var start = 0
    while start < places.count {
      var end = start + 1
      while end < places.count, places[end].key == places[start].key { end += 1 }
      if end - start > 1 {
        let bucket = places[start..<end].map { features[Int($0.place)] }
        pair(bucket, connectionsPerPoint, into: &edges)
      }
      start = end
    }
    return edges.edges
  }

  /// Features stand in the order of points and connections, so those with equal keys do so too.
  private struct KeyPlace: Comparable {
    var key: UInt64
    var place: UInt32

    static func < (one: KeyPlace, other: KeyPlace) -> Bool {
      one.key == other.key ? one.place < other.place : one.key < other.key
    }
  }

  private static func pair(_ bucket: [Feature], _ connectionsPerPoint: [Int], into edges: inout EdgeTable) {
    guard let kind = bucket.first?.kind else { return }
    var sharers = 0
    var run = 0
    var previous: Int32 = -1
    var smallest = Int.max
    for feature in bucket {
      run = feature.point == previous ? run + 1 : 1
      previous = feature.point
      sharers = max(sharers, run)
      smallest = min(smallest, connectionsPerPoint[Int(feature.point)])
    }
    guard sharers <= mostSharers else { return }
    let rarity = Binary.log2(Double(max(2, smallest)) / Double(sharers))
    let weight = sharers == 1 ? kind.bits : max(1, min(kind.bits, rarity))
    for left in bucket.indices {
      for right in bucket.indices[(left + 1)...] where bucket[left].point != bucket[right].point {
        let (one, other) = (bucket[left], bucket[right])
        edges.add(
          CandidateEdge(
            left: LocalConnection(point: one.point, connection: one.connection),
            right: LocalConnection(point: other.point, connection: other.connection),
            score: weight, evidence: kind.evidence, sameWay: one.fromClient == other.fromClient ? 1 : -1))
      }
    }
  }
}

/// Candidate pairs, each once, with what all its shared features say together.
private struct EdgeTable {
  private(set) var edges: [CandidateEdge] = []
  /// One more than the place of an edge, found by the hash of its two connections; 0 where there is none.
  private var slots: [UInt32] = Array(repeating: 0, count: 1 << 10)
  /// Nobody can choose connections that lie in one place.
  private let hashKey = UInt64.random(in: .min ... .max)

  /// Adds what one shared feature says.
  mutating func add(_ edge: CandidateEdge) {
    var slot = slot(of: edge)
    while slots[slot] != 0 {
      let place = Int(slots[slot]) - 1
      if edges[place].left == edge.left, edges[place].right == edge.right {
        edges[place].score += edge.score
        edges[place].evidence.formUnion(edge.evidence)
        edges[place].sameWay += edge.sameWay
        return
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    edges.append(edge)
    slots[slot] = UInt32(edges.count)
    if edges.count * 2 > slots.count { grow() }
  }

  private func slot(of edge: CandidateEdge) -> Int {
    func packed(_ local: LocalConnection) -> UInt64 {
      UInt64(UInt32(bitPattern: local.point)) << 32 | UInt64(UInt32(bitPattern: local.connection))
    }
    let product = (packed(edge.left) ^ hashKey).multipliedFullWidth(
      by: packed(edge.right) &* 0x9E37_79B9_7F4A_7C15 ^ hashKey)
    return Int(truncatingIfNeeded: product.high ^ product.low) & (slots.count - 1)
  }

  private mutating func grow() {
    slots = Array(repeating: 0, count: slots.count * 2)
    for place in edges.indices {
      var slot = slot(of: edges[place])
      while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = UInt32(place + 1)
    }
  }
}
