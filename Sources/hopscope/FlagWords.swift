import Packets
import StreamAnalysis

// The words of `hopscope flags`: Wireshark's for the flags, ours for the causes.

extension OutputBuffer {
  /// Adds `10.0.0.1:80`, `[2001:db8::1]:80`.
  mutating func append(_ endpoint: Endpoint) {
    if endpoint.address.isV4 {
      let bits = UInt32(truncatingIfNeeded: endpoint.address.low)
      for shift in [24, 16, 8, 0] as [UInt32] {
        append(UInt8(truncatingIfNeeded: bits >> shift))
        append((shift == 0 ? ":" : ".") as Unicode.Scalar)
      }
    } else {
      append(string: "[\(endpoint.address)]:")
    }
    append(endpoint.port)
  }

  /// Adds nanoseconds as milliseconds with three decimals.
  fileprivate mutating func appendMilliseconds(_ nanoseconds: Int64) {
    if nanoseconds < 0 { append("-" as Unicode.Scalar) }
    let micros = nanoseconds.magnitude / 1000
    append(micros / 1000)
    append("." as Unicode.Scalar)
    append(micros % 1000, width: 3, fill: "0")
    append(" ms")
  }

  /// Adds a share from 0 to 1 in percent.
  fileprivate mutating func appendPercent(_ share: Double) {
    append(Int((share * 100).rounded()))
    append(" %")
  }
}

extension FlagRow {
  /// Adds `Fast retransmission; repaired because of SACKs (SACK; 90 %)`.
  func writeWords(to output: inout OutputBuffer) {
    let start = output.count
    writeFlags(to: &output)
    if output.count == start { writePlain(to: &output) }
    guard let cause else { return }
    if output.count > start { output.append("; ") }
    cause.writeWords(to: &output)
  }

  private func writeFlags(to output: inout OutputBuffer) {
    let start = output.count
    for (flag, words) in Self.words where analysis.flags.contains(flag) {
      // A fast or spurious retransmission is one, too.
      if flag == .retransmission, !analysis.flags.isDisjoint(with: [.fastRetransmission, .spuriousRetransmission]) {
        continue
      }
      if flag == .spuriousRetransmission, analysis.flags.contains(.fastRetransmission) { continue }
      if output.count > start { output.append(", ") }
      output.append(words)
      if flag == .retransmission, analysis.repeatedFrame != 0 {
        output.append(", ")
        output.appendMilliseconds(analysis.sinceRepeatedNS)
        output.append(" after frame ")
        output.append(analysis.repeatedFrame)
      } else if flag == .duplicateAck {
        output.append(" " as Unicode.Scalar)
        output.append(analysis.duplicateAckFrame)
        output.append("#" as Unicode.Scalar)
        output.append(analysis.duplicateAckNumber)
      }
    }
  }

  private static let words: [(AnalysisFlags, StaticString)] = [
    (.reusedPorts, "Port numbers reused"), (.fastRetransmission, "Fast retransmission"),
    (.spuriousRetransmission, "Spurious retransmission"), (.retransmission, "Retransmission"),
    (.outOfOrder, "Out-of-order"), (.lostSegment, "Previous segment not captured"),
    (.ackLostSegment, "ACKed unseen segment"), (.duplicateAck, "Duplicate ACK"), (.keepAlive, "Keep-alive"),
    (.keepAliveAck, "Keep-alive ACK"), (.zeroWindow, "Zero window"), (.zeroWindowProbe, "Zero-window probe"),
    (.zeroWindowProbeAck, "Zero-window probe ACK"), (.windowUpdate, "Window update"), (.windowFull, "Window full"),
  ]

  /// Of a frame without a flag: what it acknowledges, or what is in flight.
  private func writePlain(to output: inout OutputBuffer) {
    if isQuoted {
      output.append("quoted in an ICMP error")
    } else if analysis.ackedFrame != 0 {
      output.append("acknowledges frame ")
      output.append(analysis.ackedFrame)
      output.append(" after ")
      output.appendMilliseconds(analysis.ackRoundTripNS)
    } else if let bytes = analysis.bytesInFlight {
      output.append(bytes)
      output.append(" bytes in flight")
    }
  }
}

extension Cause {
  /// Adds `overtaken by later segments (IP ID; 90 %)`.
  fileprivate func writeWords(to output: inout OutputBuffer) {
    output.append(kind.words)
    guard kind != .undecided else { return }
    output.append(" (")
    let start = output.count
    for (piece, _, words) in Evidence.all where evidence.contains(piece) {
      if output.count > start { output.append(", ") }
      output.append(words)
    }
    if output.count > start { output.append("; ") }
    output.appendPercent(confidence)
    output.append(")" as Unicode.Scalar)
  }
}

extension Cause.Kind {
  /// As in JSON.
  var name: StaticString {
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
    case .copy: "copy"
    case .deferredAccept: "deferred-accept"
    case .captureOrder: "capture-order"
    case .neverSent: "never-sent"
    case .refusal: "refusal"
    case .undecided: "undecided"
    }
  }

  fileprivate var words: StaticString {
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
    case .copy: "the same packet again: copied by the path or the capture"
    case .deferredAccept: "its ACK had come: the server defers accepting"
    case .captureOrder: "captured before what it acknowledges"
    case .neverSent: "acknowledges what was never sent: the number was changed on the way"
    case .refusal: "refuses an acknowledgement of what was never sent"
    case .undecided: "cause undecided"
    }
  }
}

extension Cause.Evidence {
  /// Each piece as in JSON, and in words.
  static let all: [(piece: Cause.Evidence, name: StaticString, words: StaticString)] = [
    (.ipID, "ip-id", "IP ID"), (.timestamps, "tcp-timestamp", "timestamps"), (.roundTrip, "round-trip", "round trip"),
    (.duplicateAcks, "duplicate-acks", "duplicate ACKs"), (.sack, "sack", "SACK"),
    (.duplicateSACK, "duplicate-sack", "D-SACK"), (.timer, "timer", "timing"),
    (.acknowledged, "acknowledged", "acknowledgement"),
    (.neverAcknowledged, "never-acknowledged", "to the end of the capture"),
    (.laterAcks, "later-acks", "later acknowledgements, as for F-RTO"), (.numbers, "numbers", "numbers"),
    (.reset, "reset", "RST with that number"), (.outsideWindow, "outside-window", "outside the window, so ignored"),
  ]
}
