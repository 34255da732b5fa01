public import Packets

/// An IP packet that has been built and can be put into a frame.
public protocol IPPacket: Sendable {
  /// Sender.
  var source: IPAddress { get }
  /// Receiver.
  var destination: IPAddress { get }
  /// Header and payload: a frame of the raw link types.
  var bytes: [UInt8] { get }
}

/// An IPv4 packet to be built.
public struct IPv4Packet: IPPacket {
  /// Sender.
  public var source: IPAddress
  /// Receiver.
  public var destination: IPAddress
  /// IP protocol number.
  public var protocolNumber: UInt8
  /// All behind the header.
  public var payload: [UInt8]
  /// Identification.
  public var id: UInt16 = 0
  /// Time to live.
  public var ttl: UInt8 = 64
  /// DSCP and ECN.
  public var trafficClass: UInt8 = 0
  /// "Don't fragment".
  public var dontFragment = false
  /// "More fragments".
  public var moreFragments = false
  /// Offset of this fragment in bytes, a multiple of eight.
  public var fragmentOffset = 0
  /// The options; padded with zeros to a multiple of four.
  public var options: [UInt8] = []
  /// The total length field if not the one of header and payload.
  public var totalLength: UInt16?

  /// A packet of these values, the others as by default.
  public init(source: IPAddress, destination: IPAddress, protocolNumber: UInt8, payload: [UInt8]) {
    precondition(source.isV4 && destination.isV4, "an IPv4 packet needs IPv4 addresses")
    self.source = source
    self.destination = destination
    self.protocolNumber = protocolNumber
    self.payload = payload
  }

  /// Header and payload.
  public var bytes: [UInt8] {
    var options = options
    while !options.count.isMultiple(of: 4) { options.append(0) }
    let headerLength = 20 + options.count
    var header: [UInt8] = [0x40 | UInt8(headerLength / 4), trafficClass]
    header.appendBig(totalLength ?? UInt16(headerLength + payload.count))
    header.appendBig(id)
    header.appendBig((dontFragment ? 0x4000 : 0) | (moreFragments ? 0x2000 : 0) | UInt16(fragmentOffset / 8))
    header += [ttl, protocolNumber, 0, 0] + source.networkBytes + destination.networkBytes + options
    header.setBig(Checksum.correct.field(over: header), at: 10)
    return header + payload
  }

  /// The packet in fragments of at most `size` payload bytes each, a multiple of eight.
  public func fragments(of size: Int) -> [IPv4Packet] {
    stride(from: 0, to: payload.count, by: size).map { offset in
      var fragment = self
      fragment.payload = Array(payload[offset..<min(offset + size, payload.count)])
      fragment.fragmentOffset = offset
      fragment.moreFragments = offset + size < payload.count
      return fragment
    }
  }
}

/// An IPv6 packet to be built.
public struct IPv6Packet: IPPacket {
  /// Sender.
  public var source: IPAddress
  /// Receiver.
  public var destination: IPAddress
  /// IP protocol number of the payload.
  public var protocolNumber: UInt8
  /// All behind the extension headers.
  public var payload: [UInt8]
  /// Hop limit.
  public var hopLimit: UInt8 = 64
  /// DSCP and ECN.
  public var trafficClass: UInt8 = 0
  /// Extension headers in their order.
  public var extensions: [IPv6Extension] = []
  /// The payload length field if not the one of extension headers and payload.
  public var payloadLength: UInt16?

  /// A packet of these values, the others as by default.
  public init(source: IPAddress, destination: IPAddress, protocolNumber: UInt8, payload: [UInt8]) {
    self.source = source
    self.destination = destination
    self.protocolNumber = protocolNumber
    self.payload = payload
  }

  /// Headers and payload.
  public var bytes: [UInt8] {
    let kinds = extensions.map(\.kind) + [protocolNumber]
    let chain = zip(extensions, kinds.dropFirst()).flatMap { [$1] + $0.body }
    var bytes: [UInt8] = []
    bytes.appendBig(UInt32(6) << 28 | UInt32(trafficClass) << 20)
    bytes.appendBig(payloadLength ?? UInt16(chain.count + payload.count))
    bytes += [kinds[0], hopLimit] + source.networkBytes + destination.networkBytes
    return bytes + chain + payload
  }
}

/// An IPv6 extension header to be built (RFC 8200, 4).
public struct IPv6Extension: Sendable {
  /// Its protocol number.
  public var kind: UInt8
  /// All of it behind the "next header" byte.
  public var body: [UInt8]

  /// Hop-by-hop options: padding that makes `length` bytes, a multiple of eight.
  public static func hopByHop(length: Int = 8) -> IPv6Extension { padded(0, length) }

  /// Destination options: padding that makes `length` bytes, a multiple of eight.
  public static func destinationOptions(length: Int = 8) -> IPv6Extension { padded(60, length) }

  /// A routing header of type 0 with no addresses.
  public static func routing(segmentsLeft: UInt8) -> IPv6Extension {
    IPv6Extension(kind: 43, body: [0, 0, segmentsLeft, 0, 0, 0, 0])
  }

  /// A fragment header; the offset is in bytes, a multiple of eight.
  public static func fragment(offset: Int, more: Bool, id: UInt32) -> IPv6Extension {
    var body: [UInt8] = [0]
    body.appendBig(UInt16(offset) | (more ? 1 : 0))
    body.appendBig(id)
    return IPv6Extension(kind: 44, body: body)
  }

  /// An authentication header of 24 bytes (RFC 4302).
  public static let authentication = IPv6Extension(kind: 51, body: [4] + Array(repeating: 0xAB, count: 22))

  private static func padded(_ kind: UInt8, _ length: Int) -> IPv6Extension {
    let padding = length - 4
    return IPv6Extension(
      kind: kind, body: [UInt8(length / 8 - 1), 1, UInt8(padding)] + Array(repeating: 0, count: padding))
  }
}
