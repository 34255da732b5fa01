import Correlation
import Verdicts

/// `nat` and `seq-offset`: consistent translation of addresses, ports and sequence numbers.
enum TranslationRule {
  static func find(_ file: CaseFile) -> [Finding] { addresses(file) + sequences(file) }

  /// What is translated on one segment; there may be a million translations.
  private struct Translated {
    /// Which addresses and ports are, in the direction from the client and in the other one.
    private var fields: (fromClient: AddressTranslation.Fields, fromServer: AddressTranslation.Fields) = ([], [])
    /// Groups of the connections, ascending but for those of another segment.
    var groups: [Int] = []
    /// Packets that were translated.
    private(set) var packets = 0

    mutating func add(_ translation: AddressTranslation, _ fields: AddressTranslation.Fields) {
      if translation.direction == .clientToServer {
        self.fields.fromClient.formUnion(fields)
      } else {
        self.fields.fromServer.formUnion(fields)
      }
      if groups.last != translation.group { groups.append(translation.group) }
      packets += translation.packets
    }

    mutating func add(_ other: Translated) {
      fields.fromClient.formUnion(other.fields.fromClient)
      fields.fromServer.formUnion(other.fields.fromServer)
      groups += other.groups
      packets += other.packets
    }

    /// Whether a field is translated in the direction from the client; in the other one, if nothing is in that.
    func translates(_ field: Field) -> Bool {
      (fields.fromClient.isEmpty ? fields.fromServer : fields.fromClient).contains(.init(field))
    }
  }

  /// What is translated, by segment.
  private static func translated(_ file: CaseFile) -> [PointPair: [Translated]] {
    var found: [(pair: PointPair, what: Translated)] = []
    var group: (index: Int, isICMP: Bool) = (-1, false)
    for translation in file.tally.translations {
      if group.index != translation.group { group = (translation.group, file.isICMP(translation.group)) }
      // The port of an ICMP echo is its identifier.
      let fields = group.isICMP ? translation.fields.subtracting(.ports) : translation.fields
      if fields.isEmpty { continue }
      // There are about as many as boxes that translate.
      let place = found.firstIndex { $0.pair == translation.between } ?? found.count
      if place == found.count { found.append((translation.between, Translated())) }
      found[place].what.add(translation, fields)
    }
    return Dictionary(uniqueKeysWithValues: found.map { ($0.pair, [$0.what]) })
  }

  private static func addresses(_ file: CaseFile) -> [Finding] {
    CaseFile.folded(translated(file)).map { pair, parts in
      let all = parts.reduce(into: Translated()) { $0.add($1) }
      let sides = [
        side("the client's", .sourceAddress, .sourcePort, all),
        side("the server's", .destinationAddress, .destinationPort, all),
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
  private static func side(_ whose: String, _ address: Field, _ port: Field, _ all: Translated) -> String? {
    switch (all.translates(address), all.translates(port)) {
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
