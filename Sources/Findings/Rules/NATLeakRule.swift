import Correlation
import Verdicts

/// `nat-leak`: packets that leave a NAT box untranslated.
enum NATLeakRule {
  static func find(_ file: CaseFile) -> [Finding] {
    var bySegment: [PointPair: [LeakedPacket]] = [:]
    for leak in file.tally.leaks { bySegment[leak.between, default: []].append(leak) }
    return bySegment.sorted { $0.key < $1.key }.map { pair, leaks in
      Finding(
        kind: "nat-leak", severity: .fault, between: pair,
        direction: CaseFile.onlyDirection(leaks.map(\.direction)),
        title: "\(CaseFile.count(leaks.count, "packet")) left untranslated between \(file.names(pair))",
        explanation: "The other packets of these connections are translated here, these keep the addresses from before "
          + "the box. The next box drops them, or the other end answers a stranger with RST. Connection tracking had "
          + "forgotten or refused the connection (state INVALID), or a rule exempts these packets.",
        confidence: 0.97, connections: Set(leaks.map { file.connectionIDs[$0.group] }).sorted(),
        packets: leaks.count,
        evidence: leaks.prefix(2).flatMap {
          file.pairEvidence(
            $0.upstream, $0.downstream, before: "before the box", after: "behind it, with the same addresses")
        },
        confirm: "conntrack -S (invalid, drop) on the box; drop INVALID packets there, or set "
          + "nf_conntrack_tcp_be_liberal.")
    }
  }
}
