import Correlation
import Flows
import Matching
import Packets
import Verdicts

/// `half-open`: one end goes on with a connection of which the other end knows nothing (RFC 9293, 3.5.1).
enum HalfOpenRule {
  private struct Case {
    var group: Int
    var asked: UInt32
    var reset: UInt32
  }

  static func find(_ file: CaseFile) -> [Finding] {
    var byPoint: [Int: [Case]] = [:]
    for (index, group) in file.matched.groups.enumerated() where file.isTCP(group) {
      for direction in Direction.allCases {
        guard let position = file.point(nearestToSenderOf: direction, group),
          file.side(of: group, at: position, direction)?.sawReset == true, !isMeddledWith(index, file),
          let found = resetByStranger(group, position, direction, file)
        else { continue }
        byPoint[position, default: []].append(Case(group: index, asked: found.asked, reset: found.reset))
      }
    }
    return byPoint.sorted { $0.key < $1.key }.map { position, cases in
      Finding(
        kind: "half-open", severity: .warning, point: position,
        title:
          "The host at \(file.name(position)) answers \(CaseFile.count(cases.count, "connection")) with RST as one it "
          + "does not know",
        explanation:
          "The other end sent into an open connection, and the answer is a RST without ACK whose number is the "
          + "packet's acknowledgement number, which is what a host without that connection sends (RFC 9293, 3.10.7.1). It "
          + "had sent neither FIN nor RST before: it was restarted, gave its address to another, or dropped the "
          + "connection in silence.",
        confidence: 0.85, connections: Set(cases.map { file.connectionIDs[$0.group] }).sorted(), packets: cases.count,
        evidence: cases.prefix(2).flatMap {
          [
            Finding.Evidence(frame: file.frame(position, $0.asked), says: "a packet into the open connection"),
            Finding.Evidence(frame: file.frame(position, $0.reset), says: "RST: no such connection"),
          ]
        },
        confirm: "Look when the host or its service started, and for a failover. Wireshark: tcp.flags.reset == 1 && "
          + "tcp.flags.ack == 0.")
    }
  }

  /// Whether something on the path changed or forged packets of the connection: then the host answers that.
  private static func isMeddledWith(_ index: Int, _ file: CaseFile) -> Bool {
    !file.matched.groups[index].leaks.isEmpty
      || (file.eventsByGroup[index] ?? []).contains {
        [.rewrite, .inject, .corrupt].contains(file.tally.events[$0].kind)
      }
  }

  private static func resetByStranger(
    _ group: ConnectionGroup, _ position: Int, _ direction: Direction, _ file: CaseFile
  ) -> (asked: UInt32, reset: UInt32)? {
    var found: (asked: UInt32, reset: UInt32)?
    var asked: PacketRecord?
    var sent: UInt32?
    file.forEachSegment(of: group, at: position) { record, way in
      if way != direction {
        asked = record
        return !record.isRST
      }
      if record.isFIN { return false }
      if record.isRST {
        // An end that closed and got more data answers in the same way, but it has sent FIN or RST before.
        if !record.hasACK, let asked, asked.hasACK, !asked.isSYN, asked.acknowledgement == record.sequence,
          sent.map({ $0 == record.sequence }) ?? true
        {
          found = (asked.frame, record.frame)
        }
        return false
      }
      if record.isSYN { sent = CaseFile.end(of: record) }
      let end = CaseFile.end(of: record)
      if sent.map({ CaseFile.distance(from: $0, to: end) > 0 }) ?? true { sent = end }
      return true
    }
    return found
  }
}
