import Correlation
import Verdicts

/// `nat` and `seq-offset`: consistent translation of addresses, ports and sequence numbers.
enum TranslationRule {
  static func find(_ file: CaseFile) -> [Finding] { addresses(file) + sequences(file) }

  /// What is translated on one segment; there may be a million rewrites.
  private struct Translated {
    /// For each direction, whether addresses and ports are.
    var fields: [Direction: Set<Field>] = [:]
    /// Groups of the connections, most of them once.
    var groups: [Int] = []
    /// Packets that were translated.
    private(set) var packets = 0
    private var latest: (group: Int, direction: Direction, packets: Int)?

    mutating func add(_ rewrite: FieldRewrite) {
      fields[rewrite.direction, default: []].insert(rewrite.field)
      if groups.last != rewrite.group { groups.append(rewrite.group) }
      // Of one packet several fields are translated.
      if let latest, latest.group == rewrite.group, latest.direction == rewrite.direction {
        packets += max(0, rewrite.packets - latest.packets)
        self.latest?.packets = max(latest.packets, rewrite.packets)
      } else {
        packets += rewrite.packets
        latest = (rewrite.group, rewrite.direction, rewrite.packets)
      }
    }

    mutating func add(_ other: Translated) {
      fields.merge(other.fields) { $0.union($1) }
      groups += other.groups
      packets += other.packets
    }
  }

  private static func addresses(_ file: CaseFile) -> [Finding] {
    let ports: [Field] = [.sourcePort, .destinationPort]
    let wanted: [Field] = [.sourceAddress, .destinationAddress] + ports
    var found: [PointPair: [Translated]] = [:]
    for rewrite in file.tally.rewrites where wanted.contains(rewrite.field) {
      // The port of an ICMP echo is its identifier.
      if ports.contains(rewrite.field), file.isICMP(rewrite.group) { continue }
      found[rewrite.between, default: [Translated()]][0].add(rewrite)
    }
    return CaseFile.folded(found).map { pair, parts in
      let all = parts.reduce(into: Translated()) { $0.add($1) }
      let shown = all.fields[.clientToServer] ?? all.fields[.serverToClient] ?? []
      let sides = [
        side("the client's", .sourceAddress, .sourcePort, shown),
        side("the server's", .destinationAddress, .destinationPort, shown),
      ].compactMap { $0 }
      let groups = Set(all.groups)
      return Finding(
        kind: "nat", severity: .note, between: pair,
        title: "NAT of \(sides.joined(separator: ", ")) between \(file.names(pair))",
        explanation: "\(CaseFile.count(groups.count, "connection")) with other addresses or ports on the two sides; "
          + "the NAT table lists them.",
        confidence: 0.99, connections: groups.map { file.connectionIDs[$0] }.sorted(), packets: all.packets,
        confirm: "Compare with the translation table of the box.")
    }
  }

  /// What of one side is translated, in words; `nil` if nothing is.
  private static func side(_ whose: String, _ address: Field, _ port: Field, _ fields: Set<Field>) -> String? {
    switch (fields.contains(address), fields.contains(port)) {
    case (true, true): "\(whose) address and port"
    case (true, false): "\(whose) address"
    case (false, true): "\(whose) port"
    case (false, false): nil
    }
  }

  private static func sequences(_ file: CaseFile) -> [Finding] {
    file.rewritesBySegment { $0.field == .sequence && $0.isConstantOffset }.map { pair, rewrites in
      let first = rewrites.min { $0.upstream.timeNS < $1.upstream.timeNS }
      return Finding(
        kind: "seq-offset", severity: .note, between: pair,
        direction: CaseFile.onlyDirection(rewrites.map(\.direction)),
        title: "Between \(file.names(pair)) sequence numbers are shifted by a constant for each connection",
        explanation: "A firewall that randomises initial sequence numbers, or a SYN proxy, does this; by itself it "
          + "harms nothing.",
        confidence: 0.98, connections: Set(rewrites.map { file.connectionIDs[$0.group] }).sorted(),
        packets: rewrites.reduce(0) { $0 + $1.packets },
        evidence: first.map {
          file.pairEvidence(
            $0.upstream, $0.downstream, before: "tcp.seq = \($0.before ?? 0)",
            after: "tcp.seq = \($0.after ?? 0), same packet")
        } ?? [],
        confirm: "Compare the SYN or SYN/ACK of one connection on both sides.")
    }
  }
}
