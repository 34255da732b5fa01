/// One connection (or datagram flow, or echo session) followed over the points.
public struct ConnectionReport: Sendable, Equatable {
  /// Its number in the report, from 1.
  public var id: Int
  /// `tcp`, `udp`, `icmp` or `ip-N`.
  public var proto: String
  /// Its addresses at each point that saw it, in path order: together they are the NAT table.
  public var legs: [Leg]
  /// How sure it is that the legs belong together.
  public var match: MatchReport
  /// The two points between which one connection ends and another carries its bytes on, if so.
  public var terminatedBetween: PointPair?
  /// First packet by the reference clock, in nanoseconds since the Unix epoch.
  public var startNS: Int64
  /// Last packet by the reference clock.
  public var endNS: Int64
  /// Payload bytes from the client, retransmissions included, at the first point that sees them.
  public var bytesClientToServer: Int
  /// Payload bytes from the server, retransmissions included, at the first point that sees them.
  public var bytesServerToClient: Int
  /// Events of this connection.
  public var events: Int
  /// Of these, losses.
  public var lost: Int

  /// The addresses at one point.
  public struct Leg: Sendable, Equatable {
    /// Position of the point.
    public var point: Int
    /// The client's address and port as seen there, such as `10.1.0.10:36963` or `[2001:db8::1]:443`.
    public var client: String
    /// The server's address and port as seen there.
    public var server: String

    /// A leg.
    public init(point: Int, client: String, server: String) {
      self.point = point
      self.client = client
      self.server = server
    }
  }

  /// How sure it is that the legs belong together.
  public struct MatchReport: Sendable, Equatable {
    /// 0 to 1; 1 for a connection at a single point.
    public var confidence: Double
    /// Names of the features that agree: `isn`, `ip-id`, `tcp-timestamp`, `payload`, ….
    public var evidence: [String]
    /// Ids of the connections that it cannot be told apart from.
    public var ambiguousWith: [Int]

    /// A match.
    public init(confidence: Double, evidence: [String], ambiguousWith: [Int] = []) {
      self.confidence = confidence
      self.evidence = evidence
      self.ambiguousWith = ambiguousWith
    }
  }

  /// A connection with these facts.
  public init(
    id: Int, proto: String, legs: [Leg], match: MatchReport, terminatedBetween: PointPair?, startNS: Int64,
    endNS: Int64, bytesClientToServer: Int, bytesServerToClient: Int, events: Int, lost: Int
  ) {
    self.id = id
    self.proto = proto
    self.legs = legs
    self.match = match
    self.terminatedBetween = terminatedBetween
    self.startNS = startNS
    self.endNS = endNS
    self.bytesClientToServer = bytesClientToServer
    self.bytesServerToClient = bytesServerToClient
    self.events = events
    self.lost = lost
  }
}
