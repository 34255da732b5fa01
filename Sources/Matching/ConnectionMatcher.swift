import Flows
import Packets

/// Finds which local connections are one connection: features, candidate pairs, then a one-to-one assignment.
struct ConnectionMatcher {
  let points: [PointTraffic]

  /// Bits above the logarithm of the number of candidates that a match needs: one in 256 is wrong by chance.
  static let requiredBits = 8.0
  /// Bits of two equal handshakes, which no other evidence outweighs.
  private static let sureBits = 1000.0

  /// The groups, those found at several points and those found at one, in order of their first local connection; and the
  /// features by which they were found.
  func match() -> (groups: [ConnectionGroup], relays: [RelayTie], sketches: ConnectionSketches) {
    var groups = GroupBuilder(points: points)
    matchHandshakes(into: &groups)
    var features: [Feature] = []
    var extractor = FeatureExtractor()
    for point in points.indices {
      for connection in points[point].connections.indices where !groups.isComplete(point, connection) {
        extractor.extract(from: points[point], point: point, connection: connection, into: &features)
      }
    }
    let sketches = ConnectionSketches(features, points: points)
    var edges = CandidateEdges.find(in: &features, connectionsPerPoint: points.map(\.connections.count))
    // Surest first; ties by place, so that the result does not depend on how the edges were found.
    edges.sort { ($1.score, $0.left, $0.right) < ($0.score, $1.left, $1.right) }
    let candidates = Double(points.map(\.connections.count).max() ?? 1)
    let threshold = Self.requiredBits + Binary.log2(max(1, candidates))
    var relayed: [CandidateEdge] = []
    for edge in edges where edge.score >= threshold {
      guard mayBeOne(edge) else {
        if isRelayed(edge) { relayed.append(edge) }
        continue
      }
      let bits = edge.score - threshold + Self.requiredBits
      groups.merge(edge, confidence: 1 - Binary.exp2(-bits))
    }
    let found = NATLeaks(points: points).join(groups.finish())
    return (found, RelayTies(points: points, groups: found).find(relayed), sketches)
  }

  /// Both initial sequence numbers agree at every point that has them: 64 bits, nothing else need be asked.
  ///
  /// In either order: where two SYNs cross (RFC 9293, 3.5), each end has its own first, and takes itself for the client.
  private func matchHandshakes(into groups: inout GroupBuilder) {
    struct Handshake {
      var key: UInt64
      var local: LocalConnection
      /// Whether the client's number is not the greater one.
      var isAscending: Bool
    }
    var handshakes: [Handshake] = []
    for (point, traffic) in points.enumerated() {
      for (connection, summary) in traffic.connections.enumerated()
      where summary.transport == TransportProtocol.tcp && summary.clientSide.sawSYN && summary.serverSide.sawSYN {
        let (client, server) = (summary.clientSide.initialSequence, summary.serverSide.initialSequence)
        handshakes.append(
          Handshake(
            key: UInt64(min(client, server)) << 32 | UInt64(max(client, server)),
            local: LocalConnection(point: Int32(point), connection: Int32(connection)), isAscending: client <= server))
      }
    }
    handshakes.sort { ($0.key, $0.local) < ($1.key, $1.local) }
    var start = 0
    while start < handshakes.count {
      var end = start + 1
      while end < handshakes.count, handshakes[end].key == handshakes[start].key { end += 1 }
      let unique = (start + 1..<end).allSatisfy { handshakes[$0].local.point != handshakes[$0 - 1].local.point }
      if unique {
        for place in (start + 1)..<max(end, start + 1) {
          let edge = CandidateEdge(
            left: handshakes[start].local, right: handshakes[place].local, score: Self.sureBits,
            evidence: .initialSequence,
            sameWay: handshakes[start].isAscending == handshakes[place].isAscending ? 1 : -1)
          groups.merge(edge, confidence: 1)
        }
      }
      start = end
    }
  }

  /// IP IDs alone must agree so often: a counter that all connections of a host share meets another one now and then.
  private static let requiredOfIPIDs = 4.5 * Feature.Kind.ipID.bits

  /// Whether the pair can be one connection: of one transport, and not merely two that carry the same bytes.
  ///
  /// A proxy's two connections share payload and nothing else; different initial sequence numbers on both sides and no
  /// common timestamp, sequence number or IP ID say that one ends where the other begins.
  private func mayBeOne(_ edge: CandidateEdge) -> Bool {
    let left = points[Int(edge.left.point)].connections[Int(edge.left.connection)]
    let right = points[Int(edge.right.point)].connections[Int(edge.right.connection)]
    guard left.transport == right.transport, !isRelayed(edge) else { return false }
    guard left.transport == TransportProtocol.tcp, edge.evidence.isSubset(of: [.ipID, .addresses]) else { return true }
    let startsUnlike =
      left.clientSide.startsUnlike(right.clientSide) || left.serverSide.startsUnlike(right.serverSide)
    // Numbers that a box translates speak against a match as long as nothing else speaks loudly for it.
    let fromAddresses = edge.evidence.contains(.addresses) ? Feature.Kind.addresses.bits : 0
    let isOften = edge.score - fromAddresses >= Self.requiredOfIPIDs
    if startsUnlike { return edge.evidence.contains(.addresses) && isOften }
    return edge.evidence != .ipID || isOften
  }

  private func isRelayed(_ edge: CandidateEdge) -> Bool {
    let left = points[Int(edge.left.point)].connections[Int(edge.left.connection)]
    let right = points[Int(edge.right.point)].connections[Int(edge.right.connection)]
    guard left.transport == TransportProtocol.tcp, right.transport == TransportProtocol.tcp,
      edge.evidence.isSubset(of: [.payload, .addresses]), edge.evidence.contains(.payload)
    else { return false }
    return left.clientSide.startsUnlike(right.clientSide) && left.serverSide.startsUnlike(right.serverSide)
      && !isTranslated(edge)
  }

  private func isTranslated(_ edge: CandidateEdge) -> Bool {
    TranslatedHandshake(left: points[Int(edge.left.point)], right: points[Int(edge.right.point)])
      .isOneConnection(Int(edge.left.connection), Int(edge.right.connection))
  }
}

extension SideSummary {
  /// Whether both were seen to open, with different initial sequence numbers.
  fileprivate func startsUnlike(_ other: SideSummary) -> Bool {
    sawSYN && other.sawSYN && initialSequence != other.initialSequence
  }
}
