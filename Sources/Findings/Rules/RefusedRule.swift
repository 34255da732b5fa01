import Correlation
import Flows
import Matching
import Packets
import Verdicts

/// `connection-refused`: SYNs that get a RST from between two points, though packets to the same server pass both.
enum RefusedRule {
  /// A capture that misses more than one packet in so many may have missed SYN and RST of a connection.
  private static let fewestForOneMissed = 20

  private struct Host: Hashable {
    var position: Int
    var address: IPAddress
  }

  private struct Service: Hashable {
    var position: Int
    var server: Endpoint
  }

  static func find(_ file: CaseFile) -> [Finding] {
    let refused = file.matched.groups.indices.filter { isRefused($0, file) }
    if refused.isEmpty { return [] }
    var hosts: Set<Host> = []
    var services: Set<Service> = []
    for group in file.matched.groups {
      for position in group.presentPoints
      where position + 1 < group.members.count && group.members[position + 1] >= 0 {
        guard let server = server(of: group, at: position, file) else { continue }
        hosts.insert(Host(position: position, address: server.address))
        if file.isTCP(group) { services.insert(Service(position: position, server: server)) }
      }
    }
    let openings = unmatchedOpenings(file)
    var byPosition: [Int: [Int]] = [:]
    for index in refused {
      let group = file.matched.groups[index]
      guard let last = group.presentPoints.last, let server = server(of: group, at: last, file),
        hosts.contains(Host(position: last, address: server.address)), wasCapturing(last + 1, index, file),
        !(openings[last + 1]?.hasOne(near: openedNS(index, at: last, file)) ?? false)
      else { continue }
      byPosition[last, default: []].append(index)
    }
    return byPosition.sorted { $0.key < $1.key }.map { position, indices in
      let passes = indices.count { index in
        server(of: file.matched.groups[index], at: position, file).map {
          services.contains(Service(position: position, server: $0))
        } ?? false
      }
      return finding(indices, PointPair(position, position + 1), passes: passes, file)
    }
  }

  private static func finding(_ indices: [Int], _ pair: PointPair, passes: Int, _ file: CaseFile) -> Finding {
    let isOften = indices.count > 1
    return Finding(
      kind: "connection-refused", severity: passes > 0 ? .fault : .warning, between: pair,
      title: "\(CaseFile.count(indices.count, "connection")) refused between \(file.names(pair))",
      explanation:
        "The SYN is at \(file.name(pair.near)) and not at \(file.name(pair.far)); a RST comes back that is not at "
        + "\(file.name(pair.far)) either, so what stands between the two answers in the server's name. "
        + (passes > 0
          ? "Other connections to the same address and port pass both points: a limit, a full table or a rule for some."
          : "Other packets to the same address pass both points: a rule that rejects with RST does this, as does a box on "
            + "which nobody listens."),
      confidence: (passes > 0 ? 0.9 : 0.85) - (isOften ? 0 : 0.15),
      connections: indices.map { file.connectionIDs[$0] }.sorted(), packets: indices.count,
      evidence: indices.prefix(2).flatMap { evidence($0, pair.near, file) },
      confirm: "Read the rules that reject (with TCP reset), the limits of connections and the log of "
        + "what stands between \(file.names(pair)); compare the TTL of the RST with that of the server's packets.")
  }

  /// Whether a connection's SYN got nothing but RSTs, as far as the last point that has it.
  private static func isRefused(_ index: Int, _ file: CaseFile) -> Bool {
    let group = file.matched.groups[index]
    guard !group.reversed, group.headingKnown, group.ambiguousWith.isEmpty, group.leaks.isEmpty,
      let last = group.presentPoints.last, last + 1 < group.members.count,
      let connection = file.connection(of: group, at: last), connection.transport == TransportProtocol.tcp,
      !group.flipped[last]
    else { return false }
    let (client, server) = (connection.clientSide, connection.serverSide)
    return client.sawSYN && server.sawReset && !server.sawSYN && server.payloadBytes == 0 && client.payloadBytes == 0
  }

  /// Times at which something happened, in ascending order.
  private struct Moments {
    var timesNS: [Int64] = []

    func hasOne(near timeNS: Int64) -> Bool {
      var (low, high) = (0, timesNS.count)
      while low < high {
        let middle = (low + high) / 2
        if timesNS[middle] < timeNS - RefusedRule.nearNS { low = middle + 1 } else { high = middle }
      }
      return low < timesNS.count && timesNS[low] <= timeNS + RefusedRule.nearNS
    }
  }

  /// A SYN takes no longer from one point to the next.
  private static let nearNS: Int64 = 1_000_000_000

  /// When connections were opened that a point has and none before it: one of them may be the very one that is missing
  /// there, translated beyond recognition.
  private static func unmatchedOpenings(_ file: CaseFile) -> [Int: Moments] {
    var found: [Int: Moments] = [:]
    for (index, group) in file.matched.groups.enumerated() {
      guard let first = group.presentPoints.first, first > 0, let connection = file.connection(of: group, at: first),
        connection.transport == TransportProtocol.tcp, connection.clientSide.sawSYN
      else { continue }
      found[first, default: Moments()].timesNS.append(openedNS(index, at: first, file))
    }
    return found.mapValues { Moments(timesNS: $0.timesNS.sorted()) }
  }

  private static func openedNS(_ index: Int, at position: Int, _ file: CaseFile) -> Int64 {
    let connection = file.connection(of: file.matched.groups[index], at: position)
    return file.clocks.reference(connection?.firstNS ?? 0, at: position)
  }

  private static func server(of group: ConnectionGroup, at position: Int, _ file: CaseFile) -> Endpoint? {
    file.connection(of: group, at: position).map { group.flipped[position] ? $0.client : $0.server }
  }

  /// Whether a point's capture would have the connection, had it passed: it ran then, has this direction, and misses little.
  private static func wasCapturing(_ position: Int, _ index: Int, _ file: CaseFile) -> Bool {
    let group = file.matched.groups[index]
    guard let last = group.presentPoints.last, let connection = file.connection(of: group, at: last),
      let coverage = file.matched.points[position].coverage, file.oneWay[position] != .serverToClient,
      (file.tally.missed[position] ?? 0) * fewestForOneMissed <= file.matched.points[position].counts.frames
    else { return false }
    let begin = file.clocks.reference(coverage.lowerBound, at: position)
    let end = file.clocks.reference(coverage.upperBound, at: position)
    return begin <= file.clocks.reference(connection.firstNS, at: last)
      && file.clocks.reference(connection.lastNS, at: last) <= end
  }

  /// The SYN and the first RST of a connection.
  private static func evidence(_ index: Int, _ position: Int, _ file: CaseFile) -> [Finding.Evidence] {
    var found: [Finding.Evidence] = []
    file.forEachSegment(of: file.matched.groups[index], at: position) { record, direction in
      if direction == .clientToServer, record.isSYN, found.isEmpty {
        found.append(Finding.Evidence(frame: file.frame(position, record.frame), says: "SYN, not at the next point"))
      } else if direction == .serverToClient, record.isRST {
        found.append(
          Finding.Evidence(frame: file.frame(position, record.frame), says: "RST (TTL \(record.ttl)), from in between"))
        return false
      }
      return true
    }
    return found
  }
}
