import Correlation
import Verdicts

/// `shortened`: packets that arrive with their end cut off, though the same packet was longer before.
enum ShortenedRule {
  static func find(_ file: CaseFile) -> [Finding] {
    file.changesBySegment { $0.kind == .rewrite && $0.field == .segmentation }.map { pair, events in
      let first = events.min { $0.time < $1.time }
      var evidence: [Finding.Evidence] = []
      if let first, let upstream = first.upstream, let downstream = first.downstream {
        evidence = file.pairEvidence(
          upstream, downstream, before: "\(first.before ?? 0) bytes of payload",
          after: "\(first.after ?? 0) bytes, same IP ID, same sequence number")
      }
      return Finding(
        kind: "shortened", severity: .fault, between: pair, direction: CaseFile.onlyDirection(events.map(\.direction)),
        title: "\(CaseFile.count(events.count, "packet")) arrive shortened between \(file.names(pair))",
        explanation: "The IP length itself is smaller behind the segment, so this is not the capture's snap length; "
          + "no other packet brings the rest. A box that cut segments in two would send the rest as well, so what else "
          + "it could be is a cut segment whose second part was lost each time.",
        confidence: events.reduce(0) { $0 + $1.confidence } / Double(events.count),
        connections: file.connections(of: events), packets: events.count, evidence: evidence,
        confirm: "Compare ip.len of both frames; look at MTU and at what edits packets between \(file.names(pair)).")
    }
  }
}
