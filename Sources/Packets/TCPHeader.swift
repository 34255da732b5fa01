/// The fixed part of a TCP header (RFC 9293, 3.1).
struct TCPHeader {
  /// Bytes of a header without options.
  static let minimumLength = 20

  let sourcePort: UInt16
  let destinationPort: UInt16
  let sequence: UInt32
  let acknowledgement: UInt32
  /// Bytes of the header with its options, 0 to 60 as the data offset says.
  let length: Int
  let flags: UInt8
  let window: UInt16
  /// Partial sum over the 20 bytes.
  let sum: UInt64

  /// Reads the header at `offset`; nil if 20 bytes are not there.
  @inline(__always)
  init?(_ bytes: RawSpan, at offset: Int) {
    guard bytes.holds(Self.minimumLength, at: offset) else { return nil }
    // Three loads and shifts are cheaper than a checked load for each field.
    let first = bytes.big64(at: offset)
    let second = bytes.big64(at: offset &+ 8)
    let third = bytes.big32(at: offset &+ 16)
    sourcePort = UInt16(truncatingIfNeeded: first >> 48)
    destinationPort = UInt16(truncatingIfNeeded: first >> 32)
    sequence = UInt32(truncatingIfNeeded: first)
    acknowledgement = UInt32(truncatingIfNeeded: second >> 32)
    length = Int(second >> 28 & 0xF) * 4
    flags = UInt8(truncatingIfNeeded: second >> 16)
    window = UInt16(truncatingIfNeeded: second)
    sum = InternetChecksum.partial(first) &+ InternetChecksum.partial(second) &+ UInt64(third)
  }
}

extension DecodedPacket {
  /// Decodes a TCP segment, or as much of it as was captured.
  @inline(__always)
  mutating func decodeTCP(_ bytes: RawSpan, _ extent: TransportExtent) -> DecodeOutcome {
    guard extent.wireLength >= TCPHeader.minimumLength || extent.isFragment else { return .malformed(.transport) }
    guard let header = TCPHeader(bytes, at: extent.start) else { return decodeCutTCP(bytes, extent) }
    guard header.length >= TCPHeader.minimumLength, header.length <= extent.wireLength || extent.isFragment else {
      return .malformed(.transport)
    }
    source.port = header.sourcePort
    destination.port = header.destinationPort
    record.sequence = header.sequence
    record.acknowledgement = header.acknowledgement
    record.flags = header.flags
    record.window = header.window

    let options = extent.start &+ TCPHeader.minimumLength
    let payload = extent.start &+ header.length
    guard bytes.holds(header.length, at: extent.start) else {
      record.marks.insert(.headerCut)
      record.readTCPOptions(bytes, from: options, to: bytes.byteCount)
      record.setPayload(bytes, from: payload, wireEnd: extent.wireEnd)
      return .packet
    }
    record.readTCPOptions(bytes, from: options, to: payload)
    record.setPayload(bytes, from: payload, wireEnd: extent.wireEnd)
    if let sum = extent.addressSum {
      let pseudoSum = sum &+ UInt64(truncatingIfNeeded: extent.wireLength) &+ UInt64(TransportProtocol.tcp)
      let optionSum = InternetChecksum.optionSum(bytes, from: options, to: payload)
      record.verifyChecksum(headerSum: pseudoSum &+ header.sum &+ optionSum)
    }
    return .packet
  }

  /// Takes what is there of a fixed header that was cut; the length of the payload is known only with the data offset.
  @inline(never)
  private mutating func decodeCutTCP(_ bytes: RawSpan, _ extent: TransportExtent) -> DecodeOutcome {
    let start = extent.start
    decodeCutPorts(bytes, at: start)
    if bytes.holds(8, at: start) { record.sequence = bytes.big32(at: start + 4) }
    if bytes.holds(12, at: start) { record.acknowledgement = bytes.big32(at: start + 8) }
    if bytes.holds(13, at: start) {
      let length = Int(bytes.byte(at: start + 12) >> 4) * 4
      guard length >= TCPHeader.minimumLength, length <= extent.wireLength || extent.isFragment else {
        return .malformed(.transport)
      }
      record.setPayload(bytes, from: start + length, wireEnd: extent.wireEnd)
    }
    if bytes.holds(14, at: start) {
      record.flags = bytes.byte(at: start + 13)
      if record.isSYN { record.synOptions = .none }
    }
    if bytes.holds(16, at: start) { record.window = bytes.big16(at: start + 14) }
    return .packet
  }
}
