public import Packets

/// One connection, datagram flow or echo session as one point saw it.
public struct PointConnection: BitwiseCopyable, Sendable {
  // What every packet touches stands together at the front.
  /// IP protocol number.
  public var transport: UInt8
  /// How the client side was told from the server side.
  public var orientation: Orientation
  /// The line at which the first block of its records begins.
  var firstLine: UInt32 = 0
  /// Time of the first packet, in nanoseconds by the point's clock.
  public var firstNS: Int64
  /// Time of the last packet, in nanoseconds by the point's clock.
  public var lastNS: Int64
  /// The longest time between two packets that followed one another, in nanoseconds.
  public var longestSilenceNS: Int64 = 0
  /// The side that opened the connection, or sent the first datagram.
  public var client: Endpoint
  /// The other side.
  public var server: Endpoint
  /// What the server's side was seen to do, then the client's: which of them sent a packet no processor foresees, so it is
  /// chosen by index.
  @usableFromInline var sides = InlineArray<2, SideSummary>(repeating: SideSummary())

  /// How the client side was told from the server side, the surest first.
  public enum Orientation: UInt8, BitwiseCopyable, Sendable, Comparable {
    /// A SYN was seen.
    case syn
    /// A SYN/ACK was seen.
    case synAck
    /// The first datagram was sent by the client.
    case firstDatagram
    /// By port numbers: the lower one serves.
    case ports

    /// The surer one is less.
    public static func < (left: Orientation, right: Orientation) -> Bool { left.rawValue < right.rawValue }
  }

  /// Whether it is one between two endpoints, in either direction.
  @inline(__always)
  func isBetween(_ one: Endpoint, _ other: Endpoint, _ transport: UInt8) -> Bool {
    self.transport == transport
      && ((client == one && server == other) || (client == other && server == one))
  }

  /// Whether it is between addresses of one link, beyond which no router sends: multicast and link-local ones.
  @inlinable public var staysOnLink: Bool { client.address.staysOnLink || server.address.staysOnLink }
  /// What the client's side was seen to do.
  @inlinable public var clientSide: SideSummary {
    get { sides[1] }
    set { sides[1] = newValue }
  }
  /// What the server's side was seen to do.
  @inlinable public var serverSide: SideSummary {
    get { sides[0] }
    set { sides[0] = newValue }
  }
  /// The packets of both directions.
  @inlinable public var packets: Int { Int(clientSide.packets) + Int(serverSide.packets) }
  /// The side that sends in the direction away from, or towards, the client.
  @inlinable public subscript(fromClient fromClient: Bool) -> SideSummary { sides[fromClient ? 1 : 0] }
}

/// What one side of a connection was seen to send at one point.
public struct SideSummary: BitwiseCopyable, Sendable {
  /// Packets, copies made by the capture included.
  public var packets: UInt32 = 0
  /// Payload bytes, retransmissions included.
  public var payloadBytes: UInt64 = 0
  /// Payload bytes of the largest segment.
  public var largestPayload: UInt32 = 0
  /// A SYN or SYN/ACK was seen.
  public var sawSYN = false
  /// The only SYN or SYN/ACK has a wrong checksum: its numbers may be those of nobody.
  public var synIsDamaged = false
  /// A FIN or RST was seen.
  public var sawClose = false
  /// A RST was seen.
  public var sawReset = false
  /// A FIN was seen.
  public var sawFIN = false
  /// A window of 0 was advertised, other than in a SYN or RST.
  public var sawZeroWindow = false
  /// Sequence number of the SYN or SYN/ACK, if ``sawSYN``.
  public var initialSequence: UInt32 = 0
  /// Acknowledgement number of the SYN/ACK.
  public var synAcknowledgement: UInt32 = 0
  /// Sequence number of the first segment.
  public var firstSequence: UInt32 = 0
  /// The end of the stream as far as it was sent; RSTs carry whatever number their sender thought of, and do not count.
  public var reachedSequence: UInt32 = 0
  /// Options of the SYN or SYN/ACK.
  public var synOptions = SYNOptions.none
  /// TSval of the first SYN or SYN/ACK.
  public var synTimestamp: UInt32 = 0
  /// Sequence number of the first FIN itself, behind the payload of its segment, if ``sawFIN``.
  public var finSequence: UInt32 = 0

  /// Payload bytes that are more than the stream is long: those of repeats, and more where the first segments came late.
  @inlinable public var repeatedBytes: UInt64 {
    let length = UInt64(reachedSequence &- firstSequence)
    return payloadBytes > length ? payloadBytes - length : 0
  }
}
