public import Packets

/// What two hosts say to one another, and how their addresses and sequence numbers look at each point of a path.
public struct Conversation: Sendable {
  /// One for each point, in path order: together they are the NAT table.
  public var legs: [Leg]
  /// What is sent, in the order of sending.
  public var transmissions: [Transmission] = []
  /// Whether the client is at the far end of the path.
  public var clientIsFar = false

  /// How the conversation looks at one point.
  public struct Leg: Sendable {
    /// The client's address and port.
    public var client: Endpoint
    /// The server's address and port.
    public var server: Endpoint
    /// What is added to all sequence numbers of the client.
    public var clientShift: UInt32
    /// What is added to all sequence numbers of the server.
    public var serverShift: UInt32

    /// A leg between these two.
    public init(_ client: Endpoint, _ server: Endpoint, clientShift: UInt32 = 0, serverShift: UInt32 = 0) {
      self.client = client
      self.server = server
      self.clientShift = clientShift
      self.serverShift = serverShift
    }
  }

  /// One packet, sent once.
  public struct Transmission: Sendable {
    /// When its sender puts it on the wire, in nanoseconds of true time.
    public var timeNS: Int64
    /// Whether the client sends it.
    public var fromClient: Bool
    /// What it is; its addresses are those of the leg at each point.
    public var content: Content
    /// IPv4 identification.
    public var ipID: UInt16 = 0
    /// TTL or hop limit that it is sent with.
    public var ttl: UInt8 = 64
    /// The position after which it is lost; `nil` where it arrives.
    public var lostAfter: Int?
    /// Positions whose captures miss it.
    public var missedAt: Set<Int> = []

    /// What a transmission is.
    public enum Content: Sendable {
      /// TCP.
      case tcp(TCPSegment)
      /// UDP, with this payload.
      case udp([UInt8])
      /// An ICMP echo request from the client, or the reply from the server; the identifier is the client's port.
      case echo(sequence: UInt16, payload: [UInt8])
    }
  }

  /// A silent conversation with these legs.
  public init(legs: [Leg], clientIsFar: Bool = false) {
    precondition(!legs.isEmpty, "a conversation passes at least one point")
    self.legs = legs
    self.clientIsFar = clientIsFar
  }

  /// A silent conversation that looks the same at every one of `points` points.
  public init(_ client: Endpoint, _ server: Endpoint, points: Int, clientIsFar: Bool = false) {
    self.init(legs: Array(repeating: Leg(client, server), count: points), clientIsFar: clientIsFar)
  }

  /// The packet of a transmission as it is at a point, after `hops` routers.
  func packet(_ transmission: Transmission, at position: Int, hops: Int) -> any IPPacket {
    let leg = legs[position]
    let (source, destination) = transmission.fromClient ? (leg.client, leg.server) : (leg.server, leg.client)
    switch transmission.content {
    case .tcp(var segment):
      segment.source = source
      segment.destination = destination
      segment.seq &+= transmission.fromClient ? leg.clientShift : leg.serverShift
      if segment.flags.contains(.ack) { segment.ack &+= transmission.fromClient ? leg.serverShift : leg.clientShift }
      return Self.packet(segment, transmission, hops)
    case .udp(let payload):
      return Self.packet(
        UDPDatagram(source: source, destination: destination, payload: payload), transmission, hops)
    case .echo(let sequence, let payload):
      let request = ICMPMessage.echoRequest(
        source: leg.client.address, destination: leg.server.address, identifier: leg.client.port, sequence: sequence,
        payload: payload)
      return Self.packet(transmission.fromClient ? request : .echoReply(to: request), transmission, hops)
    }
  }

  private static func packet(_ payload: some IPPayload, _ transmission: Transmission, _ hops: Int) -> any IPPacket {
    let ttl = transmission.ttl - UInt8(hops)
    return payload.source.address.isV4 ? payload.ipv4(id: transmission.ipID, ttl: ttl) : payload.ipv6(hopLimit: ttl)
  }
}
