import Flows
import Packets

/// Finds which local connections are one connection: features, candidate pairs, then a one-to-one assignment.
struct ConnectionMatcher {
  private let points: [PointTraffic]
  /// Bits that a match needs.
  private let threshold: Double

  /// Bits above the logarithm of the number of candidates that a match needs: one in 256 is wrong by chance.
  static let requiredBits = 8.0
  /// Bits of two equal handshakes, which no other evidence outweighs.
  private static let sureBits = 1000.0

  /// Bits above what a match needs that make it safe to join two connections before the others are known: less than one in
  /// a billion is wrong by chance.
  private static let safeBits = 32.0

  init(points: [PointTraffic]) {
    self.points = points
    let candidates = Double(points.map(\.connections.count).max() ?? 1)
    threshold = Self.requiredBits + Binary.log2(max(1, candidates))
  }

  /// The groups, those found at several points and those found at one, in order of their first local connection; and the
  /// features by which they were found.
  ///
  /// A few packets at the beginning of connections are enough for most; those that are left after that are looked at
  /// whole.
  func match() -> (groups: [ConnectionGroup], relays: [RelayTie], sketches: ConnectionSketches) {
    var groups = GroupBuilder(points: points)
    matchHandshakes(into: &groups)
    var sketches = ConnectionSketches(points: points) { !groups.isComplete($0) }
    var edges = edges(by: sketches)
    for edge in edges.prefix(while: { $0.score >= threshold + Self.safeBits }) where !isRelayed(edge) && mayBeOne(edge)
    {
      merge(edge, into: &groups)
    }
    if sketches.lookAtWhole(where: { !groups.isComplete($0) }) { edges = self.edges(by: sketches) }
    var relayed: [CandidateEdge] = []
    for edge in edges {
      if isRelayed(edge) { relayed.append(edge) } else if mayBeOne(edge) { merge(edge, into: &groups) }
    }
    let found = NATLeaks(points: points).join(groups.finish())
    return (found, RelayTies(points: points, groups: found).find(relayed), sketches)
  }

  /// The pairs with as many bits as a match needs, the surest first; ties by place, so that the result does not depend on
  /// how the edges were found.
  private func edges(by sketches: ConnectionSketches) -> [CandidateEdge] {
    CandidateEdges.find(in: sketches.features, connectionsPerPoint: points.map(\.connections.count))
      .filter { $0.score >= threshold }
      .sorted { ($1.score, $0.left, $0.right) < ($0.score, $1.left, $1.right) }
  }

  private func merge(_ edge: CandidateEdge, into groups: inout GroupBuilder) {
    groups.merge(edge, confidence: 1 - Binary.exp2(-(edge.score - threshold + Self.requiredBits)))
  }

  /// Both initial sequence numbers agree at every point that has them: 64 bits, nothing else need be asked.
  ///
  /// In either order: where two SYNs cross (RFC 9293, 3.5), each end has its own first, and takes itself for the client.
  private func matchHandshakes(into groups: inout GroupBuilder) {
    var handshakes = SameKeys(room: points.reduce(0) { $0 + $1.connections.count })
    /// Whether the client's number is not the greater one.
    var isAscending: [Bool] = []
    for point in points.indices {
      let connections = points[point].connections
      for connection in connections.indices {
        guard connections[connection].transport == TransportProtocol.tcp,
          connections[connection].clientSide.sawSYN, connections[connection].serverSide.sawSYN
        else { continue }
        let client = connections[connection].clientSide.initialSequence
        let server = connections[connection].serverSide.initialSequence
        handshakes.add(
          UInt64(min(client, server)) << 32 | UInt64(max(client, server)),
          LocalConnection(point: Int32(point), connection: Int32(connection)))
        isAscending.append(client <= server)
      }
    }
    handshakes.forEachSet { places in
      let locals = places.map { handshakes.locals[$0] }
      let isUnique = locals.indices.dropFirst().allSatisfy { locals[$0].point != locals[$0 - 1].point }
      guard isUnique, let first = locals.first else { return }
      for place in locals.indices.dropFirst() {
        let sameWay = isAscending[places[0]] == isAscending[places[place]] ? 1 : -1
        let edge = CandidateEdge(
          left: first, right: locals[place], score: Self.sureBits, evidence: .initialSequence, sameWay: sameWay)
        groups.merge(edge, confidence: 1)
      }
    }
  }

  /// IP IDs alone must agree so often: a counter that all connections of a host share meets another one now and then.
  private static let requiredOfIPIDs = 4.5 * Feature.Kind.ipID.bits

  /// Whether a pair that is not relayed can be one connection: of one transport, and not merely two with like IP IDs.
  private func mayBeOne(_ edge: CandidateEdge) -> Bool {
    let left = points[Int(edge.left.point)].connections[Int(edge.left.connection)]
    let right = points[Int(edge.right.point)].connections[Int(edge.right.connection)]
    guard left.transport == right.transport, !(left.staysOnHostOrLink && right.staysOnHostOrLink) else { return false }
    guard left.transport == TransportProtocol.tcp, edge.evidence.isSubset(of: [.ipID, .addresses]) else { return true }
    let startsUnlike =
      left.clientSide.startsUnlike(right.clientSide) || left.serverSide.startsUnlike(right.serverSide)
    // Numbers that a box translates speak against a match as long as nothing else speaks loudly for it.
    let fromAddresses = edge.evidence.contains(.addresses) ? Feature.Kind.addresses.bits : 0
    let isOften = edge.score - fromAddresses >= Self.requiredOfIPIDs
    if startsUnlike { return edge.evidence.contains(.addresses) && isOften }
    return edge.evidence != .ipID || isOften
  }

  /// Whether the pair are the two connections of a proxy, which merely carry the same bytes.
  ///
  /// They share payload and nothing else; different initial sequence numbers on both sides and no common timestamp,
  /// sequence number or IP ID say that one ends where the other begins.
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

extension PointConnection {
  /// Whether no router passes it on, so that two points with the like of it have two.
  fileprivate var staysOnHostOrLink: Bool {
    staysOnLink || (client.address.isLoopback && server.address.isLoopback)
  }
}

extension SideSummary {
  /// Whether both were seen to open, with different initial sequence numbers.
  fileprivate func startsUnlike(_ other: SideSummary) -> Bool {
    sawSYN && other.sawSYN && initialSequence != other.initialSequence
  }
}
