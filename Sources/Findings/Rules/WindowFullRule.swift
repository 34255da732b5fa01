import Flows
import Matching
import Packets
import Verdicts

/// `window-full`: a sender that again and again has sent all that its receiver's window allows, and waits.
enum WindowFullRule {
  /// Connections that carry most, and packets of them, that are read.
  private static let mostConnections = 64
  private static let mostPackets = 400_000
  private static let fewestBytes: UInt64 = 100_000
  private static let fewestStalls = 5
  private static let leastNS: Int64 = 100_000_000
  /// A longer wait is a clock that was set, in nanoseconds: senders probe a window at least every few minutes.
  private static let longestNS: Int64 = 3_600_000_000_000
  /// Share of the time from the first to the last byte, in percent.
  private static let leastShare: Int64 = 20
  /// A sender that waited for the window goes on at once, in nanoseconds.
  private static let atOnceNS: Int64 = 2_000_000

  private struct Case {
    var group: Int
    var direction: Direction
    var stalls = 0
    var totalNS: Int64 = 0
    var lastedNS: Int64 = 0
    /// The window while the sender waited, and the largest one, in bytes.
    var least = Int64.max
    var largest: Int64 = 0
    var full: UInt32 = 0
    var opened: UInt32 = 0
  }

  static func find(_ file: CaseFile) -> [Finding] {
    var byPoint: [Int: [Case]] = [:]
    for (index, direction, position) in candidates(file) {
      guard let shift = file.windowShift(of: file.matched.groups[index], at: position, direction.opposite) else {
        continue
      }
      var found = Case(group: index, direction: direction)
      follow(&found, position, shift: shift, file)
      guard found.stalls >= fewestStalls, found.totalNS >= leastNS,
        found.totalNS / leastShare >= found.lastedNS / 100,
        let receiver = file.point(nearestToSenderOf: direction.opposite, file.matched.groups[index])
      else { continue }
      byPoint[receiver, default: []].append(found)
    }
    return byPoint.sorted { $0.key < $1.key }.map { point, cases in finding(point, cases, file) }
  }

  /// The directions that carry most, with the point nearest to their sender, as far as the budget goes.
  private static func candidates(_ file: CaseFile) -> [(index: Int, direction: Direction, position: Int)] {
    var found: [(index: Int, direction: Direction, position: Int, bytes: UInt64, packets: Int)] = []
    for (index, group) in file.matched.groups.enumerated() where file.isTCP(group) {
      for direction in Direction.allCases {
        guard let position = file.point(nearestToSenderOf: direction, group),
          let bytes = file.side(of: group, at: position, direction)?.payloadBytes, bytes >= fewestBytes,
          let packets = file.connection(of: group, at: position)?.packets
        else { continue }
        found.append((index, direction, position, bytes, packets))
      }
    }
    found.sort { ($1.bytes, $0.index) < ($0.bytes, $1.index) }
    var left = mostPackets
    return found.prefix(mostConnections).filter { one in
      guard one.packets <= left else { return false }
      left -= one.packets
      return true
    }.map { ($0.index, $0.direction, $0.position) }
  }

  private static func follow(_ found: inout Case, _ position: Int, shift: Int, _ file: CaseFile) {
    var (acknowledged, window, reached) = (UInt32(0), Int64(0), UInt32(0))
    var isKnown = false
    var firstNS: Int64?
    // The last segment before the sender waited, and the acknowledgement that let it go on.
    var waiting: PacketRecord?
    var opening: PacketRecord?
    file.forEachSegment(of: file.matched.groups[found.group], at: position) { record, way in
      if record.isSYN || record.isRST { return true }
      if way != found.direction {
        guard record.hasACK, !isKnown || CaseFile.distance(from: acknowledged, to: record.acknowledgement) >= 0 else {
          return true
        }
        (acknowledged, window, isKnown) = (record.acknowledgement, Int64(record.window) << Int64(shift), true)
        found.largest = max(found.largest, window)
        if waiting != nil, opening == nil { opening = record }
        return true
      }
      guard record.payloadLength > 0, isKnown else { return true }
      if firstNS == nil { firstNS = record.timeNS }
      found.lastedNS = record.timeNS - (firstNS ?? record.timeNS)
      let end = CaseFile.end(of: record)
      let isNew = CaseFile.distance(from: reached, to: end) > 0 || found.lastedNS == 0
      if let before = waiting, let open = opening, isNew, record.timeNS - open.timeNS <= atOnceNS,
        (0...longestNS).contains(open.timeNS - before.timeNS)
      {
        if found.stalls == 0 { (found.full, found.opened) = (before.frame, open.frame) }
        found.stalls += 1
        found.totalNS += open.timeNS - before.timeNS
      }
      (waiting, opening) = (nil, nil)
      if isNew { reached = end }
      let room = window - CaseFile.distance(from: acknowledged, to: reached)
      // Less room than for one segment of the usual size: a sender does not send less (RFC 9293, 3.8.6.2.1).
      if isNew, window > 0, room >= 0, room < Int64(record.payloadLength) {
        waiting = record
        found.least = min(found.least, window)
      }
      return true
    }
  }

  private static func finding(_ point: Int, _ cases: [Case], _ file: CaseFile) -> Finding {
    let worst = cases.sorted { ($1.totalNS, $0.group) < ($0.totalNS, $1.group) }
    let stalls = cases.reduce(0) { $0 + $1.stalls }
    return Finding(
      kind: "window-full", severity: .warning, point: point,
      direction: CaseFile.onlyDirection(cases.map(\.direction)),
      title: "The window of the host at \(file.name(point)) was full \(stalls) times and held its sender up for "
        + Milliseconds.text(cases.reduce(0) { $0 + $1.totalNS }),
      explanation: worst.prefix(3).map { words($0, file) }.joined(separator: " ")
        + " The sender had sent all that the window allows and went on at once when it opened, so neither the path nor "
        + "congestion control held it back.",
      confidence: 0.85, connections: Set(cases.map { file.connectionIDs[$0.group] }).sorted(), packets: stalls,
      evidence: worst.prefix(2).flatMap { one -> [Finding.Evidence] in
        guard let sender = file.point(nearestToSenderOf: one.direction, file.matched.groups[one.group]) else {
          return []
        }
        return [
          Finding.Evidence(frame: file.frame(sender, one.full), says: "fills the window"),
          Finding.Evidence(frame: file.frame(sender, one.opened), says: "the ACK that lets the sender go on"),
        ]
      },
      confirm: "Compare the receive buffer (net.ipv4.tcp_rmem, SO_RCVBUF) with bandwidth times round trip, and see "
        + "whether the application reads (ss -tmi). Wireshark: tcp.analysis.window_full.")
  }

  private static func words(_ one: Case, _ file: CaseFile) -> String {
    let why =
      one.least * 2 < one.largest
      ? "the window had shrunk to \(one.least) of \(one.largest) bytes: the application there reads too slowly."
      : "the window is \(one.largest) bytes at most: the buffer is too small for the round trip, or the application reads "
        + "too slowly."
    return
      "#\(file.connectionIDs[one.group]): \(Milliseconds.text(one.totalNS)) of \(Milliseconds.text(one.lastedNS)); "
      + why
  }
}
