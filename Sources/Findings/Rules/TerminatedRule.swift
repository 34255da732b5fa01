import Flows
import Matching
import Packets
import Verdicts

/// `tcp-terminated`: a proxy ends the client's connection and opens its own to carry the bytes on.
enum TerminatedRule {
  static func find(_ file: CaseFile) -> [Finding] {
    var bySegment: [PointPair: [RelayTie]] = [:]
    for relay in file.matched.relays {
      guard let last = file.matched.groups[relay.front].presentPoints.last,
        let first = file.matched.groups[relay.back].presentPoints.first, last != first
      else { continue }
      bySegment[PointPair(last, first), default: []].append(relay)
    }
    return bySegment.sorted { $0.key < $1.key }.map { pair, relays in
      Finding(
        kind: "tcp-terminated", severity: .note, between: pair,
        title: "A proxy between \(file.names(pair)) ends the clients' connections and opens its own",
        explanation: "The connections on the two sides have nothing in common but their payload and their time: other "
          + "sequence numbers, timestamps, options and IP IDs. Loss is judged on each side for itself.",
        confidence: relays.map(\.confidence).max() ?? 0,
        connections: Set(relays.map { file.connectionIDs[$0.front] }).sorted(), packets: relays.count,
        evidence: relays.prefix(2).flatMap { relay in
          [
            evidence(relay.front, pair.near, "the client's connection begins", file),
            evidence(relay.back, pair.far, "the proxy's connection for it begins", file),
          ].compactMap { $0 }
        },
        confirm: "Look for a load balancer or proxy in HTTP or TCP mode; X-Forwarded-For, Via or PROXY headers name it."
      )
    }
  }

  private static func evidence(_ group: Int, _ position: Int, _ says: String, _ file: CaseFile) -> Finding.Evidence? {
    let member = file.matched.groups[group].members[position]
    guard member >= 0, let record = file.matched.points[position].firstPacket(of: Int(member)) else { return nil }
    return Finding.Evidence(frame: file.frame(position, record.frame), says: says)
  }
}
