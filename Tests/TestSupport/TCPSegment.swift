public import Packets

/// A TCP segment to be built.
public struct TCPSegment: IPPayload {
  /// Sender.
  public var source: Endpoint
  /// Receiver.
  public var destination: Endpoint
  /// Sequence number.
  public var seq: UInt32
  /// Acknowledgement number.
  public var ack: UInt32
  /// The flag bits.
  public var flags: Flags
  /// Window as on the wire.
  public var window: UInt16
  /// Urgent pointer.
  public var urgentPointer: UInt16
  /// The options; padded with end-of-options bytes to a multiple of four.
  public var options: [TCPOption]
  /// The payload.
  public var payload: [UInt8]
  /// What the checksum field holds.
  public var checksum: Checksum
  /// Data offset in words if not the one of the header.
  public var dataOffset: UInt8?

  /// A segment with these values.
  public init(
    source: Endpoint, destination: Endpoint, seq: UInt32 = 0, ack: UInt32 = 0, flags: Flags = .ack,
    window: UInt16 = 65_535, urgentPointer: UInt16 = 0, options: [TCPOption] = [], payload: [UInt8] = [],
    checksum: Checksum = .correct, dataOffset: UInt8? = nil
  ) {
    self.source = source
    self.destination = destination
    self.seq = seq
    self.ack = ack
    self.flags = flags
    self.window = window
    self.urgentPointer = urgentPointer
    self.options = options
    self.payload = payload
    self.checksum = checksum
    self.dataOffset = dataOffset
  }

  /// The flag bits of a segment (RFC 9293, 3.1).
  public struct Flags: OptionSet, Sendable, Hashable {
    /// The bits.
    public var rawValue: UInt8
    /// The set with these bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    /// No more data.
    public static let fin = Flags(rawValue: 0x01)
    /// Synchronise.
    public static let syn = Flags(rawValue: 0x02)
    /// Reset.
    public static let rst = Flags(rawValue: 0x04)
    /// Push.
    public static let psh = Flags(rawValue: 0x08)
    /// Acknowledgement valid.
    public static let ack = Flags(rawValue: 0x10)
    /// Urgent pointer valid.
    public static let urg = Flags(rawValue: 0x20)
    /// ECN echo.
    public static let ece = Flags(rawValue: 0x40)
    /// Congestion window reduced.
    public static let cwr = Flags(rawValue: 0x80)
  }

  /// TCP.
  public var protocolNumber: UInt8 { 6 }

  /// Header, options and payload.
  public var bytes: [UInt8] {
    var optionBytes = options.flatMap(\.bytes)
    while !optionBytes.count.isMultiple(of: 4) { optionBytes.append(0) }
    precondition(optionBytes.count <= 40, "TCP options of \(optionBytes.count) bytes do not fit their 40")
    var bytes: [UInt8] = []
    bytes.appendBig(source.port)
    bytes.appendBig(destination.port)
    bytes.appendBig(seq)
    bytes.appendBig(ack)
    bytes.append((dataOffset ?? UInt8(5 + optionBytes.count / 4)) << 4)
    bytes.append(flags.rawValue)
    bytes.appendBig(window)
    bytes.appendBig(UInt16(0))
    bytes.appendBig(urgentPointer)
    bytes += optionBytes + payload
    bytes.setBig(checksum.field(over: pseudoHeader(length: bytes.count) + bytes), at: 16)
    return bytes
  }
}

/// A TCP option to be built (IANA TCP option kind numbers).
public enum TCPOption: Sendable {
  /// End of options.
  case end
  /// One byte of padding.
  case noOperation
  /// Maximum segment size in bytes.
  case maximumSegmentSize(UInt16)
  /// Shift of the window.
  case windowScale(UInt8)
  /// SACK permitted.
  case sackPermitted
  /// SACK blocks, one to four.
  case sack([(left: UInt32, right: UInt32)])
  /// Timestamps.
  case timestamps(value: UInt32, echo: UInt32)
  /// Fast Open with this cookie, or none to request one.
  case fastOpen(cookie: [UInt8])
  /// Any other, with what follows kind and length.
  case other(kind: UInt8, data: [UInt8])

  /// Kind, length and data.
  public var bytes: [UInt8] {
    var data: [UInt8] = []
    switch self {
    case .end: return [0]
    case .noOperation: return [1]
    case .maximumSegmentSize(let size):
      data.appendBig(size)
      return Self.option(2, data)
    case .windowScale(let shift): return Self.option(3, [shift])
    case .sackPermitted: return Self.option(4, [])
    case .sack(let blocks):
      for block in blocks {
        data.appendBig(block.left)
        data.appendBig(block.right)
      }
      return Self.option(5, data)
    case .timestamps(let value, let echo):
      data.appendBig(value)
      data.appendBig(echo)
      return Self.option(8, data)
    case .fastOpen(let cookie): return Self.option(34, cookie)
    case .other(let kind, let data): return Self.option(kind, data)
    }
  }

  private static func option(_ kind: UInt8, _ data: [UInt8]) -> [UInt8] { [kind, UInt8(2 + data.count)] + data }
}
