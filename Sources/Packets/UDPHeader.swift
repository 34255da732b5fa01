/// A UDP header (RFC 768).
struct UDPHeader {
  /// Bytes of the header.
  static let length = 8

  let sourcePort: UInt16
  let destinationPort: UInt16
  /// Bytes of header and payload; 0 for a jumbogram (RFC 2675, 4).
  let datagramLength: Int
  let checksum: UInt16
  /// Partial sum over the eight bytes.
  let sum: UInt64

  /// Reads the header at `offset`; nil if eight bytes are not there.
  @inline(__always)
  init?(_ bytes: RawSpan, at offset: Int) {
    guard bytes.holds(Self.length, at: offset) else { return nil }
    let word = bytes.big64(at: offset)
    sourcePort = UInt16(truncatingIfNeeded: word >> 48)
    destinationPort = UInt16(truncatingIfNeeded: word >> 32)
    datagramLength = Int(word >> 16 & 0xFFFF)
    checksum = UInt16(truncatingIfNeeded: word)
    sum = InternetChecksum.partial(word)
  }
}

extension DecodedPacket {
  /// Decodes a UDP datagram, or as much of it as was captured.
  @inline(__always)
  mutating func decodeUDP(_ bytes: RawSpan, _ extent: TransportExtent) -> DecodeOutcome {
    guard extent.wireLength >= UDPHeader.length || extent.isFragment else { return .malformed(.transport) }
    guard let header = UDPHeader(bytes, at: extent.start) else {
      decodeCutPorts(bytes, at: extent.start)
      record.setPayload(bytes, from: extent.start + UDPHeader.length, wireEnd: extent.wireEnd)
      return .packet
    }
    source.port = header.sourcePort
    destination.port = header.destinationPort
    var end = extent.wireEnd
    if header.datagramLength != 0 && !extent.isFragment {
      guard header.datagramLength >= UDPHeader.length, header.datagramLength <= extent.wireLength else {
        return .malformed(.transport)
      }
      // What IP carries beyond the datagram is not its payload (RFC 9868 puts options there).
      end = extent.start + header.datagramLength
    }
    let payload = extent.start + UDPHeader.length
    if UDPTunnels.mayCarry(from: header.sourcePort, to: header.destinationPort),
      enterUDP(header, bytes, from: payload, wireEnd: end, extent)
    {
      return .packet
    }
    record.setPayload(bytes, from: payload, wireEnd: end)
    let isUnused = header.checksum == 0 && !record.marks.contains(.ipv6)
    if let sum = extent.addressSum, !isUnused {
      let pseudoSum = sum &+ UInt64(end - extent.start) &+ UInt64(TransportProtocol.udp)
      record.verifyChecksum(headerSum: pseudoSum &+ header.sum)
    }
    return .packet
  }

  @inline(never)
  private mutating func enterUDP(
    _ header: UDPHeader, _ bytes: RawSpan, from start: Int, wireEnd: Int, _ extent: TransportExtent
  ) -> Bool {
    let carried = UDPTunnels.carried(
      from: header.sourcePort, to: header.destinationPort, bytes.extracting(first: wireEnd), at: start)
    guard let (tunnel, payload) = carried else { return false }
    let beyond = bytesBeyondFrame
    bytesBeyondFrame = UInt32(clamping: Int(beyond) &- (extent.wireEnd &- wireEnd))
    if enter(tunnel, payload, bytes, wireEnd: wireEnd, isFragment: extent.isFragment) { return true }
    bytesBeyondFrame = beyond
    return false
  }

  /// Marks the transport header as cut and takes the ports, with which TCP and UDP begin, if they are there.
  mutating func decodeCutPorts(_ bytes: RawSpan, at offset: Int) {
    record.marks.insert(.headerCut)
    if bytes.holds(2, at: offset) { source.port = bytes.big16(at: offset) }
    if bytes.holds(4, at: offset) { destination.port = bytes.big16(at: offset + 2) }
  }
}
