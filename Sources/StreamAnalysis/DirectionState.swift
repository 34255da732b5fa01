/// What is remembered of one direction of a stream.
///
/// A number of 0 stands for "not known yet" where the comment says so, as in Wireshark: a stream whose numbers pass
/// through 0 is judged as Wireshark judges it.
struct DirectionState {
  /// First sequence number: of the last SYN/ACK or the first SYN, or one below the first that was seen; if ``hasBase``.
  var base: UInt32 = 0
  var hasBase = false

  /// Behind the highest sequence number; 0: not known.
  var next: UInt32 = 0
  /// Frame that set ``next``.
  var nextFrame: UInt32 = 0
  /// Time of that frame, in ns.
  var nextTimeNS: Int64 = 0
  /// Behind the highest sequence number that is seen without a gap, or that was acknowledged; 0: not known.
  var acknowledgeable: UInt32 = 0
  var unacked = UnackedSegments()
  /// Whether no gap in the capture makes the bytes in flight a guess.
  var knowsFlight = true

  /// Acknowledgement number of the last segment; 0: not known.
  var lastAck: UInt32 = 0
  /// Time of the last segment, in ns.
  var lastTimeNS: Int64 = 0
  /// How often the last acknowledgement was repeated.
  var duplicateAcks: UInt32 = 0
  /// Whether the other side acknowledged what was not captured of this direction, since the last new acknowledgement:
  /// duplicate ACKs may be among it.
  var missesAcks = false
  /// Frame that brought the last acknowledgement first.
  var firstAckFrame: UInt32 = 0
  /// Window of the last segment as on the wire; more than 16 bits before the first.
  var window = UInt32.max
  /// Whether only a SYN was seen, or a RST behind it: its window is never scaled (RFC 7323, 2.2).
  var windowIsUnscaled = true
  var scale = WindowScale.unknown
  /// Flags of the last segment.
  var lastFlags: AnalysisFlags = []

  /// What is known of the shift of the window (RFC 7323, 2).
  enum WindowScale: BitwiseCopyable {
    /// The handshake was not captured.
    case unknown
    /// A SYN without the option was captured.
    case unused
    case shift(UInt8)
  }

  /// The window in bytes, `nil` as long as the scale is not known.
  @inline(__always)
  var windowBytes: UInt32? {
    switch scale {
    case .unknown: nil
    case .unused: window
    case .shift(let shift): windowIsUnscaled ? window : window << UInt32(shift)
    }
  }
}
