import Correlation
import Verdicts

/// `ack-mangled`, `seq-mangled`, `sack-not-translated`: a number that breaks the translation of all the others.
enum MangledRule {
  static func find(_ file: CaseFile) -> [Finding] {
    let kinds: [(Field, String, String)] = [
      (.acknowledgement, "ack-mangled", "acknowledgement numbers"), (.sequence, "seq-mangled", "sequence numbers"),
      (.sack, "sack-not-translated", "SACK edges"),
    ]
    return kinds.flatMap { field, kind, words in
      file.changesBySegment { $0.kind == .rewrite && $0.field == field }.map { pair, events in
        finding(kind, words, field, pair, events, file)
      }
    }
  }

  private static func finding(
    _ kind: String, _ words: String, _ field: Field, _ pair: PointPair, _ events: [PacketEvent], _ file: CaseFile
  ) -> Finding {
    let first = events.min { $0.time < $1.time }
    var evidence: [Finding.Evidence] = []
    if let first, let upstream = first.upstream, let downstream = first.downstream {
      evidence = file.pairEvidence(
        upstream, downstream, before: "\(field.name) = \(first.before ?? 0)",
        after: "\(field.name) = \(first.after ?? 0), same packet")
    }
    var explanation =
      switch field {
      case .sack:
        "Sequence and acknowledgement numbers are translated consistently here, the edges of the SACK blocks are not. "
          + "The sender finds the blocks outside its window and ignores them, so every loss costs a timeout or a "
          + "repetition of what had arrived."
      case .acknowledgement:
        "Counted from the initial sequence numbers at each of the two points, the packet acknowledges other bytes "
          + "downstream than upstream, while its sequence number is unchanged. The receiver sees an acknowledgement of "
          + "data that it never sent, refuses the segment, and the connection hangs or is reset."
      default:
        "Counted from the initial sequence number at each of the two points, the segment has another place in the "
          + "stream downstream than upstream. The receiver puts the bytes at a wrong place or refuses them."
      }
    if field == .acknowledgement {
      let aftermath = MangledAftermath.words(of: events, in: file)
      explanation += aftermath.text
      evidence += aftermath.evidence
    }
    return Finding(
      kind: kind, severity: .fault, between: pair, direction: CaseFile.onlyDirection(events.map(\.direction)),
      title: "\(CaseFile.count(events.count, "packet")) with mangled \(words) between \(file.names(pair))",
      explanation: explanation, confidence: CaseFile.meanConfidence(events),
      connections: file.connections(of: events), packets: events.count, evidence: evidence,
      confirm: "Open both frames side by side with relative sequence numbers off; then switch off sequence number "
        + "randomisation, normalisation or inspection on the box between \(file.names(pair)) for one connection.")
  }
}
