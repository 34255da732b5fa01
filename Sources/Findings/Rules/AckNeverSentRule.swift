import Correlation
import Flows
import Matching
import Packets
import StreamAnalysis
import Verdicts

/// `ack-never-sent`: a host refuses acknowledgements of bytes that it never sent, where no segment is known to change them.
///
/// What one capture beside that host tells of an `ack-mangled`.
enum AckNeverSentRule {
  private struct Case {
    var group: Int
    /// The first segment with such a number, and how many there are.
    var asked: PacketRecord
    var count = 0
    /// The RST that answers it, and whether the other end has to ignore that.
    var reset: PacketRecord
    var isIgnorable = false
    /// Whether the other end went on after the RST.
    var goesOn = false
    var expected: UInt32
  }

  static func find(_ file: CaseFile) -> [Finding] {
    var byPoint: [Int: [Case]] = [:]
    for (index, group) in file.matched.groups.enumerated() where file.isTCP(group) {
      for direction in Direction.allCases {
        guard let position = file.point(nearestToSenderOf: direction, group),
          let side = file.side(of: group, at: position, direction), side.sawReset, side.sawSYN,
          !isExplained(index, file), let found = refused(index, position, direction, side, file)
        else { continue }
        byPoint[position, default: []].append(found)
      }
    }
    return byPoint.sorted { $0.key < $1.key }.map { position, cases in finding(position, cases, file) }
  }

  /// Whether the segment is known that changes the numbers.
  private static func isExplained(_ index: Int, _ file: CaseFile) -> Bool {
    (file.eventsByGroup[index] ?? []).contains {
      file.tally.events[$0].kind == .rewrite && file.tally.events[$0].field == .acknowledgement
    }
  }

  /// Acknowledgements outside of what the host had sent, the first of which it answered by a RST with that number.
  private static func refused(
    _ index: Int, _ position: Int, _ direction: Direction, _ side: SideSummary, _ file: CaseFile
  ) -> Case? {
    var found: Case?
    var strange: PacketRecord?
    var count = 0
    var numbers = SentNumbers(syn: side.initialSequence)
    var reached = side.initialSequence &+ 1
    var other: (expected: UInt32, window: UInt32)?
    file.forEachSegment(of: file.matched.groups[index], at: position) { record, way in
      if way == direction {
        let end = CaseFile.end(of: record)
        if record.isRST {
          if found == nil, let asked = strange, !record.hasACK, record.sequence == asked.acknowledgement {
            // Unscaled windows are taken for the largest they may mean (RFC 7323, 2.3).
            let (next, window) = other ?? (reached, 0)
            found = Case(
              group: index, asked: asked, reset: record, isIgnorable: record.sequence &- next > window,
              expected: reached)
          }
        } else if CaseFile.distance(from: reached, to: end) > 0 {
          reached = end
          numbers.reach(end)
        }
        return true
      }
      if found != nil, !record.isRST { found?.goesOn = true }
      guard record.hasACK, !record.isSYN, !record.isRST else { return true }
      if numbers.lack(record.acknowledgement, below: reached) {
        count += 1
        if strange == nil { strange = record }
      } else {
        other = (record.acknowledgement, UInt32(record.window) << 14)
      }
      return true
    }
    found?.count = count
    return found
  }

  private static func finding(_ position: Int, _ cases: [Case], _ file: CaseFile) -> Finding {
    let packets = cases.reduce(0) { $0 + $1.count }
    let ignored = cases.count { $0.isIgnorable && $0.goesOn }
    let first = cases[0]
    return Finding(
      kind: "ack-never-sent", severity: .warning, point: position,
      title: "The host at \(file.name(position)) refuses acknowledgements of bytes that it never sent, in "
        + CaseFile.count(cases.count, "connection"),
      explanation:
        "\(CaseFile.count(packets, "segment")) that fit the stream otherwise acknowledge a number outside of it: "
        + "\(first.asked.acknowledgement) in the first, where at most \(first.expected) was due. Its sender cannot have got "
        + "such bytes, so something between the two ends changes the number. The host answers with a RST of that number"
        + (ignored > 0
          ? "; in \(ignored) of \(CaseFile.count(cases.count, "connection")) it lies outside the other end's window, which "
            + "has to ignore it (RFC 9293, 3.10.7.4) and goes on." : "."),
      confidence: 0.9, connections: Set(cases.map { file.connectionIDs[$0.group] }).sorted(), packets: packets,
      evidence: cases.prefix(2).flatMap {
        [
          Finding.Evidence(
            frame: file.frame(position, $0.asked.frame), says: "acknowledges \($0.asked.acknowledgement), never sent"),
          Finding.Evidence(frame: file.frame(position, $0.reset.frame), says: "RST with that number"),
        ]
      },
      confirm:
        "Capture on both sides of each box between the two ends, and compare tcp.ack_raw of the segment; switch off "
        + "sequence number randomisation or a SYN proxy there.")
  }
}
