/// Turns the bytes of one frame into a ``DecodedPacket``.
///
///     frame:  | link header, tags | IP header(s) | transport header | payload | padding |
///             LinkFraming           IPv4Header     TCPHeader …        setPayload
///             → NetworkStart        IPv6Header     → fields of        → length, digest, sum
///                                   → TransportExtent  the record
///
/// Where a tunnel's header follows (``Tunnel``), the packet becomes the one within, and all that the outer headers said
/// is dropped.
///
/// It holds no state between frames, allocates nothing and never traps, whatever the bytes.
public struct PacketDecoder: Sendable {
  private let framing: LinkFraming?
  /// Where an EtherType and what it announces stand in every frame; beyond all frames where they stand nowhere.
  private let (typeAt, headerAt): (Int, Int)

  /// A decoder for frames of one link type; ask ``supports(_:)`` first.
  public init(linkType: LinkType) {
    framing = LinkFraming(linkType)
    isOnAir =
      switch framing {
      case .wireless, .radiotap, .prism, .ppi: true
      default: false
      }
    (typeAt, headerAt) =
      switch framing {
      case .ethernet: (12, EthernetHeader.length)
      case .cooked: (14, CookedHeader.length)
      case .cooked2: (0, CookedHeader.lengthOfVersion2)
      default: (0, 1 << 32)
      }
  }

  /// Whether frames of this link type can be decoded.
  public static func supports(_ linkType: LinkType) -> Bool { LinkFraming(linkType) != nil }

  /// Whether frames are heard on the air (IEEE 802.11), where a capture hears what passes it by, and some of it twice.
  public let isOnAir: Bool

  /// Decodes a frame whose packet is a common segment, without tags or a tunnel; see ``decode(_:wireLength:into:)``.
  ///
  /// - Returns: whether it is one; if not, nothing is written.
  public func decode(_ bytes: RawSpan, wireLength: Int, into segment: inout CommonSegment) -> Bool {
    read(bytes, wireLength: wireLength, withPayload: true, into: &segment)
  }

  /// Decodes a frame whose packet is a common segment, without tags or a tunnel, and without a look at its payload's bytes.
  ///
  /// - Returns: whether it is one; if not, nothing is written. The record says how long the payload is, and nothing of its
  ///   digest, its sum, whether it was cut, and the checksum.
  public func decodeHeaders(_ bytes: RawSpan, wireLength: Int, into segment: inout CommonSegment) -> Bool {
    read(bytes, wireLength: wireLength, withPayload: false, into: &segment)
  }

  @inline(__always)
  private func read(
    _ bytes: RawSpan, wireLength: Int, withPayload: Bool, into segment: inout CommonSegment
  ) -> Bool {
    guard headerAt < bytes.byteCount, bytes.big16(at: typeAt) == EtherType.ipv4 else { return false }
    let wireEnd = Self.wireEnd(of: bytes, wireLength: wireLength)
    return segment.read(bytes, at: headerAt, wireEnd: wireEnd, withPayload: withPayload)
  }

  /// Where a frame ends on the wire.
  ///
  /// Lengths there have 32 bits in every capture format; with that, offsets cannot overflow.
  @inline(__always)
  private static func wireEnd(of bytes: RawSpan, wireLength: Int) -> Int {
    max(bytes.byteCount, min(wireLength, Int(UInt32.max)))
  }

  /// Decodes one frame of which `bytes` were captured and `wireLength` bytes were on the wire.
  ///
  /// Resets the packet first; time, frame, connection and direction are the caller's to set afterwards. With an outcome
  /// other than `.packet` the fields are only what had been read by then. An ICMP error is marked `icmpError` if
  /// the addresses of the packet that it quotes could be read. A frame of an unsupported link type is
  /// `.malformed(.link)`.
  public func decode(_ bytes: RawSpan, wireLength: Int, into packet: inout DecodedPacket) -> DecodeOutcome {
    packet = DecodedPacket()
    guard let framing else { return .malformed(.link) }
    return packet.decodeNetwork(
      framing.networkStart(in: bytes), bytes, wireEnd: Self.wireEnd(of: bytes, wireLength: wireLength))
  }
}

