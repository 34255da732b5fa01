/// Turns the bytes of one frame into a ``DecodedPacket``.
///
///     frame:  | link header, tags | IP header(s) | transport header | payload | padding |
///             LinkFraming           IPv4Header     TCPHeader …        setPayload
///             → NetworkStart        IPv6Header     → fields of        → length, digest, sum
///                                   → TransportExtent  the record
///
/// It holds no state between frames, allocates nothing and never traps, whatever the bytes.
public struct PacketDecoder: Sendable {
  private let framing: LinkFraming?

  /// A decoder for frames of one link type; ask ``supports(_:)`` first.
  public init(linkType: LinkType) { framing = LinkFraming(linkType) }

  /// Whether frames of this link type can be decoded.
  public static func supports(_ linkType: LinkType) -> Bool { LinkFraming(linkType) != nil }

  /// Decodes one frame of which `bytes` were captured and `wireLength` bytes were on the wire.
  ///
  /// Resets the packet first; time, frame, connection and direction are the caller's to set afterwards. With an outcome
  /// other than `.packet` the fields are only what had been read by then. An ICMP error is marked `icmpError` if
  /// the addresses of the packet that it quotes could be read. A frame of an unsupported link type is
  /// `.malformed(.link)`.
  public func decode(_ bytes: RawSpan, wireLength: Int, into packet: inout DecodedPacket) -> DecodeOutcome {
    packet = DecodedPacket()
    guard let framing else { return .malformed(.link) }
    // Lengths on the wire have 32 bits in every capture format; with that, offsets below cannot overflow.
    let wireEnd = max(bytes.byteCount, min(wireLength, Int(UInt32.max)))
    switch framing.networkStart(in: bytes) {
    case .ipv4(let offset): return packet.decodeIPv4(bytes, at: offset, wireEnd: wireEnd)
    case .ipv6(let offset): return packet.decodeIPv6(bytes, at: offset, wireEnd: wireEnd)
    case .notIP(let number): return .notIP(number)
    case .malformed: return .malformed(.link)
    case .noVersion: return .malformed(.network)
    }
  }
}

extension DecodedPacket {
  @inline(__always)
  fileprivate mutating func decodeIPv4(_ bytes: RawSpan, at offset: Int, wireEnd: Int) -> DecodeOutcome {
    guard let header = IPv4Header(bytes, at: offset), bytes.holds(header.length, at: offset) else {
      return .malformed(.network)
    }
    let end = header.totalLength == 0 ? wireEnd : offset &+ header.totalLength
    let start = offset &+ header.length
    guard end >= start else { return .malformed(.network) }
    if end > wireEnd { bytesBeyondFrame = UInt32(clamping: end &- wireEnd) }
    source.address = IPAddress(v4: header.source)
    destination.address = IPAddress(v4: header.destination)
    transport = header.protocolNumber
    record.ipID = header.identification
    record.ttl = header.ttl
    record.trafficClass = header.trafficClass
    if header.dontFragment { record.marks.insert(.dontFragment) }
    let isRouted = header.length > IPv4Header.minimumLength && header.hasSourceRoute(bytes, at: offset)
    return decodeTransport(
      bytes, from: start, wireEnd: end, position: header.fragment, addressesKnown: !isRouted)
  }

  @inline(__always)
  fileprivate mutating func decodeIPv6(_ bytes: RawSpan, at offset: Int, wireEnd: Int) -> DecodeOutcome {
    guard let header = IPv6Header(bytes, at: offset) else { return .malformed(.network) }
    let behind = offset + IPv6Header.length
    let isSized = header.payloadLength != 0 || header.nextHeader == IPv6ExtensionHeaders.noNextHeader
    let end = isSized ? behind + header.payloadLength : wireEnd
    if end > wireEnd { bytesBeyondFrame = UInt32(clamping: end &- wireEnd) }
    let packetBytes = bytes.extracting(first: end)
    guard let chain = IPv6ExtensionHeaders(packetBytes, at: behind, nextHeader: header.nextHeader) else {
      return .malformed(.network)
    }
    source.address = header.source
    destination.address = header.destination
    transport = chain.nextHeader
    record.ttl = header.hopLimit
    record.trafficClass = header.trafficClass
    record.marks.insert(.ipv6)
    return decodeTransport(
      bytes, from: chain.end, wireEnd: end, position: chain.position, addressesKnown: !chain.hasSegmentsLeft)
  }

  /// Decodes what is behind the IP headers: `start` is within the bytes, `wireEnd` is not before it.
  @inline(__always)
  private mutating func decodeTransport(
    _ bytes: RawSpan, from start: Int, wireEnd: Int, position: FragmentPosition, addressesKnown: Bool
  ) -> DecodeOutcome {
    let bytes = bytes.extracting(first: wireEnd)
    if position != .whole { record.marks.insert(.fragment) }
    guard position != .later else {
      record.setPayload(bytes, from: start, wireEnd: wireEnd)
      return .packet
    }
    let isVerifiable = addressesKnown && position == .whole
    let extent = TransportExtent(
      start: start, wireEnd: wireEnd, isFragment: position == .first,
      addressSum: isVerifiable ? source.address.partialSum &+ destination.address.partialSum : nil)
    switch transport {
    case TransportProtocol.tcp: return decodeTCP(bytes, extent)
    case TransportProtocol.udp: return decodeUDP(bytes, extent)
    case TransportProtocol.icmp where !record.marks.contains(.ipv6): return decodeICMP(bytes, extent)
    case TransportProtocol.icmpV6 where record.marks.contains(.ipv6): return decodeICMP(bytes, extent)
    default:
      record.setPayload(bytes, from: start, wireEnd: wireEnd)
      return .packet
    }
  }
}

extension IPAddress {
  /// Partial sum over the address for a pseudo header; the prefix of a mapped IPv4 address adds 0xFFFF, which is 0.
  @inline(__always)
  fileprivate var partialSum: UInt64 { InternetChecksum.partial(high) &+ InternetChecksum.partial(low) }
}
