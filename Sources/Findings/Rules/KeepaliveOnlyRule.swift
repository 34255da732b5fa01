import Flows
import Matching
import Packets
import Verdicts

/// `keepalive-only`: connections that carry nothing but keepalives (RFC 9293, 3.8.4).
enum KeepaliveOnlyRule {
  private static let fewestPackets: UInt32 = 2
  private static let shortestNS: Int64 = 1_000_000_000

  static func find(_ file: CaseFile) -> [Finding] {
    var cases: [(group: Int, position: Int, frame: UInt32, everyNS: Int64)] = []
    for (index, group) in file.matched.groups.enumerated() where file.isTCP(group) {
      guard let position = file.point(nearestToSenderOf: .clientToServer, group),
        let connection = file.connection(of: group, at: position), connection.longestSilenceNS >= shortestNS,
        isIdle(connection.clientSide), isIdle(connection.serverSide),
        !connection.clientSide.sawSYN, !connection.serverSide.sawSYN
      else { continue }
      var asked: PacketRecord?
      var first: UInt32?
      var (probes, other) = (0, 0)
      var askingWay = Direction.clientToServer
      file.forEachSegment(of: group, at: position) { record, way in
        if let probe = asked, way != askingWay, record.payloadLength == 0, record.acknowledgement == probe.sequence &+ 1
        {
          // The answer acknowledges one byte more than the probe's number: the probe lies before the window.
          probes += 1
          if first == nil { first = probe.frame }
          asked = nil
        } else if asked == nil || way == askingWay {
          (asked, askingWay) = (record, way)
        } else {
          other += 1
        }
        return other == 0
      }
      guard other == 0, probes >= 2, let first else { continue }
      let lasted = connection.lastNS - connection.firstNS
      cases.append((index, position, first, lasted / Int64(max(1, probes - 1))))
    }
    guard let first = cases.first else { return [] }
    return [
      Finding(
        kind: "keepalive-only", severity: .note,
        title: "\(CaseFile.count(cases.count, "connection")) carried nothing but keepalives",
        explanation:
          "Each probe lies one byte before the stream's end and is answered at once; no data, no handshake and "
          + "no close was seen. The first of them is probed every \(Milliseconds.text(first.everyNS)). The connection "
          + "is alive and unused: a pool, or an application that waits.",
        confidence: 0.95, connections: cases.map { file.connectionIDs[$0.group] }.sorted(), packets: cases.count,
        evidence: cases.prefix(CaseFile.mostEvidence).map {
          Finding.Evidence(frame: file.frame($0.position, $0.frame), says: "a keepalive probe")
        },
        confirm: "Wireshark: tcp.analysis.keep_alive || tcp.analysis.keep_alive_ack.")
    ]
  }

  private static func isIdle(_ side: SideSummary) -> Bool {
    side.packets >= fewestPackets && side.largestPayload <= 1 && !side.sawClose
  }
}
