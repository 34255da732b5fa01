import Packets
import StreamAnalysis

// The words of `hopscope flags`: Wireshark's for the flags, ours for the causes.

extension Endpoint {
  /// `10.0.0.1:80`, `[2001:db8::1]:80`.
  var text: String { address.isV4 ? "\(address):\(port)" : "[\(address)]:\(port)" }
}

extension FlagRow {
  /// `Fast retransmission of frame 40 after 21.2 ms; asked for by SACK (90 %)`.
  var words: String {
    var parts = flagWords
    if parts.isEmpty, let plain = plainWords { parts.append(plain) }
    var text = parts.joined(separator: ", ")
    if let cause { text += (text.isEmpty ? "" : "; ") + cause.words }
    return text
  }

  private var flagWords: [String] {
    let flags = analysis.flags
    var words: [String] = []
    if flags.contains(.reusedPorts) { words.append("Port numbers reused") }
    if flags.contains(.fastRetransmission) {
      words.append("Fast retransmission")
    } else if flags.contains(.spuriousRetransmission) {
      words.append("Spurious retransmission")
    } else if flags.contains(.retransmission) {
      let since = analysis.repeatedFrame == 0 ? "" : ", \(milliseconds(analysis.sinceRepeatedNS)) after frame "
      words.append("Retransmission" + (since.isEmpty ? "" : since + "\(analysis.repeatedFrame)"))
    }
    if flags.contains(.outOfOrder) { words.append("Out-of-order") }
    if flags.contains(.lostSegment) { words.append("Previous segment not captured") }
    if flags.contains(.ackLostSegment) { words.append("ACKed unseen segment") }
    if flags.contains(.duplicateAck) {
      words.append("Duplicate ACK \(analysis.duplicateAckFrame)#\(analysis.duplicateAckNumber)")
    }
    for (flag, name) in Self.plainNames where flags.contains(flag) { words.append(name) }
    return words
  }

  private static let plainNames: [(AnalysisFlags, String)] = [
    (.keepAlive, "Keep-alive"), (.keepAliveAck, "Keep-alive ACK"), (.zeroWindow, "Zero window"),
    (.zeroWindowProbe, "Zero-window probe"), (.zeroWindowProbeAck, "Zero-window probe ACK"),
    (.windowUpdate, "Window update"), (.windowFull, "Window full"),
  ]

  /// Of a frame without a flag: what it acknowledges, or what is in flight.
  private var plainWords: String? {
    if analysis.ackedFrame != 0 {
      return "acknowledges frame \(analysis.ackedFrame) after \(milliseconds(analysis.ackRoundTripNS))"
    }
    return analysis.bytesInFlight.map { "\($0) bytes in flight" }
  }

  private func milliseconds(_ nanoseconds: Int64) -> String {
    let sign = nanoseconds < 0 ? "-" : ""
    let micros = nanoseconds.magnitude / 1000
    let digits = String(1000 + micros % 1000).dropFirst()
    return "\(sign)\(micros / 1000).\(digits) ms"
  }
}

extension Cause {
  /// `overtaken by later segments (IP ID; 90 %)`.
  var words: String {
    guard kind != .undecided else { return "cause undecided" }
    let because = evidence.words
    let share = "\(Int((confidence * 100).rounded())) %"
    return "\(kind.words) (\(because.isEmpty ? share : because.joined(separator: ", ") + "; " + share))"
  }
}

extension Cause.Kind {
  /// As in JSON.
  var name: String {
    switch self {
    case .reordered: "reordered"
    case .timeout: "timeout"
    case .fastRetransmit: "fast-retransmit"
    case .sackRecovery: "sack-recovery"
    case .tailLossProbe: "tail-loss-probe"
    case .spurious: "spurious"
    case .lostBefore: "lost-before"
    case .overtaken: "overtaken"
    case .missedByCapture: "missed-by-capture"
    case .neverSeen: "never-seen"
    case .skippedByte: "skipped-byte"
    case .undecided: "undecided"
    }
  }

  fileprivate var words: String {
    switch self {
    case .reordered: "sent once and overtaken: reordering"
    case .timeout: "repaired by the retransmission timer"
    case .fastRetransmit: "repaired after three duplicate ACKs"
    case .sackRecovery: "repaired because of SACKs"
    case .tailLossProbe: "tail loss probe"
    case .spurious: "needless: the first copy had arrived"
    case .lostBefore: "lost before this point, repaired later"
    case .overtaken: "overtaken by this one, came later"
    case .missedByCapture: "missed by the capture: acknowledged"
    case .neverSeen: "never repaired nor acknowledged: lost for good, or withheld"
    case .skippedByte: "one byte before the FIN: lost, or skipped by the sender"
    case .undecided: "cause undecided"
    }
  }
}

extension Cause.Evidence {
  private static let all: [(evidence: Cause.Evidence, name: String, words: String)] = [
    (.ipID, "ip-id", "IP ID"), (.timestamps, "tcp-timestamp", "timestamps"), (.roundTrip, "round-trip", "round trip"),
    (.duplicateAcks, "duplicate-acks", "duplicate ACKs"), (.sack, "sack", "SACK"),
    (.duplicateSACK, "duplicate-sack", "D-SACK"), (.timer, "timer", "timing"),
    (.acknowledged, "acknowledged", "acknowledgement"),
    (.neverAcknowledged, "never-acknowledged", "to the end of the capture"),
  ]

  /// As in JSON.
  var names: [String] { Self.all.filter { contains($0.evidence) }.map(\.name) }
  fileprivate var words: [String] { Self.all.filter { contains($0.evidence) }.map(\.words) }
}
