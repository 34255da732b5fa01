import Correlation
import Matching
import Packets
import Flows
import Verdicts

/// `defer-accept`: a server repeats its SYN/ACK although the handshake's last ACK had reached it.
///
/// A listening socket with TCP_DEFER_ACCEPT drops that ACK on purpose and waits for data; it is not a loss.
enum DeferAcceptRule {
  static func find(_ file: CaseFile) -> [Finding] {
    guard let last = file.matched.points.indices.last else { return [] }
    var cases: [(group: Int, ack: UInt32, repeated: UInt32)] = []
    for (index, group) in file.matched.groups.enumerated() {
      let position = group.reversed ? 0 : last
      guard group.members[position] >= 0 else { continue }
      if let frames = repeatedAfterACK(group, file.matched.points[position], position) {
        cases.append((index, frames.ack, frames.repeated))
      }
    }
    guard let first = cases.first else { return [] }
    let position = file.matched.groups[first.group].reversed ? 0 : last
    let ids = cases.map { file.connectionIDs[$0.group] }.sorted()
    return [
      Finding(
        kind: "defer-accept", severity: .warning, point: position,
        title:
          "\(file.name(position)) repeats SYN/ACKs whose ACK had arrived, in \(CaseFile.count(cases.count, "connection"))",
        explanation: "The client's ACK is in the capture at \(file.name(position)) before the repeated SYN/ACK, so "
          + "nothing was lost: the listening socket waits for data (TCP_DEFER_ACCEPT), or its accept queue is full.",
        confidence: 0.9, connections: ids, packets: cases.count,
        evidence: [
          Finding.Evidence(frame: file.frame(position, first.ack), says: "the ACK that ends the handshake"),
          Finding.Evidence(frame: file.frame(position, first.repeated), says: "the SYN/ACK again, after that ACK"),
        ],
        confirm: "Read the listening socket's options and queue (ss -lnt, nstat TcpExtListenOverflows) on the server.")
    ]
  }

  /// The frames of the handshake's ACK and of the first SYN/ACK after it, before any data of the client.
  ///
  /// Where the point is not at the server, a SYN/ACK may have been on its way when the ACK passed: one that answers a
  /// repeated SYN, for instance. Only a later one shows that the server had the ACK.
  private static func repeatedAfterACK(
    _ group: ConnectionGroup, _ traffic: PointTraffic, _ position: Int
  ) -> (ack: UInt32, repeated: UInt32)? {
    var syn: PacketRecord?
    var synAck: PacketRecord?
    var ack: PacketRecord?
    /// From the point to the server and back, as far as the handshake shows.
    var turnaroundNS: Int64 = 0
    for record in traffic.packets(of: Int(group.members[position])) {
      if record.marks.contains(.icmpError) || record.marks.contains(.captureCopy) { continue }
      let fromClient = record.marks.contains(.fromClient) != group.flipped[position]
      if !fromClient, record.isSYN, record.hasACK {
        if let ack {
          if record.timeNS - ack.timeNS <= turnaroundNS { continue }
          return (ack.frame, record.frame)
        }
        if let syn { turnaroundNS = max(turnaroundNS, record.timeNS - syn.timeNS) }
        synAck = record
      } else if fromClient, record.isSYN {
        syn = record
      } else if fromClient, let synAck, record.hasACK, !record.isSYN, !record.isRST {
        if record.payloadLength > 0 { return nil }
        if record.acknowledgement == synAck.sequence &+ 1, ack == nil { ack = record }
      }
    }
    return nil
  }
}
