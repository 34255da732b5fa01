public import Verdicts

/// Something that happened to one packet, before it is put into words.
public struct PacketEvent: Sendable {
  /// What happened.
  public var kind: Event.Kind
  /// Where.
  public var between: PointPair
  /// The point whose capture is concerned, for a capture's miss.
  public var point: Int?
  /// The packet's direction.
  public var direction: Direction
  /// Index of the connection's group.
  public var group: Int
  /// The packet at the upstream point.
  public var upstream: Sighting?
  /// The packet at the downstream point.
  public var downstream: Sighting?
  /// IPv4 identification.
  public var ipID: UInt16
  /// TCP sequence number as on the wire.
  public var sequence: UInt32
  /// Payload bytes; of a partial loss those that did not arrive.
  public var length: UInt32
  /// TCP flags; ICMP type.
  public var flags: UInt8
  /// Whether ``sequence`` and ``flags`` are those of a TCP segment.
  public var isTCP: Bool
  /// Whether it is an ICMP error about the connection.
  public var isICMPError: Bool
  /// Whether it is over IPv6, so that there is no IP ID.
  public var isIPv6: Bool
  /// The field that was changed.
  public var field: Field?
  /// Its value upstream.
  public var before: Int64?
  /// Its value downstream.
  public var after: Int64?
  /// What the verdict rests on.
  public var evidence: EventEvidence
  /// A number that belongs to the evidence: packets that overtook it, captures that lack it.
  public var count: Int
  /// How long after the first packet that overtook it a reordered packet came, in nanoseconds.
  public var lateNS: Int64 = 0
  /// 0 to 1.
  public var confidence: Double

  /// A packet at a point.
  public struct Sighting: Sendable, Hashable {
    /// Position of the point.
    public var position: Int
    /// Running frame number at the point.
    public var frame: UInt32
    /// Time by the point's clock, in nanoseconds.
    public var timeNS: Int64

    /// A sighting of this frame.
    public init(position: Int, frame: UInt32, timeNS: Int64) {
      self.position = position
      self.frame = frame
      self.timeNS = timeNS
    }
  }
}

/// What a verdict on one packet rests on.
public struct EventEvidence: OptionSet, Sendable, Hashable {
  /// The bits.
  public var rawValue: UInt32
  /// The set with these bits.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// No capture further downstream has it.
  public static let absentDownstream = EventEvidence(rawValue: 1 << 0)
  /// The sender sent the same bytes again.
  public static let repeated = EventEvidence(rawValue: 1 << 1)
  /// The receiver acknowledged the bytes, and the sender never repeated them.
  public static let acknowledged = EventEvidence(rawValue: 1 << 2)
  /// The receiver acknowledged the bytes before the sender repeated them.
  public static let acknowledgedBeforeRepeat = EventEvidence(rawValue: 1 << 3)
  /// A point further downstream has it.
  public static let seenLater = EventEvidence(rawValue: 1 << 4)
  /// Weighed by how often the segment loses and the capture misses packets whose fate is sure.
  public static let weighed = EventEvidence(rawValue: 1 << 5)
  /// A later packet of the connection arrived before it.
  public static let overtaken = EventEvidence(rawValue: 1 << 7)
  /// Same packet twice downstream, once upstream.
  public static let twinDownstream = EventEvidence(rawValue: 1 << 8)
  /// The TTL is unlike that of the connection's other packets.
  public static let otherTTL = EventEvidence(rawValue: 1 << 9)
  /// No capture upstream has it.
  public static let absentUpstream = EventEvidence(rawValue: 1 << 11)
  /// The checksum held upstream and does not hold downstream.
  public static let checksumBroken = EventEvidence(rawValue: 1 << 12)
  /// The payload differs and the checksum holds.
  public static let checksumMended = EventEvidence(rawValue: 1 << 13)
  /// The sequence numbers are translated consistently and this one is not.
  public static let breaksTranslation = EventEvidence(rawValue: 1 << 14)
  /// The payload differs, and nothing tells whether the checksum holds.
  public static let checksumUnknown = EventEvidence(rawValue: 1 << 15)
  /// Part of the bytes arrived.
  public static let partial = EventEvidence(rawValue: 1 << 16)
  /// The segment had refused the same bytes before.
  public static let refusedBefore = EventEvidence(rawValue: 1 << 17)
  /// The TTL is that of the connection's other packets.
  public static let sameTTL = EventEvidence(rawValue: 1 << 18)
  /// It is a fragment, without which its datagram is lost.
  public static let isFragment = EventEvidence(rawValue: 1 << 19)
  /// Its fragments arrived but for one, which begins at the byte that ``PacketEvent/count`` says.
  public static let fragmentMissing = EventEvidence(rawValue: 1 << 20)
}

/// A header field that boxes change.
public enum Field: UInt8, Sendable, Hashable, CaseIterable {
  /// Source address.
  case sourceAddress
  /// Destination address.
  case destinationAddress
  /// Source port, or the identifier of an ICMP echo.
  case sourcePort
  /// Destination port.
  case destinationPort
  /// TTL or hop limit, changed otherwise than counted down.
  case ttl
  /// DSCP.
  case dscp
  /// ECN.
  case ecn
  /// IPv4 identification.
  case ipID
  /// Maximum segment size offered.
  case mss
  /// Window scale offered.
  case windowScale
  /// SACK permitted.
  case sackPermitted
  /// The timestamps option as a whole.
  case timestamps
  /// TSval.
  case timestampValue
  /// TSecr.
  case timestampEcho
  /// Sequence number.
  case sequence
  /// Acknowledgement number.
  case acknowledgement
  /// SACK block edges.
  case sack
  /// Window.
  case window
  /// How the bytes are cut into segments.
  case segmentation
  /// How a datagram is cut into fragments.
  case fragmentation
  /// Payload bytes.
  case payload
  /// TCP flags.
  case flags

  /// Wireshark's name of the field.
  public var name: String {
    switch self {
    case .sourceAddress: "ip.src"
    case .destinationAddress: "ip.dst"
    case .sourcePort: "tcp.srcport"
    case .destinationPort: "tcp.dstport"
    case .ttl: "ip.ttl"
    case .dscp: "ip.dsfield.dscp"
    case .ecn: "ip.dsfield.ecn"
    case .ipID: "ip.id"
    case .mss: "tcp.options.mss_val"
    case .windowScale: "tcp.options.wscale.shift"
    case .sackPermitted: "tcp.options.sack_perm"
    case .timestamps: "tcp.options.timestamp"
    case .timestampValue: "tcp.options.timestamp.tsval"
    case .timestampEcho: "tcp.options.timestamp.tsecr"
    case .sequence: "tcp.seq"
    case .acknowledgement: "tcp.ack"
    case .sack: "tcp.options.sack"
    case .window: "tcp.window_size_value"
    case .segmentation: "tcp.len"
    case .fragmentation: "ip.fragment"
    case .payload: "tcp.payload"
    case .flags: "tcp.flags"
    }
  }
}
