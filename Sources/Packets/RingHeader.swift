/// The headers of FDDI, Token Ring and InfiniBand.
enum RingHeader {
  /// What follows frame control and two addresses of FDDI (ISO 9314-2).
  static func payload(inFDDI bytes: RawSpan) -> LinkPayload {
    guard bytes.holds(13, at: 0) else { return .malformed }
    let control = bytes.byte(at: 0)
    // Asynchronous frames with data.
    return control & 0xF0 == 0x50 ? .logicalLink(at: 13) : .notIP(UInt16(control))
  }

  /// What follows access control, frame control, two addresses and the route of Token Ring (IEEE 802.5).
  static func payload(inTokenRing bytes: RawSpan) -> LinkPayload {
    guard bytes.holds(15, at: 0) else { return .malformed }
    let control = bytes.byte(at: 1)
    guard control & 0xC0 == 0x40 else { return .notIP(UInt16(control)) }
    // The group bit of a source says that a route follows, with its length.
    let route = bytes.byte(at: 8) & 0x80 != 0 ? Int(bytes.byte(at: 14) & 0x1F) : 0
    return .logicalLink(at: 14 + route)
  }

  /// What follows the 40 bytes of a global route and the header of IP over InfiniBand (RFC 4391, 6).
  static func payload(inInfiniband bytes: RawSpan) -> LinkPayload {
    guard bytes.holds(44, at: 0) else { return .malformed }
    return .etherType(bytes.big16(at: 40), at: 44)
  }
}
