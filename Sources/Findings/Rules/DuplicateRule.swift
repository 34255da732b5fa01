import Correlation
import Verdicts

/// `duplicate`: the network made a second packet of one.
enum DuplicateRule {
  static func find(_ file: CaseFile) -> [Finding] {
    file.eventsBySegment { $0.kind == .duplicate }.map { pair, events in
      Finding(
        kind: "duplicate", severity: .fault, between: pair,
        direction: CaseFile.onlyDirection(events.map(\.direction)),
        title: "\(CaseFile.count(events.count, "packet")) duplicated between \(file.names(pair))",
        explanation:
          "Once upstream, twice downstream with the same bytes and (where there is one) the same IP ID, so no retransmission. "
          + "A loop, a flooding switch or a bridge with two paths does this.",
        confidence: CaseFile.meanConfidence(events),
        connections: file.connections(of: events), packets: events.count,
        evidence: events.prefix(CaseFile.mostEvidence).compactMap { event in
          event.downstream.map {
            Finding.Evidence(frame: file.frame($0), says: "\(file.describe(event)): the further copy")
          }
        },
        confirm: "Compare the two copies' MAC addresses and TTL at \(file.names(pair)).")
    }
  }
}
