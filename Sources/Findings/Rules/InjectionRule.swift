import Correlation
import Packets
import Verdicts

/// `rst-injected`, and `injected` for other packets that neither end sent.
enum InjectionRule {
  static func find(_ file: CaseFile) -> [Finding] {
    let resets = file.eventsBySegment { isInjected($0) && $0.flags & TCPFlags.rst != 0 }.map { pair, events in
      finding(
        "rst-injected", .fault, "RST", pair, events, file,
        "The RST first appears here; no capture on the side of its supposed sender has it. Something between the two "
          + "points ends connections: a firewall, an intrusion prevention system, a load balancer's timeout.")
    }
    let others = file.eventsBySegment {
      isInjected($0) && $0.flags & TCPFlags.rst == 0
    }.map { pair, events in
      finding(
        "injected", .warning, "packet", pair, events, file,
        "The packets first appear here; no capture on the side of their supposed sender has them. A box between the "
          + "two points sends in an end's name, or packets take a way past the captures upstream.")
    }
    return resets + others
  }

  private static func isInjected(_ event: PacketEvent) -> Bool {
    event.kind == .inject && event.isTCP
  }

  private static func finding(
    _ kind: String, _ severity: Severity, _ noun: String, _ pair: PointPair, _ events: [PacketEvent],
    _ file: CaseFile, _ explanation: String
  ) -> Finding {
    let oddTTL = events.count { $0.evidence.contains(.otherTTL) }
    return Finding(
      kind: kind, severity: severity, between: pair, direction: CaseFile.onlyDirection(events.map(\.direction)),
      title: "\(CaseFile.count(events.count, noun)) injected between \(file.names(pair))",
      explanation: explanation + " \(oddTTL) of \(events.count) have a TTL unlike their connection's other packets.",
      confidence: CaseFile.meanConfidence(events),
      connections: file.connections(of: events), packets: events.count,
      evidence: file.evidence(events) { "\(file.describe($0)): first seen here" },
      confirm: "Compare TTL and IP ID of the frames with the frames before them; read the log of what stands between "
        + "\(file.names(pair)).")
  }
}
