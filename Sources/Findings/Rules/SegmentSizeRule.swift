import Correlation
import Flows
import Matching
import Packets
import Verdicts

/// `mss-mismatch`: a maximum segment size that a box raises, or segments larger than the receiver allowed.
enum SegmentSizeRule {
  static func find(_ file: CaseFile) -> [Finding] { raised(file) + exceeded(file) }

  /// Whether a box made an MSS larger than the host offered.
  static func isRaised(_ rewrite: FieldRewrite) -> Bool {
    guard let before = rewrite.before, let after = rewrite.after else { return false }
    return after > before
  }

  private static func raised(_ file: CaseFile) -> [Finding] {
    file.rewritesBySegment { $0.field == .mss && isRaised($0) }.map {
      pair, rewrites in
      let first = rewrites.min { $0.upstream.timeNS < $1.upstream.timeNS }
      let (before, after) = (first?.before ?? 0, first?.after ?? 0)
      return Finding(
        kind: "mss-mismatch", severity: .warning, between: pair,
        direction: CaseFile.onlyDirection(rewrites.map(\.direction)),
        title: "The MSS is raised between \(file.names(pair)), from \(before) to \(after)",
        explanation:
          "The host asked for segments of at most \(before) bytes and the other end believes \(after). What is "
          + "larger has to be fragmented on the way back or vanishes (RFC 9293, 3.7.1).",
        confidence: 0.98, connections: Set(rewrites.map { file.connectionIDs[$0.group] }).sorted(),
        packets: rewrites.reduce(0) { $0 + $1.packets },
        evidence: first.map {
          file.pairEvidence($0.upstream, $0.downstream, before: "MSS \(before)", after: "MSS \(after), same packet")
        } ?? [],
        confirm: "Wireshark: tcp.flags.syn == 1, compare tcp.options.mss_val; look for a fixed MSS in the box's rules.")
    }
  }

  private struct Case {
    var group: Int
    var direction: Direction
    var allowed: Int
    var largest: UInt32
  }

  private static func exceeded(_ file: CaseFile) -> [Finding] {
    var byPoint: [Int: [Case]] = [:]
    for (index, group) in file.matched.groups.enumerated() {
      for direction in Direction.allCases {
        guard let allowed = allowance(group, direction, file),
          let sender = file.point(nearestToSenderOf: direction, group),
          let largest = file.side(of: group, at: sender, direction)?.largestPayload
        else { continue }
        byPoint[sender, default: []].append(
          Case(group: index, direction: direction, allowed: allowed, largest: largest))
      }
    }
    return byPoint.sorted { $0.key < $1.key }.map { position, cases in
      let worst = cases.max { Int($0.largest) - $0.allowed < Int($1.largest) - $1.allowed }
      return Finding(
        kind: "mss-mismatch", severity: .warning, point: position,
        direction: CaseFile.onlyDirection(cases.map(\.direction)),
        title: "The host at \(file.name(position)) sends segments larger than the other end allowed, in "
          + CaseFile.count(cases.count, "connection"),
        explanation: "Up to \(worst?.largest ?? 0) bytes of payload where the SYN that reached it allows "
          + "\(worst?.allowed ?? 0) (RFC 9293, 3.7.1), at every point of the path, so no offload of one host shows them so.",
        confidence: 0.9, connections: Set(cases.map { file.connectionIDs[$0.group] }).sorted(), packets: cases.count,
        evidence: worst.flatMap { evidence($0, position, file) } ?? [],
        confirm:
          "Wireshark: tcp.len > \(worst?.allowed ?? 0); compare tcp.options.mss_val of the SYN from the other end.")
    }
  }

  /// What the other end allows, if every point that has the connection saw larger segments; two points at least.
  private static func allowance(_ group: ConnectionGroup, _ direction: Direction, _ file: CaseFile) -> Int? {
    var least: Int?
    var points = 0
    for position in group.members.indices where group.members[position] >= 0 {
      guard let sender = file.side(of: group, at: position, direction),
        let allowed = file.side(of: group, at: position, direction.opposite)?.synOptions.maximumSegmentSize,
        Int(sender.largestPayload) > allowed
      else { return nil }
      let counts = file.matched.points[position].counts
      if counts.largeSegments > 0 || counts.fillsChecksums { return nil }
      least = min(least ?? allowed, allowed)
      points += 1
    }
    return points >= 2 ? least : nil
  }

  private static func evidence(_ found: Case, _ position: Int, _ file: CaseFile) -> [Finding.Evidence] {
    var evidence: [Finding.Evidence] = []
    file.forEachSegment(of: file.matched.groups[found.group], at: position) { record, way in
      if way != found.direction, record.isSYN, evidence.isEmpty {
        evidence.append(Finding.Evidence(frame: file.frame(position, record.frame), says: "SYN: MSS \(found.allowed)"))
      }
      guard way == found.direction, Int(record.payloadLength) > found.allowed else { return true }
      evidence.append(
        Finding.Evidence(frame: file.frame(position, record.frame), says: "\(record.payloadLength) bytes of payload"))
      return false
    }
    return evidence
  }
}
