import Correlation
import Packets
import Verdicts

/// `loss`: packets that were on the wire at one point and never reached the next.
enum LossRule {
  static func find(_ file: CaseFile) -> [Finding] {
    file.eventsBySegment { $0.kind == .drop }.compactMap { pair, events in
      PathMTUDiscoveryRule.explains(events, file) ? nil : finding(pair, events, file)
    }
  }

  private static func finding(_ pair: PointPair, _ events: [PacketEvent], _ file: CaseFile) -> Finding {
    let direction = CaseFile.onlyDirection(events.map(\.direction))
    let ledger = file.tally.segments[pair]
    let shares = Direction.allCases.compactMap { way -> String? in
      guard let counts = ledger?[way], counts.lost > 0, let ratio = counts.lossRatio, let range = counts.lossInterval
      else { return nil }
      return "\(way.word): \(counts.lost) of \(counts.decided), \(Percent.text(ratio)) "
        + "(95 % interval \(Percent.text(range.low)) to \(Percent.text(range.high)))"
    }
    let connections = file.connections(of: events)
    var explanation =
      (events.allSatisfy { $0.evidence.contains(.partial) }
        ? "Part of their bytes is seen at no point behind. " : "Seen at the upstream point and at no point behind it. ")
      + "\(shares.joined(separator: "; ")). "
      + "\(CaseFile.count(connections.count, "connection")) hit; "
      + "\(repeats(events))."
    if events.allSatisfy({ $0.isTCP && $0.flags & 0x17 == 0x02 }) {
      explanation += " Only SYNs are lost: think of a full or rate-limited state table."
    }
    if events.allSatisfy({ $0.isTCP && $0.flags & 0x04 != 0 }) {
      explanation += " Only RSTs are lost: a stateful box refuses those that do not fit its connection state."
    }
    return Finding(
      kind: "loss", severity: .fault, between: pair, direction: direction,
      title: "\(CaseFile.count(events.count, "packet")) lost between \(file.names(pair))", explanation: explanation,
      confidence: CaseFile.meanConfidence(events), connections: connections,
      packets: events.count,
      evidence: file.evidence(events) { "\(file.describe($0)): not at \(file.name($0.downstreamPosition))" },
      confirm: confirmation(pair, file))
  }

  /// How many of the lost packets that a sender repeats until they arrive it sent again.
  private static func repeats(_ lost: [PacketEvent]) -> String {
    let wanted = lost.filter(isRepeatedWhenLost)
    let repeated = wanted.count { $0.evidence.contains(.repeated) }
    if wanted.isEmpty { return "such packets are not repeated" }
    let others = lost.count - wanted.count
    return "the sender repeated \(repeated) of the \(CaseFile.count(wanted.count, "lost packet"))"
      + (others == 0 ? "" : " with data, SYN or FIN; the other \(others) are of kinds that are not repeated")
  }

  /// Whether it takes sequence space (RFC 9293, 3.4): acknowledgements, resets and datagrams are sent once.
  private static func isRepeatedWhenLost(_ event: PacketEvent) -> Bool {
    event.isTCP && event.flags & TCPFlags.rst == 0
      && (event.length > 0 || event.flags & (TCPFlags.syn | TCPFlags.fin) != 0)
  }

  private static func confirmation(_ pair: PointPair, _ file: CaseFile) -> String {
    if let box = BoxNames.inside(pair, file) {
      return "Read the drop counters of \(box) (policy, connection table, queues) before and after a repetition."
    }
    return "Read the interface error and discard counters at both ends of the link between \(file.names(pair))."
  }
}
