import Correlation
import Verdicts

/// `mss-clamped`, `options-stripped`: what boxes do to TCP options.
enum OptionsRule {
  static func find(_ file: CaseFile) -> [Finding] {
    let stripped: Set<Field> = [.timestamps, .sackPermitted]
    return clamped(file)
      + file.rewritesBySegment { stripped.contains($0.field) && $0.isStripped }.map { pair, rewrites in
        finding(
          "options-stripped", .warning, pair, rewrites, file,
          "TCP options are taken out: \(names(rewrites))",
          "Ends that offered the option cannot use it: without SACK a burst of losses costs a timeout, without "
            + "timestamps the round trip is measured worse and old duplicates are not told apart (RFC 7323).")
      }
  }

  private static func clamped(_ file: CaseFile) -> [Finding] {
    file.rewritesBySegment { $0.field == .mss && !SegmentSizeRule.isRaised($0) }.map { pair, rewrites in
      let first = rewrites.first
      return finding(
        "mss-clamped", .note, pair, rewrites, file, "The maximum segment size is changed",
        "From \(first?.before.map { "\($0)" } ?? "none") to \(first?.after.map { "\($0)" } ?? "none") bytes: a box "
          + "that keeps segments below the MTU of a tunnel does this.")
    }
  }

  private static func names(_ rewrites: [FieldRewrite]) -> String {
    Set(rewrites.map(\.field.name)).sorted().joined(separator: ", ")
  }

  private static func finding(
    _ kind: String, _ severity: Severity, _ pair: PointPair, _ rewrites: [FieldRewrite], _ file: CaseFile,
    _ what: String, _ explanation: String
  ) -> Finding {
    let first = rewrites.min { $0.upstream.timeNS < $1.upstream.timeNS }
    return Finding(
      kind: kind, severity: severity, between: pair,
      direction: CaseFile.onlyDirection(rewrites.map(\.direction)),
      title: "\(what) between \(file.names(pair))", explanation: explanation, confidence: 0.98,
      connections: Set(rewrites.map { file.connectionIDs[$0.group] }).sorted(),
      packets: rewrites.reduce(0) { $0 + $1.packets },
      evidence: first.map {
        file.pairEvidence(
          $0.upstream, $0.downstream, before: "\($0.field.name): \($0.before.map { "\($0)" } ?? "absent")",
          after: "\($0.field.name): \($0.after.map { "\($0)" } ?? "absent"), same packet")
      } ?? [],
      confirm: "Compare the options of the two frames; read the box's TCP normalisation settings.")
  }
}