extension DecodedPacket {
  /// Decodes the packet whose network header is at `start`, into fields that are still zero.
  @inline(__always)
  mutating func decodeNetwork(_ start: NetworkStart, _ bytes: RawSpan, wireEnd: Int) -> DecodeOutcome {
    switch start {
    case .ipv4(let offset):
      decodeCommonSegment(bytes, at: offset, wireEnd: wireEnd)
        ? .packet : decodeIPv4(bytes, at: offset, wireEnd: wireEnd)
    case .ipv6(let offset): decodeIPv6(bytes, at: offset, wireEnd: wireEnd)
    case .notIP(let number): .notIP(number)
    case .malformed: .malformed(.link)
    case .noVersion: .malformed(.network)
    }
  }

  @inline(never)
  mutating func decodeIPv4(_ bytes: RawSpan, at offset: Int, wireEnd: Int) -> DecodeOutcome {
    guard let header = IPv4Header(bytes, at: offset), bytes.holds(header.length, at: offset) else {
      return .malformed(.network)
    }
    let end = header.totalLength == 0 ? wireEnd : offset &+ header.totalLength
    let start = offset &+ header.length
    guard end >= start else { return .malformed(.network) }
    if end > wireEnd || bytesBeyondFrame > 0 { noteEnd(end, wireEnd: wireEnd) }
    source.address = IPAddress(v4: header.source)
    destination.address = IPAddress(v4: header.destination)
    transport = header.protocolNumber
    record.ipID = header.identification
    record.ttl = header.ttl
    record.trafficClass = header.trafficClass
    if header.dontFragment { record.marks.insert(.dontFragment) }
    if header.fragment != .whole {
      fragment = Fragment(
        identification: UInt32(header.identification), protocolNumber: header.protocolNumber,
        offset: Int(header.flagsAndOffset & 0x1FFF) * 8, length: end &- start,
        moreFollow: header.flagsAndOffset & 0x2000 != 0)
    }
    let isRouted = header.length > IPv4Header.minimumLength && header.hasSourceRoute(bytes, at: offset)
    return decodeTransport(
      bytes, from: start, wireEnd: end, position: header.fragment, addressesKnown: !isRouted)
  }

  @inline(__always)
  private mutating func decodeIPv6(_ bytes: RawSpan, at offset: Int, wireEnd: Int) -> DecodeOutcome {
    guard let header = IPv6Header(bytes, at: offset) else { return .malformed(.network) }
    let behind = offset + IPv6Header.length
    let isSized = header.payloadLength != 0 || header.nextHeader == IPv6ExtensionHeaders.noNextHeader
    let end = isSized ? behind + header.payloadLength : wireEnd
    if end > wireEnd || bytesBeyondFrame > 0 { noteEnd(end, wireEnd: wireEnd) }
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
    if chain.position != .whole, end >= chain.end {
      fragment = Fragment(
        identification: chain.fragmentIdentification, protocolNumber: 0,
        offset: Int(chain.fragmentField >> 3) * 8, length: end - chain.fragmentStart,
        moreFollow: chain.fragmentField & 1 != 0)
    }
    return decodeTransport(
      bytes, from: chain.end, wireEnd: end, position: chain.position, addressesKnown: !chain.hasSegmentsLeft)
  }

  /// Takes note of how far the packet's end lies beyond the frame's; so far it was how far that of the packet around it does.
  @inline(never)
  private mutating func noteEnd(_ end: Int, wireEnd: Int) {
    bytesBeyondFrame = UInt32(clamping: Int(bytesBeyondFrame) &+ end &- wireEnd)
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
    return decodePayload(bytes, extent)
  }

  /// Decodes the transport header, by its protocol number.
  @inline(__always)
  mutating func decodePayload(_ bytes: RawSpan, _ extent: TransportExtent) -> DecodeOutcome {
    switch transport {
    case TransportProtocol.tcp: decodeTCP(bytes, extent)
    case TransportProtocol.udp: decodeUDP(bytes, extent)
    case TransportProtocol.icmp where !record.marks.contains(.ipv6): decodeICMP(bytes, extent)
    case TransportProtocol.icmpV6 where record.marks.contains(.ipv6): decodeICMP(bytes, extent)
    default: decodeOther(bytes, extent)
    }
  }
}

extension IPAddress {
  /// Partial sum over the address for a pseudo header; the prefix of a mapped IPv4 address adds 0xFFFF, which is 0.
  @inline(__always)
  fileprivate var partialSum: UInt64 { InternetChecksum.partial(high) &+ InternetChecksum.partial(low) }
}
