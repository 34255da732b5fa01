import Correlation
import Verdicts

/// `corrupted` and `payload-rewritten`: the payload differs downstream, or else what the checksum covers, with a checksum that breaks or that was mended.
enum CorruptionRule {
  static func find(_ file: CaseFile) -> [Finding] {
    let corrupted = file.changesBySegment { $0.kind == .corrupt }.map { pair, events in
      finding(
        "corrupted", "corrupted", pair, events, file,
        (events.allSatisfy { $0.field == .payload } ? "The payload differs" : "Headers or payload differ")
          + " and the checksum no longer holds, so the receiver throws the packet away and the sender "
          + "repeats it: a bad cable, memory or card between the points.")
    }
    let rewritten = file.changesBySegment { $0.kind == .rewrite && $0.field == .payload }.map { pair, events in
      let holding = events.count { $0.evidence.contains(.checksumMended) }
      return finding(
        "payload-rewritten", holding > 0 ? "with a rewritten payload" : "with another payload", pair, events, file,
        holding > 0
          ? "The payload differs, and \(holding) of \(events.count) have a checksum that holds, so that the receiver takes "
            + "the changed bytes for the sender's: either a box that edits content (application gateway, inspection), or "
            + "corruption in a box that computes checksums anew."
          : "The payload differs. Whether the checksum holds cannot be told (it was wrong before, the capturing host's card "
            + "fills it in, or not all was captured), so it may be corruption as well as a box that edits content.")
    }
    return corrupted + rewritten
  }

  private static func finding(
    _ kind: String, _ words: String, _ pair: PointPair, _ events: [PacketEvent], _ file: CaseFile,
    _ explanation: String
  ) -> Finding {
    var evidence: [Finding.Evidence] = []
    if let first = events.min(by: { $0.time < $1.time }), let upstream = first.upstream,
      let downstream = first.downstream
    {
      evidence = file.pairEvidence(
        upstream, downstream, before: "\(file.describe(first)): as it was",
        after: first.field == .payload
          ? "the same packet, other payload" : "the same packet, with a checksum that does not hold")
    }
    return Finding(
      kind: kind, severity: .fault, between: pair, direction: CaseFile.onlyDirection(events.map(\.direction)),
      title: "\(CaseFile.count(events.count, "packet")) \(words) between \(file.names(pair))",
      explanation: explanation, confidence: CaseFile.meanConfidence(events),
      connections: file.connections(of: events), packets: events.count, evidence: evidence,
      confirm: "Compare the bytes of the two frames; in Wireshark switch on \"Validate the TCP checksum if possible\".")
  }
}
