/// What nearly every packet of a capture is: a TCP segment that opens nothing, over IPv4, both headers whole and without
/// options but timestamps.
///
/// It says of such a packet what the decoders of the single headers say, with far fewer instructions, as it asks all
/// questions before it writes anything.
public struct CommonSegment: BitwiseCopyable, Sendable {
  /// The source's address, above the destination's.
  public private(set) var addresses: UInt64 = 0
  /// The source's port, above the destination's.
  public private(set) var ports: UInt32 = 0
  /// All that is told of the packet; its time, its frame, its connection and who sent it are the caller's to set.
  public var record: PacketRecord

  /// A segment with every field zero.
  @inlinable public init() { record = PacketRecord() }

  /// Reads the packet whose IP header is at `offset` of the bytes and whose frame ends at `wireEnd` on the wire.
  ///
  /// - Parameter withPayload: whether to read the payload's bytes; if not, the record says how long it is, and nothing of
  ///   its digest, its sum, whether it was cut, and the checksum.
  /// - Returns: whether it is such a segment; if not, nothing is written.
  @inline(__always)
  mutating func read(_ bytes: RawSpan, at offset: Int, wireEnd: Int, withPayload: Bool = true) -> Bool {
    let transport = offset &+ IPv4Header.minimumLength
    let options = transport &+ TCPHeader.minimumLength
    guard options <= bytes.byteCount else { return false }
    // Of a span of known length no load needs a check of its own.
    let headers = bytes.extracting(offset..<options)
    let (ip0, ip8, ip16) = (headers.big64(at: 0), headers.big64(at: 8), headers.big32(at: 16))
    // Version 4 and five words; no fragment; TCP.
    guard ip0 >> 56 == 0x45, ip0 & 0x3FFF == 0, UInt8(truncatingIfNeeded: ip8 >> 48) == TransportProtocol.tcp else {
      return false
    }
    let (tcp0, tcp8, tcp16) = (headers.big64(at: 20), headers.big64(at: 28), headers.big32(at: 36))
    let headerLength = Int(tcp8 >> 28 & 0xF) &* 4
    let payload = transport &+ headerLength
    let end = offset &+ Int(ip0 >> 32 & 0xFFFF)
    guard end >= payload, end <= wireEnd, payload <= bytes.byteCount else { return false }
    let flags = UInt8(truncatingIfNeeded: tcp8 >> 16)
    guard flags & TCPFlags.syn == 0 else { return false }
    var record = PacketRecord()
    var stamps: UInt64 = 0
    if headerLength == TCPHeader.minimumLength + TCPOptionKind.timestampsAlone.length {
      let start = bytes.big32(at: options)
      guard start == TCPOptionKind.timestampsAlone.start else { return false }
      stamps = bytes.big64(at: options &+ 4)
      record.timestampValue = UInt32(truncatingIfNeeded: stamps >> 32)
      record.timestampEcho = UInt32(truncatingIfNeeded: stamps)
      record.marks = .timestamps
    } else if headerLength != TCPHeader.minimumLength {
      return false
    }
    record.sequence = UInt32(truncatingIfNeeded: tcp0)
    record.acknowledgement = UInt32(truncatingIfNeeded: tcp8 >> 32)
    record.flags = flags
    record.window = UInt16(truncatingIfNeeded: tcp8)
    record.ipID = UInt16(truncatingIfNeeded: ip0 >> 16)
    record.ttl = UInt8(truncatingIfNeeded: ip8 >> 56)
    record.trafficClass = UInt8(truncatingIfNeeded: ip0 >> 48)
    if ip0 & 0x4000 != 0 { record.marks.formUnion(.dontFragment) }
    addresses = ip8 << 32 | UInt64(ip16)
    ports = UInt32(truncatingIfNeeded: tcp0 >> 32)
    if withPayload {
      record.setPayload(bytes, from: payload, wireEnd: end)
      // Of what was cut nothing can be verified, and nothing need be summed up.
      if !record.marks.contains(.payloadCut) {
        let pseudoSum =
          (ip8 & 0xFFFF_FFFF) &+ UInt64(ip16) &+ UInt64(end &- transport) &+ UInt64(TransportProtocol.tcp)
        let optionSum =
          record.marks.contains(.timestamps)
          ? UInt64(TCPOptionKind.timestampsAlone.start) &+ InternetChecksum.partial(stamps) : 0
        let headerSum = InternetChecksum.partial(tcp0) &+ InternetChecksum.partial(tcp8) &+ UInt64(tcp16)
        record.verifyChecksum(headerSum: pseudoSum &+ headerSum &+ optionSum)
      }
    } else {
      record.payloadLength = UInt32(truncatingIfNeeded: end &- payload)
    }
    self.record = record
    return true
  }

  /// Where the packet comes from.
  public var source: Endpoint {
    Endpoint(
      address: IPAddress(v4: UInt32(truncatingIfNeeded: addresses >> 32)), port: UInt16(truncatingIfNeeded: ports >> 16)
    )
  }
  /// Where the packet goes.
  public var destination: Endpoint {
    Endpoint(address: IPAddress(v4: UInt32(truncatingIfNeeded: addresses)), port: UInt16(truncatingIfNeeded: ports))
  }
}

extension DecodedPacket {
  /// A packet that is a common segment.
  public init(_ segment: CommonSegment) {
    self.init()
    take(segment)
  }

  @inline(__always)
  private mutating func take(_ segment: CommonSegment) {
    record = segment.record
    source = segment.source
    destination = segment.destination
    transport = TransportProtocol.tcp
  }

  /// Decodes what may be in a tunnel or behind tags, and is a common segment.
  ///
  /// - Returns: whether it was such a packet; if not, nothing is written.
  @inline(__always)
  mutating func decodeCommonSegment(_ bytes: RawSpan, at offset: Int, wireEnd: Int) -> Bool {
    var segment = CommonSegment()
    guard bytesBeyondFrame == 0, segment.read(bytes, at: offset, wireEnd: wireEnd) else { return false }
    // What is there already is said of the tunnel.
    let marks = record.marks
    take(segment)
    record.marks.formUnion(marks)
    return true
  }
}
