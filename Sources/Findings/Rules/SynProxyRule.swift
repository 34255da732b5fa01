import Correlation
import Verdicts

/// `syn-proxy`: a box answers the handshake itself and opens its own towards the server.
enum SynProxyRule {
  static func find(_ file: CaseFile) -> [Finding] {
    var bySegment: [PointPair: [ProxiedHandshake]] = [:]
    for handshake in file.tally.proxiedHandshakes { bySegment[handshake.between, default: []].append(handshake) }
    return bySegment.sorted { $0.key < $1.key }.map { pair, handshakes in
      Finding(
        kind: "syn-proxy", severity: .note, between: pair,
        title: "A box between \(file.names(pair)) answers SYNs itself",
        explanation: "The SYN/ACK that the client gets first appears here, before the server's own: the box opens the "
          + "connection to the server once the client has proved itself, and translates sequence numbers between the "
          + "two.",
        confidence: 0.95, connections: Set(handshakes.map { file.connectionIDs[$0.group] }).sorted(),
        packets: handshakes.count,
        evidence: handshakes.first.map {
          [
            Finding.Evidence(frame: file.frame($0.boxAnswer), says: "the box's SYN/ACK"),
            Finding.Evidence(frame: file.frame($0.serverAnswer), says: "the server's SYN/ACK, another one"),
          ]
        } ?? [],
        confirm: "Look for SYN cookies, SYN proxy or TCP intercept on the box.")
    }
  }
}
