import Correlation
import Verdicts

/// `fragmented`: datagrams that the path cuts into fragments, or puts together again.
enum FragmentationRule {
  static func find(_ file: CaseFile) -> [Finding] {
    file.rewritesBySegment { $0.field == .fragmentation }.map { pair, rewrites in
      let first = rewrites.min { $0.upstream.timeNS < $1.upstream.timeNS }
      let isCut = (first?.before ?? 0) > (first?.after ?? 0)
      return Finding(
        kind: "fragmented", severity: .note, between: pair,
        direction: CaseFile.onlyDirection(rewrites.map(\.direction)),
        title: isCut
          ? "Datagrams are cut into fragments between \(file.names(pair))"
          : "Fragments are put together between \(file.names(pair))",
        explanation: isCut
          ? "They are larger than the MTU of what lies between. The loss of one fragment is the loss of the whole "
            + "datagram, and many boxes drop fragments (RFC 8900)."
          : "A box between reassembles them, as firewalls do to look at ports. Loss was judged by what arrived of each "
            + "datagram.", confidence: 0.95, connections: Set(rewrites.map { file.connectionIDs[$0.group] }).sorted(),
        packets: rewrites.reduce(0) { $0 + $1.packets },
        evidence: first.map {
          file.pairEvidence(
            $0.upstream, $0.downstream, before: "\($0.before ?? 0) bytes of payload",
            after: "\($0.after ?? 0) bytes of the same datagram")
        } ?? [],
        confirm: "Wireshark: ip.flags.mf == 1 || ip.frag_offset > 0; ping -M do with growing sizes finds the MTU.")
    }
  }
}
