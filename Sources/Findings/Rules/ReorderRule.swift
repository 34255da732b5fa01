import Correlation
import Verdicts

/// `reorder`: packets that arrived after one that was sent later (RFC 4737).
enum ReorderRule {
  static func find(_ file: CaseFile) -> [Finding] {
    file.eventsBySegment { $0.kind == .reorder }.map { pair, events in
      let delivered = file.tally.segments[pair].map { $0.clientToServer.delivered + $0.serverToClient.delivered } ?? 0
      let share = Double(events.count) / Double(max(1, delivered))
      let extent = events.map(\.count).max() ?? 0
      let late = events.map(\.lateNS).sorted()
      return Finding(
        kind: "reorder", severity: .fault, between: pair,
        direction: CaseFile.onlyDirection(events.map(\.direction)),
        title: "\(CaseFile.count(events.count, "packet")) reordered between \(file.names(pair))",
        explanation: "Upstream they left in order; downstream each came after packets that were sent later. "
          + "Reordered ratio \(Percent.text(share)); the farthest was overtaken by \(CaseFile.count(extent, "packet")); "
          + "late by \(Milliseconds.text(late[late.count / 2])) in the middle and \(Milliseconds.text(late.last ?? 0)) at most. "
          + "Retransmissions are not counted: the comparison is with the order upstream, not with sequence numbers. "
          + "Parallel links, queues of one bundle or a box with several cores do this.",
        confidence: CaseFile.meanConfidence(events),
        connections: file.connections(of: events), packets: events.count,
        evidence: events.prefix(CaseFile.mostEvidence).compactMap { event in
          event.downstream.map {
            Finding.Evidence(
              frame: file.frame($0),
              says: "\(file.describe(event)): \(CaseFile.count(event.count, "later packet")) came before it")
          }
        },
        confirm: "See whether the reordered packets of one connection take one member of a bundle: compare by 5-tuple.")
    }
  }
}
