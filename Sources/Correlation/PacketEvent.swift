public import Verdicts

/// Something that happened to one packet, before it is put into words.
///
/// There may be a million of them, so each takes 104 bytes; a report makes its own of one when it says it.
public struct PacketEvent: Sendable {
  /// What happened.
  public var kind: Event.Kind
  /// The packet's direction.
  public var direction: Direction
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
  /// DSCP (upper six bits) and ECN (lower two).
  public var trafficClass: UInt8
  /// IPv4 identification.
  public var ipID: UInt16
  /// TCP sequence number as on the wire.
  public var sequence: UInt32
  /// Payload bytes; of a partial loss those that did not arrive.
  public var length: UInt32
  /// What the verdict rests on.
  public var evidence: EventEvidence
  /// The packet at the upstream point.
  public var upstream: Sighting?
  /// The packet at the downstream point.
  public var downstream: Sighting?
  /// How long after the first packet that overtook it a reordered packet came, in nanoseconds.
  public var lateNS: Int64 = 0
  /// 0 to 1.
  public var confidence: Double
  @usableFromInline var near: UInt16
  @usableFromInline var far: UInt16
  @usableFromInline var concerned: UInt16?
  @usableFromInline var valueBefore: UInt32?
  @usableFromInline var valueAfter: UInt32?
  @usableFromInline var groupIndex: UInt32
  @usableFromInline var number: UInt32

  /// Something that happened between two points; which packets it is about, and what was changed, is added.
  init(
    kind: Event.Kind, between: PointPair, direction: Direction, group: Int, ipID: UInt16, sequence: UInt32,
    length: UInt32, flags: UInt8, trafficClass: UInt8, isTCP: Bool, isICMPError: Bool, isIPv6: Bool,
    evidence: EventEvidence, count: Int, confidence: Double
  ) {
    self.kind = kind
    self.direction = direction
    self.flags = flags
    self.trafficClass = trafficClass
    self.isTCP = isTCP
    self.isICMPError = isICMPError
    self.isIPv6 = isIPv6
    self.ipID = ipID
    self.sequence = sequence
    self.length = length
    self.evidence = evidence
    self.confidence = confidence
    near = UInt16(between.near)
    far = UInt16(between.far)
    groupIndex = UInt32(group)
    number = UInt32(count)
  }

  /// Where.
  @inlinable
  public var between: PointPair {
    get { PointPair(Int(near), Int(far)) }
    set { (near, far) = (UInt16(newValue.near), UInt16(newValue.far)) }
  }

  /// The point whose capture is concerned, for a capture's miss.
  @inlinable
  public var point: Int? {
    get { concerned.map(Int.init) }
    set { concerned = newValue.map { UInt16($0) } }
  }

  /// Index of the connection's group.
  @inlinable
  public var group: Int {
    get { Int(groupIndex) }
    set { groupIndex = UInt32(newValue) }
  }

  /// The changed field's value upstream, of 32 bits at most.
  @inlinable
  public var before: Int64? {
    get { valueBefore.map(Int64.init) }
    set { valueBefore = newValue.map { UInt32($0) } }
  }

  /// The changed field's value downstream, of 32 bits at most.
  @inlinable
  public var after: Int64? {
    get { valueAfter.map(Int64.init) }
    set { valueAfter = newValue.map { UInt32($0) } }
  }

  /// A number that belongs to the evidence: packets that overtook it, captures that lack it.
  @inlinable
  public var count: Int {
    get { Int(number) }
    set { number = UInt32(newValue) }
  }

  /// A packet at a point.
  public struct Sighting: Sendable, Hashable {
    /// Time by the point's clock, in nanoseconds.
    public var timeNS: Int64
    /// Running frame number at the point.
    public var frame: UInt32
    @usableFromInline var point: UInt16

    /// A sighting of this frame.
    @inlinable
    public init(position: Int, frame: UInt32, timeNS: Int64) {
      point = UInt16(position)
      self.frame = frame
      self.timeNS = timeNS
    }

    /// Position of the point.
    @inlinable
    public var position: Int {
      get { Int(point) }
      set { point = UInt16(newValue) }
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
  /// The first byte of it that did not arrive is the one that ``PacketEvent/count`` says, from 0.
  public static let missingFrom = EventEvidence(rawValue: 1 << 21)
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

  /// Whether it is an address or a port, whose values are the connection's.
  @inlinable public var isOfAddress: Bool { rawValue <= Field.destinationPort.rawValue }

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
