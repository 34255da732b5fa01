public import Packets

/// An ICMP message, or ICMPv6 where the addresses are of IPv6, to be built.
public struct ICMPMessage: IPPayload {
  /// Sender; the port is not written.
  public var source: Endpoint
  /// Receiver; the port is not written.
  public var destination: Endpoint
  /// Type.
  public var type: UInt8
  /// Code.
  public var code: UInt8
  /// The second four bytes of the header.
  public var rest: UInt32
  /// What follows the eight bytes of the header.
  public var payload: [UInt8]
  /// What the checksum field holds.
  public var checksum: Checksum

  /// A message with these values.
  public init(
    source: IPAddress, destination: IPAddress, type: UInt8, code: UInt8 = 0, rest: UInt32 = 0, payload: [UInt8] = [],
    checksum: Checksum = .correct
  ) {
    self.source = Endpoint(address: source, port: 0)
    self.destination = Endpoint(address: destination, port: 0)
    self.type = type
    self.code = code
    self.rest = rest
    self.payload = payload
    self.checksum = checksum
  }

  /// An echo request.
  public static func echoRequest(
    source: IPAddress, destination: IPAddress, identifier: UInt16, sequence: UInt16, payload: [UInt8] = [],
    checksum: Checksum = .correct
  ) -> ICMPMessage {
    ICMPMessage(
      source: source, destination: destination, type: source.isV4 ? 8 : 128,
      rest: UInt32(identifier) << 16 | UInt32(sequence), payload: payload, checksum: checksum)
  }

  /// The reply to an echo request.
  public static func echoReply(to request: ICMPMessage) -> ICMPMessage {
    ICMPMessage(
      source: request.destination.address, destination: request.source.address,
      type: request.source.address.isV4 ? 0 : 129, rest: request.rest, payload: request.payload)
  }

  /// An error of any type about `packet`, of which `quotedBytes` are quoted: 28 is what RFC 792 asks for.
  public static func error(
    from router: IPAddress, type: UInt8, code: UInt8 = 0, rest: UInt32 = 0, about packet: some IPPacket,
    quotedBytes: Int = 28
  ) -> ICMPMessage {
    ICMPMessage(
      source: router, destination: packet.source, type: type, code: code, rest: rest,
      payload: Array(packet.bytes.prefix(quotedBytes)))
  }

  /// "Fragmentation needed" (RFC 1191) or "packet too big" (RFC 4443), by the family of the packet.
  public static func tooBig(
    from router: IPAddress, mtu: UInt16, about packet: some IPPacket, quotedBytes: Int = 28
  ) -> ICMPMessage {
    let v4 = router.isV4
    return error(
      from: router, type: v4 ? 3 : 2, code: v4 ? 4 : 0, rest: UInt32(mtu), about: packet, quotedBytes: quotedBytes)
  }

  /// "Port unreachable", by the family of the packet.
  public static func portUnreachable(from host: IPAddress, about packet: some IPPacket) -> ICMPMessage {
    let v4 = host.isV4
    return error(from: host, type: v4 ? 3 : 1, code: v4 ? 3 : 4, about: packet, quotedBytes: v4 ? 28 : 48)
  }

  /// "Time exceeded in transit", by the family of the packet.
  public static func timeExceeded(from router: IPAddress, about packet: some IPPacket) -> ICMPMessage {
    let v4 = router.isV4
    return error(from: router, type: v4 ? 11 : 3, about: packet, quotedBytes: v4 ? 28 : 48)
  }

  /// ICMP or ICMPv6.
  public var protocolNumber: UInt8 { source.address.isV4 ? 1 : 58 }

  /// Header and payload.
  public var bytes: [UInt8] {
    var bytes: [UInt8] = [type, code, 0, 0]
    bytes.appendBig(rest)
    bytes += payload
    // Only the checksum of ICMPv6 covers a pseudo header (RFC 4443, 2.3).
    let covered = source.address.isV4 ? bytes : pseudoHeader(length: bytes.count) + bytes
    bytes.setBig(checksum.field(over: covered), at: 2)
    return bytes
  }
}
