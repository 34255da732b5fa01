import Correlation
import Flows
import Matching
import Packets
import Verdicts

/// `fin-beyond-stream`: a host leaves out sequence numbers that it never sends, so that its FIN cannot be accepted.
enum StreamGapRule {
  /// A larger hole may be a burst that the capture missed.
  private static let widest: Int64 = 64

  private struct Case {
    var group: Int
    var before: UInt32
    var after: UInt32
    var bytes: Int64
    var isFIN: Bool
  }

  static func find(_ file: CaseFile) -> [Finding] {
    var byPoint: [Int: [Case]] = [:]
    for (index, group) in file.matched.groups.enumerated() where file.isTCP(group) {
      for direction in Direction.allCases {
        guard let position = file.point(nearestToSenderOf: direction, group),
          let side = file.side(of: group, at: position, direction), side.sawSYN, side.sawFIN,
          // The FIN counts more bytes than all segments carried.
          UInt64(side.finSequence &- side.initialSequence &- 1) > side.payloadBytes,
          let found = hole(index, position, direction, file)
        else { continue }
        byPoint[position, default: []].append(found)
      }
    }
    return byPoint.sorted { $0.key < $1.key }.map { position, cases in
      let fins = cases.count(where: \.isFIN)
      let widths = Set(cases.map(\.bytes)).sorted().map { "\($0)" }.joined(separator: ", ")
      return Finding(
        kind: "fin-beyond-stream", severity: .warning, point: position,
        title: "The host at \(file.name(position)) skips sequence numbers that it never sends, in "
          + CaseFile.count(cases.count, "connection"),
        explanation:
          "\(fins == cases.count ? "The FIN" : "A segment") lies \(widths) bytes beyond the end of the stream; no "
          + "point ever saw these bytes, and the other end never acknowledged beyond them. It waits for them, and the "
          + "connection ends by a timeout or a RST. This is a fault of the sender's TCP, or of a card or driver that "
          + "segments for it; no box on the path did it.",
        confidence: 0.9, connections: Set(cases.map { file.connectionIDs[$0.group] }).sorted(), packets: cases.count,
        evidence: cases.prefix(2).flatMap {
          [
            Finding.Evidence(frame: file.frame(position, $0.before), says: "the stream ends here"),
            Finding.Evidence(
              frame: file.frame(position, $0.after), says: "\($0.isFIN ? "FIN" : "data") \($0.bytes) bytes further on"),
          ]
        },
        confirm: "Switch off segmentation offload on the host (ethtool -K tso off gso off) and look again. Wireshark: "
          + "tcp.analysis.lost_segment, with the frames above and the ACKs after them.")
    }
  }

  /// The first hole in the stream that nobody filled or acknowledged.
  private static func hole(_ index: Int, _ position: Int, _ direction: Direction, _ file: CaseFile) -> Case? {
    let group = file.matched.groups[index]
    var reached: UInt32?
    var before: UInt32 = 0
    var found: Case?
    var start: UInt32 = 0
    var isFilled = false
    file.forEachSegment(of: group, at: position) { record, way in
      if way != direction {
        if found != nil, record.hasACK, !record.isRST, CaseFile.distance(from: start, to: record.acknowledgement) > 0 {
          isFilled = true
        }
        return !isFilled
      }
      if record.isRST { return true }
      let end = CaseFile.end(of: record)
      if let known = reached {
        let gap = CaseFile.distance(from: known, to: record.sequence)
        if found == nil, gap > 0, record.sequenceLength > 0 {
          if gap > widest {
            isFilled = true
            return false
          }
          start = known
          found = Case(
            group: index, before: before, after: record.frame, bytes: gap, isFIN: record.isFIN)
        } else if found != nil, record.payloadLength > 0, CaseFile.distance(from: start, to: record.sequence) <= 0,
          CaseFile.distance(from: start, to: end) > 0
        {
          isFilled = true
          return false
        }
      }
      if record.sequenceLength > 0, reached.map({ CaseFile.distance(from: $0, to: end) > 0 }) ?? true {
        (reached, before) = (end, record.frame)
      }
      return true
    }
    guard let found, !isFilled, isAnswered(after: found.after, group, position, direction, file) else { return nil }
    return (file.eventsByGroup[index] ?? []).contains { file.tally.events[$0].kind == .notCaptured } ? nil : found
  }

  /// Whether the other end was heard of after the hole, so that its silence about the bytes means something.
  private static func isAnswered(
    after frame: UInt32, _ group: ConnectionGroup, _ position: Int, _ direction: Direction, _ file: CaseFile
  ) -> Bool {
    var answers = 0
    file.forEachSegment(of: group, at: position) { record, way in
      if way != direction, record.frame > frame, record.hasACK, !record.isRST { answers += 1 }
      return answers == 0
    }
    return answers > 0
  }
}
