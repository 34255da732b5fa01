import Correlation
import Flows
import Matching
import Packets
import Verdicts

/// `retransmission-storm`: a sender that spends much of what it sends on repeating itself.
enum RetransmissionStormRule {
  private static let fewestEvents = 5
  private static let fewestRepeats = 10
  /// Repeats among the segments with data, in percent.
  private static let leastShare = 30
  /// A keepalive or a window probe carries at most one byte.
  private static let leastPayload = 1
  /// What so many repeats carry at least.
  private static let fewestBytes = UInt64(fewestRepeats * (leastPayload + 1))
  /// Repeats of so many in a hundred segments are more than so many in a hundred bytes, unless they are very small ones.
  private static let leastShareOfBytes: UInt64 = 2

  /// Whether a sender's segments are worth a look: its bytes tell without.
  private static func mayRepeatItself(_ side: SideSummary) -> Bool {
    side.repeatedBytes >= fewestBytes && side.repeatedBytes * 100 >= side.payloadBytes * leastShareOfBytes
  }

  private struct Case {
    var group: Int
    var direction: Direction
    var segments = 0
    var repeats = 0
    var most = 0
    var frame: UInt32 = 0
    var lost = 0
  }

  static func find(_ file: CaseFile) -> [Finding] {
    var byPoint: [Int: [Case]] = [:]
    for (index, events) in file.eventsByGroup.sorted(by: { $0.key < $1.key }) where events.count >= fewestEvents {
      let group = file.matched.groups[index]
      guard file.isTCP(group) else { continue }
      for direction in Direction.allCases {
        guard let position = file.point(nearestToSenderOf: direction, group),
          let side = file.side(of: group, at: position, direction), mayRepeatItself(side),
          var found = storm(index, position, direction, file)
        else { continue }
        found.lost = events.count {
          file.tally.events[$0].kind == .drop && file.tally.events[$0].direction == direction
        }
        byPoint[position, default: []].append(found)
      }
    }
    return byPoint.sorted { $0.key < $1.key }.map { position, cases in
      let worst = cases.sorted { ($1.repeats, $0.group) < ($0.repeats, $1.group) }
      let repeats = cases.reduce(0) { $0 + $1.repeats }
      let lost = cases.reduce(0) { $0 + $1.lost }
      return Finding(
        kind: "retransmission-storm", severity: .warning, point: position,
        direction: CaseFile.onlyDirection(cases.map(\.direction)),
        title:
          "\(repeats) of \(cases.reduce(0) { $0 + $1.segments }) segments with data that leave \(file.name(position)) in "
          + "\(CaseFile.count(cases.count, "connection")) are repeats",
        explanation: "\(lost) packets of the same direction were lost on the path; "
          + (repeats > lost * 2
            ? "most repeats are therefore of data that had arrived: look at how acknowledgements come back. "
            : "the repeats follow from these losses. ")
          + "The segment that was sent most often was sent \(worst.first?.most ?? 0) times.",
        confidence: 0.9, connections: Set(cases.map { file.connectionIDs[$0.group] }).sorted(), packets: repeats,
        evidence: worst.prefix(CaseFile.mostEvidence).map {
          Finding.Evidence(frame: file.frame(position, $0.frame), says: "transmission number \($0.most) of it")
        },
        confirm: "Wireshark: tcp.analysis.retransmission || tcp.analysis.spurious_retransmission.")
    }
  }

  private static func storm(_ index: Int, _ position: Int, _ direction: Direction, _ file: CaseFile) -> Case? {
    var found = Case(group: index, direction: direction)
    var reached: UInt32?
    file.forEachSegment(of: file.matched.groups[index], at: position) { record, way in
      guard way == direction, record.payloadLength > leastPayload else { return true }
      found.segments += 1
      let end = CaseFile.end(of: record)
      if let known = reached, CaseFile.distance(from: known, to: end) <= 0 {
        found.repeats += 1
      } else {
        reached = end
      }
      return true
    }
    guard found.repeats >= fewestRepeats, found.repeats * 100 >= found.segments * leastShare else { return nil }
    // Only a storm is worth a table of its segments.
    var times: [UInt32: Int] = [:]
    file.forEachSegment(of: file.matched.groups[index], at: position) { record, way in
      guard way == direction, record.payloadLength > leastPayload else { return true }
      times[record.sequence, default: 0] += 1
      if let number = times[record.sequence], number > max(1, found.most) {
        (found.most, found.frame) = (number, record.frame)
      }
      return true
    }
    return found
  }
}
