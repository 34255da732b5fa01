import Correlation
import Packets
import Verdicts

/// `syn-proxy`: a box answers the handshake itself and opens its own towards the server.
enum SynProxyRule {
  static func find(_ file: CaseFile) -> [Finding] {
    file.eventsBySegment {
      $0.kind == .inject && $0.isTCP && $0.flags & (TCPFlags.syn | TCPFlags.ack) == TCPFlags.syn | TCPFlags.ack
    }.map { pair, events in
      Finding(
        kind: "syn-proxy", severity: .note, between: pair,
        title: "A box between \(file.names(pair)) answers SYNs itself",
        explanation: "The SYN/ACK that the client gets first appears here, and no capture on the server's side has it. "
          + "The box opens the connection to the server once the client has proved itself, and translates sequence "
          + "numbers between the two.", confidence: 0.95, connections: file.connections(of: events),
        packets: events.count, evidence: file.evidence(events) { "\(file.describe($0)): first seen here" },
        confirm: "Look for SYN cookies, SYN proxy or TCP intercept on the box.")
    }
  }
}
