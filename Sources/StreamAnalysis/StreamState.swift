public import Packets

/// One TCP connection as it is analysed, segment after segment in the order of capture.
///
///     var stream = StreamState()
///     let said = stream.add(record, fromLow: true)
///     said.flags  // [.retransmission]
///
/// Which of its two sides a caller names low does not matter, as long as it stays with it.
public struct StreamState: Sendable {
  private var low = DirectionState()
  private var high = DirectionState()
  private var handshake = Handshake()
  /// Time of the frame before, in ns.
  private var previousNS: Int64?

  /// What the first three segments tell of the time between the two sides.
  struct Handshake {
    /// Time of the last SYN, in ns.
    var synNS: Int64?
    /// From that to the acknowledgement that ends the handshake, in ns; 0: not known.
    var roundTripNS: Int64 = 0
  }

  /// A connection of which nothing was seen.
  public init() {}

  /// How a SYN fits to what was seen before it.
  public enum Opening: Sendable {
    /// It begins the stream or repeats its beginning.
    case same
    /// The ports are used again, and the segment still is one of this stream (a SYN/ACK).
    case reusedHere
    /// The ports are used again: the segment begins another stream.
    case another
  }

  /// How a segment fits to what was seen before it; call it before ``add(_:fromLow:)`` where streams are told apart.
  ///
  /// A SYN with the same initial sequence number is a repetition.
  @inline(__always)
  public func opening(_ record: PacketRecord, fromLow: Bool) -> Opening {
    guard record.isSYN else { return .same }
    let (hasBase, base) = fromLow ? (low.hasBase, low.base) : (high.hasBase, high.base)
    guard hasBase else { return .same }
    if record.hasACK { return record.sequence == base ? .same : .reusedHere }
    return record.sequence != base ? .another : .same
  }

  /// Notes that a frame of this stream was seen which cannot be analysed, as one quoted in an ICMP error.
  public mutating func touch(timeNS: Int64) -> SegmentAnalysis {
    var said = SegmentAnalysis()
    note(timeNS, &said)
    return said
  }

  /// Analyses the next segment.
  public mutating func add(_ record: PacketRecord, fromLow: Bool) -> SegmentAnalysis {
    var said = SegmentAnalysis()
    add(SequenceAnalysis.Segment(record), fromLow: fromLow, &said)
    return said
  }

  /// Analyses the next segment; of which nothing is said yet.
  @inline(__always)
  mutating func add(_ segment: SequenceAnalysis.Segment, fromLow: Bool, _ said: inout SegmentAnalysis) {
    note(segment.timeNS, &said)
    if fromLow {
      SequenceAnalysis.analyse(segment, from: &low, to: &high, &handshake, &said)
    } else {
      SequenceAnalysis.analyse(segment, from: &high, to: &low, &handshake, &said)
    }
    if handshake.roundTripNS != 0 { said.initialRoundTripNS = handshake.roundTripNS }
  }

  @inline(__always)
  private mutating func note(_ timeNS: Int64, _ said: inout SegmentAnalysis) {
    if let previousNS { said.sincePreviousNS = timeNS &- previousNS }
    previousNS = timeNS
  }
}
