import Correlation
import Flows
import Matching
import Packets
import Verdicts

/// `only-syns-lost`: a segment refuses new connections while packets of established ones pass, as a full table does.
enum OnlySynsLostRule {
  private static let fewestConnections = 3
  /// The chance that losses without a choice hit SYNs alone must be smaller.
  private static let greatestChance = 1e-4

  static func find(_ file: CaseFile) -> [Finding] {
    file.eventsBySegment { $0.kind == .drop }.flatMap { pair, events in
      Direction.allCases.compactMap { direction in
        finding(pair, direction, events.filter { $0.direction == direction }, file)
      }
    }
  }

  /// Whether the packet opens a connection.
  static func isSYN(_ event: PacketEvent) -> Bool {
    event.isTCP && event.flags & (TCPFlags.syn | TCPFlags.ack) == TCPFlags.syn
  }

  private static func finding(
    _ pair: PointPair, _ direction: Direction, _ lost: [PacketEvent], _ file: CaseFile
  ) -> Finding? {
    guard !lost.isEmpty, lost.allSatisfy(isSYN), let ledger = file.tally.segments[pair]?[direction] else { return nil }
    let groups = Set(lost.map(\.group))
    let passed = file.matched.groups.indices.count { index in
      let group = file.matched.groups[index]
      let far = direction == .clientToServer ? pair.far : pair.near
      return group.members[pair.near] >= 0 && !group.reversed
        && file.side(of: group, at: far, direction)?.sawSYN == true
    }
    // Of the connections, one SYN each passed; what else passed is not a SYN.
    let syns = passed + lost.count
    let chance = HypergeometricTail.allWithin(syns, of: ledger.decided, drawn: lost.count)
    guard groups.count >= fewestConnections, ledger.decided > syns, chance < greatestChance else { return nil }
    let never = groups.count { index in
      let group = file.matched.groups[index]
      return file.side(of: group, at: direction == .clientToServer ? pair.far : pair.near, direction)?.sawSYN != true
    }
    return Finding(
      kind: "only-syns-lost", severity: .warning, between: pair, direction: direction,
      title: "Between \(file.names(pair)) only SYNs vanish: new connections are refused, established ones pass",
      explanation: "\(CaseFile.count(lost.count, "SYN")) of \(groups.count) connections lost, and none of the "
        + "\(ledger.decided - syns) other packets \(direction.word); losses without a choice would do so with a chance "
        + "of \(Percent.chance(chance)). In the end \(CaseFile.count(passed, "connection")) got a SYN through and \(never) did "
        + "not. A full or rate-limited connection table, a SYN flood limit or a licence limit does this.",
      confidence: 0.9, connections: groups.map { file.connectionIDs[$0] }.sorted(), packets: lost.count,
      evidence: file.evidence(lost) { "\(file.describe($0)): not at \(file.name($0.downstreamPosition))" },
      confirm:
        "Read the size and the fill of the connection table (conntrack -C against nf_conntrack_max) and its insert "
        + "failures while it happens. Wireshark: tcp.flags.syn == 1 && tcp.flags.ack == 0.")
  }
}

/// How likely draws without replacement are.
enum HypergeometricTail {
  /// The chance that all of `drawn` items, out of `total`, are among `marked` of them; the one-sided test of Fisher for a
  /// table with an empty cell.
  static func allWithin(_ marked: Int, of total: Int, drawn: Int) -> Double {
    // More than are marked cannot be drawn from among them: what was counted does not fit together, and shows nothing.
    guard drawn <= marked, marked <= total else { return 1 }
    var chance = 1.0
    for place in 0..<drawn where chance > 0 { chance *= Double(marked - place) / Double(total - place) }
    return chance
  }
}
