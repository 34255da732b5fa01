import Flows
import Matching
import Packets
import Verdicts

/// `zero-window`: a receiver that closed its window while the sender had more to send: the host was slow, not the path.
enum ZeroWindowRule {
  /// Shorter stalls cost nobody anything, in nanoseconds.
  private static let leastNS: Int64 = 10_000_000

  static func find(_ file: CaseFile) -> [Finding] {
    var byPoint: [Int: [(group: Int, direction: Direction, stalls: WindowStalls)]] = [:]
    for (index, group) in file.matched.groups.enumerated() where file.isTCP(group) {
      for receiver in Direction.allCases {
        guard let position = file.point(nearestToSenderOf: receiver, group),
          file.side(of: group, at: position, receiver)?.sawZeroWindow == true
        else { continue }
        let stalls = WindowStalls(of: group, at: position, receiver: receiver, file)
        guard stalls.count > 0, stalls.totalNS >= leastNS else { continue }
        byPoint[position, default: []].append((index, receiver.opposite, stalls))
      }
    }
    return byPoint.sorted { $0.key < $1.key }.map { position, cases in
      let longest = cases.sorted { ($1.stalls.totalNS, $0.group) < ($0.stalls.totalNS, $1.group) }
      let count = cases.reduce(0) { $0 + $1.stalls.count }
      let total = CaseFile.total(cases.map(\.stalls.totalNS))
      return Finding(
        kind: "zero-window", severity: .warning, point: position,
        direction: CaseFile.onlyDirection(cases.map(\.direction)),
        title:
          "The host at \(file.name(position)) closed its window and held its sender up for \(Milliseconds.text(total))",
        explanation:
          "It advertised a window of 0 \(count == 1 ? "once" : "\(count) times") while the sender had more to "
          + "send: the application there read too slowly, and nothing on the path held the data back. "
          + longest.prefix(3).map { words($0.stalls, file.connectionIDs[$0.group]) }.joined(separator: " "),
        confidence: 0.97, connections: Set(cases.map { file.connectionIDs[$0.group] }).sorted(), packets: count,
        evidence: longest.prefix(2).flatMap { evidence($0.stalls, position, file) },
        confirm:
          "Wireshark: tcp.window_size_value == 0 && tcp.flags.reset == 0, or tcp.analysis.zero_window; on the host "
          + "see the receive queue (ss -tmi) and what the application waits for.")
    }
  }

  private static func words(_ stalls: WindowStalls, _ id: Int) -> String {
    let window =
      stalls.shift.map { "its window was at most \(stalls.largestWindow) bytes (scaled by 2^\($0))" }
      ?? "its window field was at most \(stalls.largestWindow) (the SYN with the scale was not captured)"
    return "#\(id): \(Milliseconds.text(stalls.totalNS)) in \(CaseFile.count(stalls.count, "stall"))"
      + (stalls.staysClosed ? ", the last of which never ended" : "")
      + "; \(window)"
      + (stalls.timesFull > 0 ? ", and the sender had filled it \(stalls.timesFull) times" : "")
      + (stalls.probes > 0 ? "; \(CaseFile.count(stalls.probes, "probe"))." : ".")
  }

  private static func evidence(_ stalls: WindowStalls, _ position: Int, _ file: CaseFile) -> [Finding.Evidence] {
    var evidence = [
      Finding.Evidence(frame: file.frame(position, stalls.closedFrame), says: "window 0: the host takes no more")
    ]
    if let opened = stalls.openedFrame {
      evidence.append(Finding.Evidence(frame: file.frame(position, opened), says: "the window is open again"))
    }
    return evidence
  }
}

/// The times in which one receiver's window was closed and the sender waited for it.
struct WindowStalls {
  /// Stalls, and how long they took together, in nanoseconds.
  private(set) var count = 0
  private(set) var totalNS: Int64 = 0
  /// Whether the window was still closed at the end.
  private(set) var staysClosed = false
  /// The largest window in bytes, or the largest window field where the scale is not known.
  private(set) var largestWindow: Int64 = 0
  /// The scale of the receiver's SYN; 0 where one side offered none; `nil` where the handshake was not captured.
  let shift: Int?
  /// How often the sender had sent all that the window allowed.
  private(set) var timesFull = 0
  /// Segments sent into the closed window.
  private(set) var probes = 0
  /// The frame that closed the window first, and the one that opened it again.
  private(set) var closedFrame: UInt32 = 0
  private(set) var openedFrame: UInt32?

  init(of group: ConnectionGroup, at position: Int, receiver: Direction, _ file: CaseFile) {
    shift = file.windowShift(of: group, at: position, receiver)
    // A window that was closed, since when, until when, and whether the sender was seen to wait.
    var closed: (frame: UInt32, sinceNS: Int64, openedNS: Int64?, opened: UInt32?, isProbed: Bool)?
    var acknowledged: UInt32?
    var window: Int64 = 0
    var lastNS: Int64 = 0
    file.forEachSegment(of: group, at: position) { record, way in
      lastNS = record.timeNS
      if record.isRST { return false }
      if way == receiver {
        guard record.hasACK, !record.isSYN else { return true }
        acknowledged = record.acknowledgement
        window = Int64(record.window) << Int64(shift ?? 0)
        largestWindow = max(largestWindow, window)
        if record.window == 0 {
          if closed == nil || closed?.openedNS != nil { closed = (record.frame, record.timeNS, nil, nil, false) }
        } else if closed != nil, closed?.openedNS == nil {
          closed?.openedNS = record.timeNS
          closed?.opened = record.frame
        }
        return true
      }
      guard let reached = acknowledged else { return true }
      let isProbe = record.payloadLength > 0 || record.sequence == reached &- 1
      if isProbe, let open = closed {
        if let openedNS = open.openedNS {
          take(open.frame, open.opened, openedNS - open.sinceNS)
          closed = nil
        } else {
          probes += 1
          closed?.isProbed = true
        }
      }
      if record.payloadLength > 0, window > 0, CaseFile.distance(from: reached, to: CaseFile.end(of: record)) >= window
      {
        timesFull += 1
      }
      return true
    }
    if let open = closed, open.isProbed {
      take(open.frame, open.opened, (open.openedNS ?? lastNS) - open.sinceNS)
      staysClosed = open.openedNS == nil
    }
  }

  private mutating func take(_ frame: UInt32, _ opened: UInt32?, _ lengthNS: Int64) {
    if count == 0 { (closedFrame, openedFrame) = (frame, opened) }
    count += 1
    totalNS = CaseFile.total([totalNS, max(0, lengthNS)])
  }
}
