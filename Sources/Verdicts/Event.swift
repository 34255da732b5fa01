/// Something that happened to one packet.
public struct Event: Sendable, Equatable {
  /// What happened.
  public enum Kind: UInt8, Sendable, Hashable, CaseIterable {
    /// On the wire upstream, never downstream.
    case drop
    /// Passed the point, but its capture does not hold it.
    case notCaptured
    /// Arrived after a packet that was sent later (RFC 4737).
    case reorder
    /// A further copy.
    case duplicate
    /// Changed, and the checksum no longer holds.
    case corrupt
    /// First appears on this segment.
    case inject
    /// Changed, and the checksum holds.
    case rewrite

    /// The word of the report.
    public var word: String {
      switch self {
      case .drop: "drop"
      case .notCaptured: "not-captured"
      case .reorder: "reorder"
      case .duplicate: "duplicate"
      case .corrupt: "corrupt"
      case .inject: "inject"
      case .rewrite: "rewrite"
      }
    }
  }

  /// What happened.
  public var kind: Kind
  /// Where.
  public var between: PointPair
  /// The point whose capture is concerned, for ``Kind/notCaptured``.
  public var point: Int?
  /// The packet's direction.
  public var direction: Direction
  /// Id of its connection.
  public var connection: Int
  /// When, by the reference clock, in nanoseconds since the Unix epoch.
  public var timeNS: Int64
  /// The packet at the upstream point.
  public var upstream: FrameReference?
  /// The packet at the downstream point.
  public var downstream: FrameReference?
  /// IPv4 identification as seen upstream (downstream for ``Kind/inject``); `nil` for IPv6.
  public var ipID: UInt16?
  /// TCP sequence number, or ICMP echo sequence; `nil` for other protocols.
  public var sequence: UInt32?
  /// Payload length in bytes.
  public var length: Int
  /// TCP flags byte; `nil` for other protocols.
  public var flags: UInt8?
  /// The field that was changed, by Wireshark's name, such as `tcp.ack`.
  public var field: String?
  /// Its value upstream.
  public var before: FieldValue?
  /// Its value downstream.
  public var after: FieldValue?
  /// 0 to 1.
  public var confidence: Double
  /// What the verdict rests on, in words.
  public var evidence: [String]

  /// An event with these facts.
  public init(
    kind: Kind, between: PointPair, point: Int? = nil, direction: Direction, connection: Int, timeNS: Int64,
    upstream: FrameReference? = nil, downstream: FrameReference? = nil, ipID: UInt16? = nil,
    sequence: UInt32? = nil, length: Int, flags: UInt8? = nil, field: String? = nil, before: FieldValue? = nil,
    after: FieldValue? = nil, confidence: Double, evidence: [String]
  ) {
    self.kind = kind
    self.between = between
    self.point = point
    self.direction = direction
    self.connection = connection
    self.timeNS = timeNS
    self.upstream = upstream
    self.downstream = downstream
    self.ipID = ipID
    self.sequence = sequence
    self.length = length
    self.flags = flags
    self.field = field
    self.before = before
    self.after = after
    self.confidence = confidence
    self.evidence = evidence
  }
}
