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

  static func find(in features: inout [Feature], connectionsPerPoint: [Int]) -> [CandidateEdge] {
    features.sort { ($0.key, $0.point, $0.connection) < ($1.key, $1.point, $1.connection) }
    var raw: [CandidateEdge] = []
    var start = 0
    while start < features.count {
      var end = start + 1
      while end < features.count, features[end].key == features[start].key { end += 1 }
      pair(features[start..<end], connectionsPerPoint, into: &raw)
      start = end
    }
    return merge(&raw)
  }

  private static func pair(
    _ bucket: ArraySlice<Feature>, _ connectionsPerPoint: [Int], into edges: inout [CandidateEdge]
  ) {
    guard bucket.count > 1, let kind = bucket.first?.kind else { return }
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
        edges.append(
          CandidateEdge(
            left: LocalConnection(point: one.point, connection: one.connection),
            right: LocalConnection(point: other.point, connection: other.connection),
            score: weight, evidence: kind.evidence, sameWay: one.fromClient == other.fromClient ? 1 : -1))
      }
    }
  }

  /// Adds up the edges of the same pair.
  private static func merge(_ raw: inout [CandidateEdge]) -> [CandidateEdge] {
    raw.sort { ($0.left, $0.right) < ($1.left, $1.right) }
    var merged: [CandidateEdge] = []
    for edge in raw {
      if let last = merged.indices.last, merged[last].left == edge.left, merged[last].right == edge.right {
        merged[last].score += edge.score
        merged[last].evidence.formUnion(edge.evidence)
        merged[last].sameWay += edge.sameWay
      } else {
        merged.append(edge)
      }
    }
    return merged
  }
}
