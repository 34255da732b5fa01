public import Packets

/// What an IP packet carries, able to write itself for IPv4 or IPv6.
public protocol IPPayload: Sendable {
  /// Sender; its address goes to the IP header.
  var source: Endpoint { get }
  /// Receiver; its address goes to the IP header.
  var destination: Endpoint { get }
  /// IP protocol number.
  var protocolNumber: UInt8 { get }
  /// Header and payload, with a checksum for these addresses.
  var bytes: [UInt8] { get }
}

extension IPPayload {
  /// The pseudo header for the family of the source address (RFC 9293, 3.1; RFC 8200, 8.1).
  func pseudoHeader(length: Int) -> [UInt8] {
    var bytes = source.address.networkBytes + destination.address.networkBytes
    bytes.appendBig(UInt32(length))
    bytes.appendBig(UInt32(protocolNumber))
    return bytes
  }

  /// This in an IPv4 packet.
  public func ipv4(
    id: UInt16 = 0, ttl: UInt8 = 64, trafficClass: UInt8 = 0, dontFragment: Bool = false, options: [UInt8] = [],
    totalLength: UInt16? = nil
  ) -> IPv4Packet {
    var packet = IPv4Packet(
      source: source.address, destination: destination.address, protocolNumber: protocolNumber, payload: bytes)
    packet.id = id
    packet.ttl = ttl
    packet.trafficClass = trafficClass
    packet.dontFragment = dontFragment
    packet.options = options
    packet.totalLength = totalLength
    return packet
  }

  /// This in an IPv6 packet.
  public func ipv6(
    hopLimit: UInt8 = 64, trafficClass: UInt8 = 0, extensions: [IPv6Extension] = [], payloadLength: UInt16? = nil
  ) -> IPv6Packet {
    var packet = IPv6Packet(
      source: source.address, destination: destination.address, protocolNumber: protocolNumber, payload: bytes)
    packet.hopLimit = hopLimit
    packet.trafficClass = trafficClass
    packet.extensions = extensions
    packet.payloadLength = payloadLength
    return packet
  }

  /// This in a packet of the family of its addresses, with all else as by default.
  public func ip() -> any IPPacket { source.address.isV4 ? ipv4() : ipv6() }
}

/// Any other protocol over IP: ESP, GRE, SCTP and the like.
public struct OpaquePayload: IPPayload {
  /// Sender; the port is not written.
  public var source: Endpoint
  /// Receiver; the port is not written.
  public var destination: Endpoint
  /// IP protocol number.
  public var protocolNumber: UInt8
  /// All that is behind the IP header.
  public var bytes: [UInt8]

  /// A payload of these bytes.
  public init(source: IPAddress, destination: IPAddress, protocolNumber: UInt8, bytes: [UInt8]) {
    self.source = Endpoint(address: source, port: 0)
    self.destination = Endpoint(address: destination, port: 0)
    self.protocolNumber = protocolNumber
    self.bytes = bytes
  }
}
