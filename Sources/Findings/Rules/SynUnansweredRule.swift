import Flows
import Matching
import Packets
import Verdicts

/// `syn-unanswered`: SYNs that reached the last point and got no answer there.
enum SynUnansweredRule {
  /// An answer may take so long.
  private static let patienceNS: Int64 = 1_000_000_000

  static func find(_ file: CaseFile) -> [Finding] {
    // Points that share no connection with others stand at the end, and are on no way.
    let shared = file.matched.groups.lazy.compactMap { $0.presentPoints.count > 1 ? $0.presentPoints.last : nil }.max()
    guard let last = shared ?? file.matched.points.indices.last else { return [] }
    let silent = file.matched.groups.indices.filter { index in
      let group = file.matched.groups[index]
      guard !group.reversed, group.members[last] >= 0 else { return false }
      let connection = file.matched.points[last].connections[Int(group.members[last])]
      let end = file.matched.points[last].coverage?.upperBound ?? .max
      return connection.transport == TransportProtocol.tcp && connection.clientSide.sawSYN
        && connection.serverSide.packets == 0 && connection.firstNS < end - patienceNS
        && connection.clientSide.payloadBytes == 0 && !connection.clientSide.sawClose
    }
    guard let first = silent.first, file.oneWay[last] == nil else { return [] }
    let traffic = file.matched.points[last]
    let opening = traffic.firstPacket(of: Int(file.matched.groups[first].members[last]))
    return [
      Finding(
        kind: "syn-unanswered", severity: .warning, point: last,
        title: "\(CaseFile.count(silent.count, "connection")) without an answer to the SYN at \(file.name(last))",
        explanation: "The SYN is in the capture at \(file.name(last)) and nothing was sent back: nobody listens, the "
          + "listen queue is full, a host firewall drops it, or it was lost behind this point.", confidence: 0.9,
        connections: silent.map { file.connectionIDs[$0] }.sorted(), packets: silent.count,
        evidence: [opening].compactMap(\.self).map {
          Finding.Evidence(frame: file.frame(last, $0.frame), says: "SYN, never answered")
        },
        confirm: "Look at the listening sockets and the host firewall behind \(file.name(last)).")
    ]
  }
}
