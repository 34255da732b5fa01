/// What a SYN or SYN/ACK offers, packed into the two words of a ``PacketRecord`` that a SYN does not need.
///
///     packed:  31 ......... 16  15 ..... 8  7 ........ 0
///              MSS (0: none)    window      present kinds
///                               scale       (see below)
///                               (255: none)
public struct SYNOptions: BitwiseCopyable, Sendable, Hashable {
  /// MSS, window scale and the bits below, as drawn above.
  public var packed: UInt32
  /// Hash of the option kinds in their order, NOPs included: the shape a stack is known by.
  public var shape: UInt32

  /// The options with these two words.
  @inlinable
  public init(packed: UInt32, shape: UInt32) {
    self.packed = packed
    self.shape = shape
  }

  /// No option at all.
  public static let none = SYNOptions(packed: 255 << 8, shape: 0)

  /// SACK permitted (RFC 2018).
  public static let sackPermittedBit: UInt32 = 1
  /// Timestamps (RFC 7323).
  public static let timestampsBit: UInt32 = 2
  /// TCP Fast Open cookie or request (RFC 7413).
  public static let fastOpenBit: UInt32 = 4
  /// Multipath TCP (RFC 8684).
  public static let multipathBit: UInt32 = 8
  /// MD5 signature or TCP-AO (RFC 2385, RFC 5925).
  public static let authenticationBit: UInt32 = 16

  /// Maximum segment size in bytes, if given (RFC 9293, 3.7.1).
  public var maximumSegmentSize: Int? {
    let value = packed >> 16
    return value == 0 ? nil : Int(value)
  }

  /// Window scale shift 0 to 14, if given (RFC 7323).
  public var windowScale: Int? {
    let value = packed >> 8 & 0xFF
    return value == 255 ? nil : Int(value)
  }

  /// Whether selective acknowledgements may be sent.
  public var sackPermitted: Bool { packed & Self.sackPermittedBit != 0 }
  /// Whether the timestamps option is offered.
  public var timestamps: Bool { packed & Self.timestampsBit != 0 }
}
