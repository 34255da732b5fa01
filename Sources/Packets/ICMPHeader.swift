/// The first eight bytes of an ICMP or ICMPv6 message (RFC 792, RFC 4443).
struct ICMPHeader {
  /// Type, code, checksum and four bytes that depend on the type.
  static let length = 8

  let type: UInt8
  let code: UInt8
  /// For an echo: identifier (upper half) and sequence number (lower half).
  let rest: UInt32
  /// Partial sum over the eight bytes.
  let sum: UInt64

  /// Reads the header at `offset`; nil if eight bytes are not there.
  @inline(__always)
  init?(_ bytes: RawSpan, at offset: Int) {
    guard bytes.holds(Self.length, at: offset) else { return nil }
    let word = bytes.big64(at: offset)
    type = UInt8(truncatingIfNeeded: word >> 56)
    code = UInt8(truncatingIfNeeded: word >> 48)
    rest = UInt32(truncatingIfNeeded: word)
    sum = InternetChecksum.partial(word)
  }

  var identifier: UInt16 { UInt16(truncatingIfNeeded: rest >> 16) }
  var echoSequence: UInt32 { rest & 0xFFFF }

  /// Whether the type is an echo request or reply.
  static func isEcho(_ type: UInt8, v6: Bool) -> Bool {
    v6 ? type == 128 || type == 129 : type == 8 || type == 0
  }

  /// Whether the type is an error, which quotes the packet it is about.
  ///
  /// For IPv4: unreachable, source quench, redirect, time exceeded, parameter problem. For IPv6: unreachable, packet too
  /// big, time exceeded, parameter problem; its redirect never leaves a link and quotes in another form.
  static func isError(_ type: UInt8, v6: Bool) -> Bool {
    v6 ? 1...4 ~= type : 3...5 ~= type || 11...12 ~= type
  }

  /// MTU of the next hop in bytes, where the message tells it (RFC 1191, 4; RFC 4443, 3.2), else 0.
  func nextHopMTU(v6: Bool) -> UInt32 {
    if v6 { return type == 2 ? rest : 0 }
    return type == 3 && code == 4 ? rest & 0xFFFF : 0
  }
}

extension DecodedPacket {
  /// Decodes an ICMP or ICMPv6 message, or as much of it as was captured.
  @inline(never)
  mutating func decodeICMP(_ bytes: RawSpan, _ extent: TransportExtent) -> DecodeOutcome {
    let start = extent.start
    let payload = start + ICMPHeader.length
    guard extent.wireLength >= ICMPHeader.length || extent.isFragment else { return .malformed(.transport) }
    guard let header = ICMPHeader(bytes, at: start) else {
      record.marks.insert(.headerCut)
      if bytes.holds(1, at: start) { record.flags = bytes.byte(at: start) }
      if bytes.holds(2, at: start) { record.window = UInt16(bytes.byte(at: start + 1)) }
      record.setPayload(bytes, from: payload, wireEnd: extent.wireEnd)
      return .packet
    }
    let v6 = transport == TransportProtocol.icmpV6
    record.flags = header.type
    record.window = UInt16(header.code)
    if ICMPHeader.isEcho(header.type, v6: v6) {
      source.port = header.identifier
      destination.port = header.identifier
      record.sequence = header.echoSequence
    } else if ICMPHeader.isError(header.type, v6: v6), readQuote(bytes, at: payload, v6: v6) {
      record.marks.insert(.icmpError)
      record.acknowledgement = header.nextHopMTU(v6: v6)
    }
    record.setPayload(bytes, from: payload, wireEnd: extent.wireEnd)
    if let sum = extent.addressSum {
      // Only the checksum of ICMPv6 covers a pseudo header (RFC 4443, 2.3).
      let pseudoSum = v6 ? sum &+ UInt64(extent.wireLength) &+ UInt64(TransportProtocol.icmpV6) : 0
      record.verifyChecksum(headerSum: pseudoSum &+ header.sum)
    }
    return .packet
  }
}
