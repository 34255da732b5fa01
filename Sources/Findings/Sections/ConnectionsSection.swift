import Correlation
import Flows
import Matching
import Packets
import Verdicts

/// The connections of the report, those with most trouble first.
enum ConnectionsSection {
  /// The connections, each of which is made when it is read: its addresses in words take more memory than all else that
  /// is known of it.
  static func make(_ file: CaseFile) -> ReportList<ConnectionReport> {
    // Ids count from 1 without a gap.
    var groups = [Int](repeating: 0, count: file.matched.groups.count - file.frontOfBack.count)
    for group in file.matched.groups.indices where file.frontOfBack[group] == nil {
      groups[file.connectionIDs[group] - 1] = group
    }
    let evidence = (0...MatchEvidence.all.rawValue).map { MatchEvidence(rawValue: $0).words }
    let relays = Dictionary(grouping: file.matched.relays) { file.connectionIDs[$0.front] }
    return ReportList(count: groups.count) { [groups] place in
      var connection = connection(of: groups[place], in: file, evidence)
      for relay in relays[connection.id] ?? [] {
        connection.carryOn(self.connection(of: relay.back, in: file, evidence), relay)
      }
      return connection
    }
  }

  /// - Parameter evidence: the words of each set of features, by its raw value: most connections share theirs.
  private static func connection(of index: Int, in file: CaseFile, _ evidence: [[String]]) -> ConnectionReport {
    let group = file.matched.groups[index]
    let events = file.eventsByGroup[index] ?? []
    var legs: [ConnectionReport.Leg] = []
    legs.reserveCapacity(group.members.count)
    var start = Int64.max
    var end = Int64.min
    var bytes = (clientToServer: 0, serverToClient: 0)
    var transport: UInt8 = 0
    for position in group.presentPoints {
      let connection = file.matched.points[position].connections[Int(group.members[position])]
      let flipped = group.flipped[position]
      transport = connection.transport
      legs.append(
        ConnectionReport.Leg(
          point: position, client: (flipped ? connection.server : connection.client).description,
          server: (flipped ? connection.client : connection.server).description))
      start = min(start, file.clocks.reference(connection.firstNS, at: position))
      end = max(end, file.clocks.reference(connection.lastNS, at: position))
      let sent = (Int(connection.clientSide.payloadBytes), Int(connection.serverSide.payloadBytes))
      let ways = flipped ? (sent.1, sent.0) : sent
      if bytes.clientToServer == 0 { bytes.clientToServer = ways.0 }
      if ways.1 > 0 { bytes.serverToClient = ways.1 }
    }
    return ConnectionReport(
      id: file.connectionIDs[index], proto: name(of: transport), legs: legs,
      match: ConnectionReport.MatchReport(
        confidence: group.confidence, evidence: evidence[Int(group.evidence.rawValue)],
        ambiguousWith: group.ambiguousWith.map { file.connectionIDs[$0] }.sorted()),
      terminatedBetween: nil, startNS: start, endNS: end, bytesClientToServer: bytes.clientToServer,
      bytesServerToClient: bytes.serverToClient, events: events.count,
      lost: events.count { file.tally.events[$0].kind == .drop })
  }

  private static func name(of transport: UInt8) -> String {
    switch transport {
    case TransportProtocol.tcp: "tcp"
    case TransportProtocol.udp: "udp"
    case TransportProtocol.icmp, TransportProtocol.icmpV6: "icmp"
    default: "ip-\(transport)"
    }
  }
}

extension ConnectionReport {
  /// Adds the connection that a proxy opened to carry this one's bytes on.
  fileprivate mutating func carryOn(_ back: ConnectionReport, _ relay: RelayTie) {
    if let last = legs.last?.point, let first = back.legs.first?.point {
      terminatedBetween = PointPair(last, first)
    }
    legs = (legs + back.legs).sorted { $0.point < $1.point }
    match.confidence = min(match.confidence, back.match.confidence, relay.confidence)
    startNS = min(startNS, back.startNS)
    endNS = max(endNS, back.endNS)
    events += back.events
    lost += back.lost
  }
}
