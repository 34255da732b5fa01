import TestSupport
import Testing

@testable import Matching

/// Pairs of local connections by the features that they share.
@Suite struct CandidateEdgesTests {
  /// Features of some connections at three points, drawn from so few values that many are shared.
  private func features(_ seed: UInt64) -> [Feature] {
    var random = SplitMix64(seed: seed)
    var features: [Feature] = []
    for point in Int32(0)..<3 {
      for connection in Int32(0)..<200 {
        for kind in Feature.Kind.allCases where random.next() % 4 > 0 {
          let key = FeatureExtractor.mix(random.next() % 150, kind)
          features.append(
            Feature(
              key: key, point: point, connection: connection, kind: kind, fromClient: random.next() % 2 == 0,
              timeNS: 0))
        }
      }
    }
    return features
  }

  private struct Pair: Hashable {
    var left: LocalConnection
    var right: LocalConnection
  }

  @Test(arguments: UInt64(1)...8)
  func `a pair is found once, with what all its shared features say`(_ seed: UInt64) {
    let features = features(seed)
    var scores: [Pair: (score: Double, evidence: MatchEvidence, sameWay: Int)] = [:]
    for sharers in Dictionary(grouping: features, by: \.key).values {
      let most = Dictionary(grouping: sharers, by: \.point).values.map(\.count).max() ?? 0
      guard most <= CandidateEdges.mostSharers else { continue }
      let kind = sharers[0].kind
      let rarity = Binary.log2(200 / Double(most))
      let weight = most == 1 ? kind.bits : max(1, min(kind.bits, rarity))
      for one in sharers {
        for other in sharers where one.point < other.point {
          let pair = Pair(
            left: LocalConnection(point: one.point, connection: one.connection),
            right: LocalConnection(point: other.point, connection: other.connection))
          var known = scores[pair] ?? (0, [], 0)
          known.score += weight
          known.evidence.formUnion(kind.evidence)
          known.sameWay += one.fromClient == other.fromClient ? 1 : -1
          scores[pair] = known
        }
      }
    }
    let edges = CandidateEdges.find(in: features, connectionsPerPoint: [200, 200, 200])
    #expect(!edges.isEmpty && edges.count == scores.count)
    for edge in edges {
      let expected = scores[Pair(left: edge.left, right: edge.right)]
      #expect(expected.map { abs($0.score - edge.score) < 1e-9 } ?? false)
      #expect(expected?.evidence == edge.evidence && expected?.sameWay == edge.sameWay)
    }
  }
}
