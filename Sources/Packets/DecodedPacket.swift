/// One packet as the decoder leaves it: the record, and the addresses by which a flow table finds its connection.
///
/// The record's `connection`, `frame` and `fromClient` are not yet set.
public struct DecodedPacket: BitwiseCopyable, Sendable {
  /// The normalised packet.
  public var record: PacketRecord
  /// Source; for an ICMP echo the port is the identifier.
  public var source: Endpoint
  /// Destination; for an ICMP echo the port is the identifier.
  public var destination: Endpoint
  /// IP protocol number of the innermost header that was decoded.
  public var transport: UInt8
  /// Bytes of the packet, by the length in its IP header, that were not on the wire: how far that length lies beyond the
  /// end of the frame; 0 for a packet that is as it should be.
  public var bytesBeyondFrame: UInt32
  /// For an ICMP error (`Marks.icmpError`): protocol number of the packet that it quotes, else 0.
  public var quotedTransport: UInt8
  /// Tunnels that were opened to reach the packet, 0 to 8.
  public var tunnels: UInt8
  /// For an ICMP error: source of the quoted packet, that is the host that the error goes to.
  public var quotedSource: Endpoint
  /// For an ICMP error: destination of the quoted packet.
  public var quotedDestination: Endpoint

  /// Where the packet belongs in its datagram, if it is marked ``PacketRecord/Marks/fragment``.
  public var fragment: Fragment

  /// A packet with every field zero.
  public init() {
    let nowhere = Endpoint(address: IPAddress(high: 0, low: 0), port: 0)
    record = PacketRecord()
    source = nowhere
    destination = nowhere
    transport = 0
    bytesBeyondFrame = 0
    quotedTransport = 0
    quotedSource = nowhere
    quotedDestination = nowhere
    tunnels = 0
    fragment = Fragment(identification: 0, protocolNumber: 0, offset: 0, length: 0, moreFollow: false)
  }
}

/// A part of an IP datagram (RFC 791, 3.2; RFC 8200, 4.5).
public struct Fragment: BitwiseCopyable, Sendable {
  /// Number that the fragments of a datagram share, 16 bits for IPv4 and 32 for IPv6.
  public var identification: UInt32
  /// Where its bytes belong, in bytes, 0 to 65,528.
  public var offset: UInt16
  /// Bytes of it on the wire behind the IP headers.
  public var length: UInt16
  /// IP protocol number that the fragments share; 0 for IPv6, where it is not what tells them apart.
  public var protocolNumber: UInt8
  /// Whether this is not the last one.
  public var moreFollow: Bool

  init(identification: UInt32, protocolNumber: UInt8, offset: Int, length: Int, moreFollow: Bool) {
    self.identification = identification
    self.protocolNumber = protocolNumber
    self.moreFollow = moreFollow
    self.offset = UInt16(truncatingIfNeeded: offset)
    self.length = UInt16(clamping: length)
  }
}

/// What became of the bytes of one frame.
public enum DecodeOutcome: Sendable, Hashable {
  /// An IP packet; the record is filled as far as the bytes go.
  case packet
  /// Not IP: ARP, LLDP, spanning tree and the like, with its EtherType or protocol number.
  case notIP(UInt16)
  /// A header contradicts itself or the frame ends inside the network header; nothing can be told of the packet.
  case malformed(MalformedLayer)
}

/// The layer at which decoding had to stop.
public enum MalformedLayer: UInt8, Sendable, Hashable, CaseIterable {
  /// Ethernet, VLAN tag, cooked header and the like.
  case link
  /// IPv4 or IPv6.
  case network
  /// TCP, UDP or ICMP.
  case transport
}
