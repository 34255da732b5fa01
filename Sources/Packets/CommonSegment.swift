extension DecodedPacket {
  /// Decodes what nearly every packet of a capture is: a TCP segment that opens nothing, over IPv4, both headers whole and
  /// without options but timestamps.
  ///
  /// It says of such a packet what the decoders of the single headers say, with far fewer instructions, as it asks all
  /// questions before it writes anything.
  ///
  /// - Returns: whether it was such a packet; if not, nothing is written.
  @inline(__always)
  mutating func decodeCommonSegment(_ bytes: RawSpan, at offset: Int, wireEnd: Int) -> Bool {
    let transportStart = offset &+ IPv4Header.minimumLength
    guard bytesBeyondFrame == 0, bytes.holds(TCPHeader.minimumLength, at: transportStart) else { return false }
    let (ip0, ip8, ip16) = (bytes.big64(at: offset), bytes.big64(at: offset &+ 8), bytes.big32(at: offset &+ 16))
    // Version 4 and five words; no fragment; TCP.
    guard ip0 >> 56 == 0x45, ip0 & 0x3FFF == 0, UInt8(truncatingIfNeeded: ip8 >> 48) == TransportProtocol.tcp else {
      return false
    }
    let (tcp0, tcp8) = (bytes.big64(at: transportStart), bytes.big64(at: transportStart &+ 8))
    let headerLength = Int(tcp8 >> 28 & 0xF) &* 4
    let payload = transportStart &+ headerLength
    let end = offset &+ Int(ip0 >> 32 & 0xFFFF)
    guard end >= payload, end <= wireEnd, payload <= bytes.byteCount else { return false }
    let flags = UInt8(truncatingIfNeeded: tcp8 >> 16)
    guard flags & TCPFlags.syn == 0 else { return false }
    let options = transportStart &+ TCPHeader.minimumLength
    var headerSum =
      InternetChecksum.partial(tcp0) &+ InternetChecksum.partial(tcp8) &+ UInt64(bytes.big32(at: transportStart &+ 16))
    switch headerLength {
    case TCPHeader.minimumLength: break
    case TCPHeader.minimumLength + TCPOptionKind.timestampsAlone.length:
      guard bytes.big32(at: options) == TCPOptionKind.timestampsAlone.start else { return false }
      let both = bytes.big64(at: options &+ 4)
      headerSum &+= UInt64(TCPOptionKind.timestampsAlone.start) &+ InternetChecksum.partial(both)
      record.timestampValue = UInt32(truncatingIfNeeded: both >> 32)
      record.timestampEcho = UInt32(truncatingIfNeeded: both)
      record.marks.insert(.timestamps)
    default: return false
    }
    let (from, to) = (UInt32(truncatingIfNeeded: ip8), ip16)
    source = Endpoint(address: IPAddress(v4: from), port: UInt16(truncatingIfNeeded: tcp0 >> 48))
    destination = Endpoint(address: IPAddress(v4: to), port: UInt16(truncatingIfNeeded: tcp0 >> 32))
    transport = TransportProtocol.tcp
    if ip0 & 0x4000 != 0 { record.marks.insert(.dontFragment) }
    record.trafficClass = UInt8(truncatingIfNeeded: ip0 >> 48)
    record.ipID = UInt16(truncatingIfNeeded: ip0 >> 16)
    record.ttl = UInt8(truncatingIfNeeded: ip8 >> 56)
    record.sequence = UInt32(truncatingIfNeeded: tcp0)
    record.acknowledgement = UInt32(truncatingIfNeeded: tcp8 >> 32)
    record.flags = flags
    record.window = UInt16(truncatingIfNeeded: tcp8)
    record.setPayload(bytes.extracting(first: end), from: payload, wireEnd: end)
    let pseudoSum = UInt64(from) &+ UInt64(to) &+ UInt64(end &- transportStart) &+ UInt64(TransportProtocol.tcp)
    record.verifyChecksum(headerSum: pseudoSum &+ headerSum)
    return true
  }
}
