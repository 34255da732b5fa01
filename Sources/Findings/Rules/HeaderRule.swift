import Correlation
import Verdicts

/// `ip-id-rewritten`, `dscp-rewritten`, `ecn-bleached`, `ttl-rewritten`, `timestamps-rewritten`: harmless rewrites.
enum HeaderRule {
  private struct Kind {
    var field: Field
    var name: String
    var what: String
    var explanation: String
  }

  private static let kinds = [
    Kind(
      field: .ipID, name: "ip-id-rewritten", what: "IP IDs are rewritten",
      explanation: "The packets were followed by other features. Tools that match by IP ID fail here."),
    Kind(
      field: .dscp, name: "dscp-rewritten", what: "DSCP is rewritten",
      explanation: "Behind this point packets may get another class of service."),
    Kind(
      field: .ecn, name: "ecn-bleached", what: "ECN bits are changed",
      explanation: "Cleared ECN bits switch congestion notification off; CE set here is a queue that marks (RFC 3168)."),
    Kind(
      field: .ttl, name: "ttl-rewritten", what: "TTL is raised",
      explanation: "A box that normalises TTL, or ends and sends the packets anew, does this; loops become invisible."),
    Kind(
      field: .timestampValue, name: "timestamps-rewritten", what: "TCP timestamps are rewritten",
      explanation: "A box that hides the hosts' clocks, or a SYN proxy, does this."),
  ]

  static func find(_ file: CaseFile) -> [Finding] {
    kinds.flatMap { kind in
      file.rewritesBySegment { $0.field == kind.field }.compactMap { pair, rewrites in
        let packets = rewrites.reduce(0) { $0 + $1.packets }
        let first = rewrites.min { $0.upstream.timeNS < $1.upstream.timeNS }
        return Finding(
          kind: kind.name, severity: .note, between: pair,
          direction: CaseFile.onlyDirection(rewrites.map(\.direction)),
          title: "\(kind.what) between \(file.names(pair))", explanation: kind.explanation, confidence: 0.98,
          connections: Set(rewrites.map { file.connectionIDs[$0.group] }).sorted(), packets: packets,
          evidence: first.map {
            file.pairEvidence(
              $0.upstream, $0.downstream, before: "\($0.field.name): \($0.before.map { "\($0)" } ?? "absent")",
              after: "\($0.field.name): \($0.after.map { "\($0)" } ?? "absent"), same packet")
          } ?? [],
          confirm: "Compare the two frames.")
      }
    }
  }
}
