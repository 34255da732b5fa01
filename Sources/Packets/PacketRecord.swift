/// One packet as every later stage sees it: 64 bytes, trivially copyable, no reference to the capture.
///
/// Which fields mean something depends on the protocol of the packet's connection and on ``marks``:
///
/// | field | TCP | UDP | ICMP echo | ICMP error |
/// |---|---|---|---|---|
/// | ``sequence`` | sequence number | 0 | echo sequence | sequence of the quoted segment, else 0 |
/// | ``acknowledgement`` | acknowledgement number | place in payload of a later fragment | as UDP | next-hop MTU, else 0 |
/// | ``flags`` | the eight flag bits | 0 | ICMP type | ICMP type |
/// | ``window`` | as on the wire, unscaled | 0 | ICMP code | ICMP code |
/// | ``sackLeft``, ``sackRight`` | first SACK block; on a SYN see ``synOptions`` | 0 | 0 | 0 |
public struct PacketRecord: BitwiseCopyable, Sendable {
  /// Nanoseconds since the Unix epoch, by the capturing point's own clock.
  public var timeNS: Int64
  /// XXH3 of the captured payload, seeded with its length on the wire; 0 where there is no payload.
  public var digest: UInt64
  /// The point's own number of the connection, from 0.
  public var connection: UInt32
  /// The frame's number within the point, from 1, running on over all of its files.
  public var frame: UInt32
  /// See the table above.
  public var sequence: UInt32
  /// See the table above.
  public var acknowledgement: UInt32
  /// Payload bytes on the wire (not only those captured).
  public var payloadLength: UInt32
  /// TSval of RFC 7323, if ``Marks/timestamps`` is set.
  public var timestampValue: UInt32
  /// TSecr of RFC 7323, if ``Marks/timestamps`` is set.
  public var timestampEcho: UInt32
  /// Left edge of the first SACK block (RFC 2018), if ``sackBlocks`` is not 0.
  public var sackLeft: UInt32
  /// Right edge of the first SACK block (RFC 2018), if ``sackBlocks`` is not 0.
  public var sackRight: UInt32
  /// IPv4 identification; 0 for IPv6.
  public var ipID: UInt16
  /// See the table above.
  public var window: UInt16
  /// Ones' complement sum of the payload (RFC 1071), 0 where not all of it was captured.
  public var payloadSum: UInt16
  /// What else is known of the packet.
  public var marks: Marks
  /// See the table above.
  public var flags: UInt8
  /// TTL or hop limit.
  public var ttl: UInt8
  /// DSCP (upper six bits) and ECN (lower two).
  public var trafficClass: UInt8
  /// Number of SACK blocks, 0 to 4.
  public var sackBlocks: UInt8

  /// A record with every field zero.
  @inlinable
  public init() {
    timeNS = 0
    digest = 0
    connection = 0
    frame = 0
    sequence = 0
    acknowledgement = 0
    payloadLength = 0
    timestampValue = 0
    timestampEcho = 0
    sackLeft = 0
    sackRight = 0
    ipID = 0
    window = 0
    payloadSum = 0
    marks = []
    flags = 0
    ttl = 0
    trafficClass = 0
    sackBlocks = 0
  }
}

