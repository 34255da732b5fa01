/// Why a segment was repeated, or what became of a gap: what one capture alone can tell beyond Wireshark's flags.
public struct Cause: BitwiseCopyable, Sendable, Hashable {
  /// What happened.
  public var kind: Kind
  /// 0 to 1: how much the evidence decides.
  public var confidence: Double
  /// What speaks for it.
  public var evidence: Evidence

  /// A cause with this confidence and evidence.
  public init(_ kind: Kind, _ confidence: Double, _ evidence: Evidence) {
    self.kind = kind
    self.confidence = confidence
    self.evidence = evidence
  }

  /// What happened.
  public enum Kind: UInt8, BitwiseCopyable, Sendable, Hashable, CaseIterable {
    /// The segment was sent once and overtaken by later ones: reordering, no repair.
    case reordered
    /// Repaired when the retransmission timer ran out (RFC 6298).
    case timeout
    /// Repaired after three duplicate ACKs (RFC 5681, 3.2).
    case fastRetransmit
    /// Repaired because SACKs told that three segments' worth of later bytes had arrived (RFC 6675), or within the
    /// recovery that this began.
    case sackRecovery
    /// The last segment sent again to draw an acknowledgement (RFC 8985, 7).
    case tailLossProbe
    /// Sent again needlessly: the first copy had arrived.
    case spurious
    /// The same packet once more, as the path or the capture copies one: its sender sent it once.
    case copy
    /// A SYN/ACK again though its acknowledgement had come: the server defers accepting, or its queue is full.
    case deferredAccept
    /// The bytes before the segment were lost before this point, and came later.
    case lostBefore
    /// The bytes before the segment were overtaken by it, and came later.
    case overtaken
    /// The bytes before the segment passed, but not into this capture: the receiver acknowledged them.
    case missedByCapture
    /// The bytes before the segment neither came nor were acknowledged: lost for good, or never sent.
    case neverSeen
    /// A FIN one byte beyond the data: that byte was lost, or the sender's stack skipped it.
    case skippedByte
    /// The bytes that are acknowledged are in the capture, behind the acknowledgement.
    case captureOrder
    /// The acknowledgement number is one that the other side never sent: it was changed on the way.
    case neverSent
    /// A RST that refuses an acknowledgement of what was never sent (RFC 9293, 3.10.7).
    case refusal
    /// The capture does not tell.
    case undecided
  }

  /// What speaks for a cause.
  public struct Evidence: OptionSet, BitwiseCopyable, Sendable, Hashable {
    /// The bits.
    public var rawValue: UInt16
    /// The set with these bits.
    public init(rawValue: UInt16) { self.rawValue = rawValue }
    /// The IP ID stands before, or behind, those of the segments around it.
    public static let ipID = Evidence(rawValue: 1 << 0)
    /// The TCP timestamp is not newer, or is newer, than that of the segments around it.
    public static let timestamps = Evidence(rawValue: 1 << 1)
    /// It came sooner, or not sooner, than a round trip allows.
    public static let roundTrip = Evidence(rawValue: 1 << 2)
    /// Duplicate ACKs asked for it.
    public static let duplicateAcks = Evidence(rawValue: 1 << 3)
    /// SACK blocks show what had arrived.
    public static let sack = Evidence(rawValue: 1 << 4)
    /// A duplicate SACK (RFC 2883) reports it.
    public static let duplicateSACK = Evidence(rawValue: 1 << 5)
    /// The time since it was sent before.
    public static let timer = Evidence(rawValue: 1 << 6)
    /// It was acknowledged before, or the bytes of the gap were acknowledged.
    public static let acknowledged = Evidence(rawValue: 1 << 7)
    /// To the end of the capture it was neither repaired nor acknowledged.
    public static let neverAcknowledged = Evidence(rawValue: 1 << 8)
    /// After a timeout, acknowledgements went on over bytes that were not repeated: the pattern of F-RTO (RFC 5682).
    public static let laterAcks = Evidence(rawValue: 1 << 9)
    /// The number lies where no byte of the stream can be.
    public static let numbers = Evidence(rawValue: 1 << 10)
    /// A RST carries the number.
    public static let reset = Evidence(rawValue: 1 << 11)
    /// It lies outside the window of the other end, which has to ignore it (RFC 9293, 3.10.7.4).
    public static let outsideWindow = Evidence(rawValue: 1 << 12)
  }
}

/// The cause that was found for one frame.
public struct FrameCause: BitwiseCopyable, Sendable {
  /// Frame number.
  public var frame: UInt32
  /// Why.
  public var cause: Cause
}
