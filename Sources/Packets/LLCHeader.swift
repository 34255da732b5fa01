/// Logical link control (IEEE 802.2) and the subnetwork access protocol behind it.
enum LLCHeader {
  /// Destination, source, control.
  static let length = 3

  /// What follows the header at `offset`.
  static func payload(in bytes: RawSpan, at offset: Int) -> LinkPayload {
    guard bytes.holds(length, at: offset) else { return .malformed }
    let points = bytes.big16(at: offset)
    // An unnumbered frame, by its control byte.
    guard bytes.byte(at: offset + 2) == 3 else { return .notIP(points) }
    switch points {
    case 0xAAAA: return accessPayload(in: bytes, at: offset + length)
    case 0x0606: return .ip(at: offset + length)
    default: return .notIP(points)
    }
  }

  /// What follows the organisation and type at `offset`.
  static func accessPayload(in bytes: RawSpan, at offset: Int) -> LinkPayload {
    guard bytes.holds(5, at: offset) else { return .malformed }
    let organisation = bytes.big32(at: offset) >> 8
    let type = bytes.big16(at: offset + 3)
    // RFC 1042, and bridges between Ethernet and the others (IEEE 802.1H).
    return organisation == 0 || organisation == 0xF8 ? .etherType(type, at: offset + 5) : .notIP(type)
  }
}
