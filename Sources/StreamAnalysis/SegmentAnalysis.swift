/// What the segments before one tell of it: Wireshark's flags and times for one frame.
public struct SegmentAnalysis: BitwiseCopyable, Sendable {
  /// Wireshark's flags.
  public var flags: AnalysisFlags = []
  /// Of a duplicate ACK: its number among those with this acknowledgement, from 1; else 0.
  public var duplicateAckNumber: UInt32 = 0
  /// Of a duplicate ACK: frame of the first acknowledgement with this number; else 0.
  public var duplicateAckFrame: UInt32 = 0
  /// Frame whose data this one acknowledges to its last byte; 0 if there is none.
  public var ackedFrame: UInt32 = 0
  /// From the acknowledged frame to this one, in ns, if ``ackedFrame`` is not 0.
  public var ackRoundTripNS: Int64 = 0
  /// Sent and not acknowledged once this frame is sent, in bytes; `nil` without payload, or after a gap in the capture.
  public var bytesInFlight: UInt32?
  /// From the SYN to the first acknowledgement of the SYN/ACK, in ns, once both were seen.
  public var initialRoundTripNS: Int64?
  /// From the frame before it in its stream to this one, in ns; 0 for the first.
  public var sincePreviousNS: Int64 = 0
  /// Of a retransmission: the frame that it is taken to repeat, or else the one with the highest sequence number; else 0.
  public var repeatedFrame: UInt32 = 0
  /// From ``repeatedFrame`` to this one, in ns, if that is not 0.
  public var sinceRepeatedNS: Int64 = 0

  /// A segment of which nothing is known.
  public init() {}
}
