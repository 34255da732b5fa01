/// What Wireshark calls a segment: the `tcp.analysis.*` flags of version 4.0.
///
/// A fast or spurious retransmission is a ``retransmission`` too, as Wireshark shows it.
public struct AnalysisFlags: OptionSet, BitwiseCopyable, Sendable, Hashable {
  /// The bits.
  public var rawValue: UInt16
  /// The set with these bits.
  @inlinable
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// Sequence space that was sent before.
  public static let retransmission = AnalysisFlags(rawValue: 1 << 0)
  /// Sent again within 20 ms of the third equal acknowledgement, or a later one, of exactly its first byte.
  public static let fastRetransmission = AnalysisFlags(rawValue: 1 << 1)
  /// Sent again though all of it had been acknowledged.
  public static let spuriousRetransmission = AnalysisFlags(rawValue: 1 << 2)
  /// Below the highest sequence number, not seen before, within the initial RTT (3 ms if that is not known).
  public static let outOfOrder = AnalysisFlags(rawValue: 1 << 3)
  /// Begins beyond the highest sequence number: the previous segment was not captured.
  public static let lostSegment = AnalysisFlags(rawValue: 1 << 4)
  /// Acknowledges data that was not captured.
  public static let ackLostSegment = AnalysisFlags(rawValue: 1 << 5)
  /// Repeats the acknowledgement before it, with the same window and no data.
  public static let duplicateAck = AnalysisFlags(rawValue: 1 << 6)
  /// None or one byte, one below the next sequence number.
  public static let keepAlive = AnalysisFlags(rawValue: 1 << 7)
  /// The answer to a keep-alive.
  public static let keepAliveAck = AnalysisFlags(rawValue: 1 << 8)
  /// The receive window is closed.
  public static let zeroWindow = AnalysisFlags(rawValue: 1 << 9)
  /// One byte sent into a closed window.
  public static let zeroWindowProbe = AnalysisFlags(rawValue: 1 << 10)
  /// The answer to a zero-window probe: the window is still closed.
  public static let zeroWindowProbeAck = AnalysisFlags(rawValue: 1 << 11)
  /// The acknowledgement before it with another window.
  public static let windowUpdate = AnalysisFlags(rawValue: 1 << 12)
  /// Fills the receiver's window to its last byte.
  public static let windowFull = AnalysisFlags(rawValue: 1 << 13)
  /// Opens a connection between ports of an earlier one.
  public static let reusedPorts = AnalysisFlags(rawValue: 1 << 14)

  /// Every flag with the last part of its field name in Wireshark, in the order in which they are written.
  public static let named: [(flag: AnalysisFlags, name: StaticString)] = [
    (.retransmission, "retransmission"), (.fastRetransmission, "fast_retransmission"),
    (.spuriousRetransmission, "spurious_retransmission"), (.outOfOrder, "out_of_order"),
    (.lostSegment, "lost_segment"), (.ackLostSegment, "ack_lost_segment"), (.duplicateAck, "duplicate_ack"),
    (.keepAlive, "keep_alive"), (.keepAliveAck, "keep_alive_ack"), (.zeroWindow, "zero_window"),
    (.zeroWindowProbe, "zero_window_probe"), (.zeroWindowProbeAck, "zero_window_probe_ack"),
    (.windowUpdate, "window_update"), (.windowFull, "window_full"), (.reusedPorts, "reused_ports"),
  ]
}

extension AnalysisFlags: CustomStringConvertible {
  /// The names, separated by commas: `retransmission,fast_retransmission`.
  public var description: String {
    Self.named.filter { contains($0.flag) }.map { "\($0.name)" }.joined(separator: ",")
  }
}
