import Correlation
import Verdicts

/// `icmp-error`: ICMP errors about followed connections that a box on the path sent.
enum ICMPErrorRule {
  static func find(_ file: CaseFile) -> [Finding] {
    file.eventsBySegment { $0.kind == .inject && $0.isICMPError }.map { pair, events in
      Finding(
        kind: "icmp-error", severity: .note, between: pair,
        direction: CaseFile.onlyDirection(events.map(\.direction)),
        title: "\(CaseFile.count(events.count, "ICMP error")) sent by something between \(file.names(pair))",
        explanation: "They quote packets of followed connections and first appear here: a router or host between the "
          + "two points refused or could not forward what they quote.",
        confidence: CaseFile.meanConfidence(events),
        connections: file.connections(of: events), packets: events.count,
        evidence: file.evidence(events) { "\(file.describe($0)): first seen here" },
        confirm: "Read type, code and the quoted header of the frames; see whether they reach the sender.")
    }
  }
}