extension PacketRecord {
  /// Facts about one packet that are either so or not.
  public struct Marks: OptionSet, BitwiseCopyable, Sendable, Hashable {
    /// The bits.
    public var rawValue: UInt16
    /// The set with these bits.
    @inlinable
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// Sent by the side that opened the connection (or sent the first datagram), as far as this point can tell.
    public static var fromClient: Marks { @inlinable get { Marks(rawValue: 1 << 0) } }
    /// The TCP timestamps option is present (RFC 7323).
    public static var timestamps: Marks { @inlinable get { Marks(rawValue: 1 << 1) } }
    /// The transport checksum was verified and does not hold.
    public static var badChecksum: Marks { @inlinable get { Marks(rawValue: 1 << 2) } }
    /// The transport checksum could be verified: all bytes it covers were captured, and it is not 0 in UDP over IPv4.
    public static var checksumVerified: Marks { @inlinable get { Marks(rawValue: 1 << 3) } }
    /// The capture holds fewer payload bytes than were on the wire.
    public static var payloadCut: Marks { @inlinable get { Marks(rawValue: 1 << 4) } }
    /// IPv4 "don't fragment".
    public static var dontFragment: Marks { @inlinable get { Marks(rawValue: 1 << 5) } }
    /// A fragment of a larger datagram.
    public static var fragment: Marks { @inlinable get { Marks(rawValue: 1 << 6) } }
    /// An ICMP error that quotes a packet of the connection.
    public static var icmpError: Marks { @inlinable get { Marks(rawValue: 1 << 7) } }
    /// A further copy of the packet before it that this capture saw twice (mirror port, several interfaces).
    public static var captureCopy: Marks { @inlinable get { Marks(rawValue: 1 << 8) } }
    /// Over IPv6.
    public static var ipv6: Marks { @inlinable get { Marks(rawValue: 1 << 9) } }
    /// The transport header was not captured whole: only the fields that were there are set.
    public static var headerCut: Marks { @inlinable get { Marks(rawValue: 1 << 10) } }
    /// The frame's own time was lost, and ``PacketRecord/timeNS`` is that of the frame before.
    public static var untimed: Marks { @inlinable get { Marks(rawValue: 1 << 11) } }
    /// A fragment that was kept behind packets which came after it, as long as a point is read.
    ///
    /// It shares the bit of ``untimed``; only a fragment is ever late.
    public static var waited: Marks { @inlinable get { Marks(rawValue: 1 << 11) } }
    /// The four bits from here are the number of ``PacketRecord/tunnel``.
    static let tunnelShift: UInt16 = 12
  }

  /// SYN (RFC 9293, 3.1).
  @inlinable
  public var isSYN: Bool { flags & TCPFlags.syn != 0 }
  /// FIN (RFC 9293, 3.1).
  @inlinable
  public var isFIN: Bool { flags & TCPFlags.fin != 0 }
  /// RST (RFC 9293, 3.1).
  @inlinable
  public var isRST: Bool { flags & TCPFlags.rst != 0 }
  /// ACK (RFC 9293, 3.1).
  @inlinable
  public var hasACK: Bool { flags & TCPFlags.ack != 0 }

  /// Sequence space that the segment takes: its payload, and one each for SYN and FIN (RFC 9293, 3.4).
  @inlinable
  public var sequenceLength: UInt32 { payloadLength &+ (isSYN ? 1 : 0) &+ (isFIN ? 1 : 0) }

  /// The options of a SYN or SYN/ACK, which take the place of the SACK block there.
  @inlinable
  public var synOptions: SYNOptions {
    get { SYNOptions(packed: sackLeft, shape: sackRight) }
    set {
      sackLeft = newValue.packed
      sackRight = newValue.shape
    }
  }
}

/// The bits of the TCP flags byte (RFC 9293, 3.1; RFC 3168 for ECE and CWR).
public enum TCPFlags {
  /// No more data from the sender.
  public static var fin: UInt8 { @inlinable get { 0x01 } }
  /// Synchronise sequence numbers.
  public static var syn: UInt8 { @inlinable get { 0x02 } }
  /// Reset the connection.
  public static var rst: UInt8 { @inlinable get { 0x04 } }
  /// Push.
  public static var psh: UInt8 { @inlinable get { 0x08 } }
  /// The acknowledgement number is valid.
  public static var ack: UInt8 { @inlinable get { 0x10 } }
  /// The urgent pointer is valid.
  public static var urg: UInt8 { @inlinable get { 0x20 } }
  /// ECN echo.
  public static var ece: UInt8 { @inlinable get { 0x40 } }
  /// Congestion window reduced.
  public static var cwr: UInt8 { @inlinable get { 0x80 } }
}
