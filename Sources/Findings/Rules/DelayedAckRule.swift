import Flows
import Matching
import Packets
import Verdicts

/// `delayed-ack-nagle`: a sender that holds a small segment back until a receiver that delays acknowledgements sends one.
enum DelayedAckRule {
  /// How late delayed acknowledgements come, in nanoseconds: 40 to 200 ms, and 500 at most (RFC 9293, 3.8.6.3).
  private static let delays: ClosedRange<Int64> = 35_000_000...510_000_000
  /// What was held back leaves at once when the acknowledgement comes, in nanoseconds.
  private static let atOnceNS: Int64 = 2_000_000
  private static let fewestStalls = 3
  /// Connections with the longest silences that are read, and packets of them.
  private static let mostConnections = 256
  private static let mostPackets = 200_000

  private struct Case {
    var group: Int
    var direction: Direction
    var stalls = 0
    var totalNS: Int64 = 0
    var small: UInt32 = 0
    var ack: UInt32 = 0
    var next: UInt32 = 0
  }

  static func find(_ file: CaseFile) -> [Finding] {
    var byPoint: [Int: [Case]] = [:]
    let candidates = file.longestSilent(from: delays.lowerBound, most: mostConnections, packets: mostPackets) {
      // Both have sent data or acknowledged some, and there were enough packets to stall three times.
      $0.clientSide.packets >= 6 && $0.serverSide.packets >= 6
    }
    for index in candidates {
      let group = file.matched.groups[index]
      for direction in Direction.allCases {
        guard let position = file.point(nearestToSenderOf: direction, group),
          let found = stalls(index, position, direction, file)
        else { continue }
        byPoint[position, default: []].append(found)
      }
    }
    return byPoint.sorted { $0.key < $1.key }.map { position, cases in
      let count = cases.reduce(0) { $0 + $1.stalls }
      let total = cases.reduce(0) { $0 + $1.totalNS }
      return Finding(
        kind: "delayed-ack-nagle", severity: .warning, point: position,
        direction: CaseFile.onlyDirection(cases.map(\.direction)),
        title: "The host at \(file.name(position)) waits \(count) times for a delayed ACK before it sends on, "
          + "\(Milliseconds.text(total)) in all",
        explanation: "It sent a small segment, the other end acknowledged it without data only "
          + "\(Milliseconds.text(total / Int64(max(1, count)))) later (mean), and the next segment left at once after that: "
          + "Nagle's algorithm (RFC 896) and delayed acknowledgements (RFC 9293, 3.8.6.3) wait for each other. The path "
          + "delays nothing.",
        confidence: 0.85, connections: Set(cases.map { file.connectionIDs[$0.group] }).sorted(), packets: count,
        evidence: cases.prefix(1).flatMap {
          [
            Finding.Evidence(frame: file.frame(position, $0.small), says: "a small segment"),
            Finding.Evidence(frame: file.frame(position, $0.ack), says: "its ACK, delayed"),
            Finding.Evidence(frame: file.frame(position, $0.next), says: "the next segment, at once"),
          ]
        },
        confirm:
          "Set TCP_NODELAY on the sender, or let it write each message at once. Wireshark: tcp.analysis.ack_rtt > "
          + "0.035 && tcp.len == 0.")
    }
  }

  private static func stalls(_ index: Int, _ position: Int, _ direction: Direction, _ file: CaseFile) -> Case? {
    let group = file.matched.groups[index]
    let largest = file.side(of: group, at: position, direction)?.largestPayload ?? 0
    let allowed = file.side(of: group, at: position, direction.opposite)?.synOptions.maximumSegmentSize
    let full = UInt32(allowed.map { max(0, $0 - 12) } ?? Int(largest))
    var found = Case(group: index, direction: direction)
    var fastestNS = Int64.max
    var small: PacketRecord?
    var ack: PacketRecord?
    file.forEachSegment(of: group, at: position) { record, way in
      if way == direction {
        guard record.payloadLength > 0 else { return true }
        if let before = small, let answer = ack, record.timeNS - answer.timeNS <= atOnceNS,
          record.sequence == CaseFile.end(of: before), record.payloadLength < full
        {
          if found.stalls == 0 { (found.small, found.ack, found.next) = (before.frame, answer.frame, record.frame) }
          found.stalls += 1
          found.totalNS += answer.timeNS - before.timeNS
        }
        ack = nil
        small = record.payloadLength < full ? record : nil
        return true
      }
      guard let before = small, record.hasACK, record.acknowledgement == CaseFile.end(of: before) else { return true }
      fastestNS = min(fastestNS, record.timeNS - before.timeNS)
      ack =
        record.payloadLength == 0 && ack == nil && delays.contains(record.timeNS - before.timeNS) ? record : nil
      if record.payloadLength > 0 { small = nil }
      return true
    }
    // Where every acknowledgement takes so long it is the path that is long.
    guard found.stalls >= fewestStalls, isPathShort(group, position, found.totalNS / Int64(found.stalls), file) else {
      return nil
    }
    return found
  }

  /// Whether the handshake was answered in less than half of the time that the acknowledgements took.
  private static func isPathShort(_ group: ConnectionGroup, _ position: Int, _ meanNS: Int64, _ file: CaseFile) -> Bool
  {
    var opened: [Direction: Int64] = [:]
    var roundTripNS: Int64?
    file.forEachSegment(of: group, at: position) { record, way in
      if record.isSYN {
        if opened[way] == nil { opened[way] = record.timeNS }
        return true
      }
      // Client's SYN, server's SYN/ACK, client's ACK: from any point the whole is one round trip.
      if let start = opened[.clientToServer] { roundTripNS = record.timeNS - start }
      return false
    }
    return roundTripNS.map { $0 < meanNS / 2 } ?? false
  }
}
