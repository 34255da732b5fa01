/// The header of an IEEE 802.11 frame.
///
/// Only data that is not encrypted leads further. Management and control frames, data without a body, later fragments,
/// and aggregates (A-MSDU) of several packets are no IP, with the frame control field as their number.
enum WirelessHeader {
  /// Frame control, duration, three addresses, sequence control.
  static let length = 24

  /// What follows the header at `start`; `isPadded` if the radio's header says that the body is aligned to four bytes.
  static func payload(in bytes: RawSpan, at start: Int, isPadded: Bool = false) -> LinkPayload {
    guard bytes.holds(2, at: start) else { return .malformed }
    let control = bytes.big16(at: start)
    let (kind, flags) = (control >> 8, control & 0xFF)
    let isProtected = flags & 0x40 != 0
    // Version 0 and data; 0x40 is data without a body.
    guard kind & 0x4F == 0x08, !isProtected else { return .notIP(control) }
    var headerLength = length
    if flags & 0x03 == 0x03 { headerLength += 6 }
    let qualityOfService = kind & 0x80 != 0 ? start + headerLength : nil
    // With quality of service, the order bit says that a field for high throughput follows.
    if qualityOfService != nil { headerLength += flags & 0x80 != 0 ? 6 : 2 }
    if isPadded { headerLength = (headerLength + 3) & ~3 }
    guard bytes.holds(headerLength, at: start) else { return .malformed }
    let isLaterFragment = bytes.byte(at: start + 22) & 0x0F != 0
    guard !isLaterFragment else { return .notIP(control) }
    let body = start + headerLength
    guard let qualityOfService else { return .logicalLink(at: body) }
    if bytes.byte(at: qualityOfService) & 0x80 != 0 { return aggregated(in: bytes, at: body, control) }
    if bytes.byte(at: qualityOfService + 1) & 0x01 != 0 { return meshPayload(in: bytes, at: body) }
    return .logicalLink(at: body)
  }

  /// The mesh bit means other things outside a mesh, so it counts only where SNAP then follows and did not before.
  private static func meshPayload(in bytes: RawSpan, at body: Int) -> LinkPayload {
    guard bytes.holds(2, at: body), bytes.big16(at: body) != 0xAAAA else { return .logicalLink(at: body) }
    // Flags, TTL, sequence number, and up to two more addresses.
    let behind = body + 6 + Int(bytes.byte(at: body) & 0x03) * 6
    let isMesh = bytes.holds(2, at: behind) && bytes.big16(at: behind) == 0xAAAA
    return .logicalLink(at: isMesh ? behind : body)
  }

  /// An aggregate of one packet is read: two addresses and a length stand before it.
  private static func aggregated(in bytes: RawSpan, at start: Int, _ control: UInt16) -> LinkPayload {
    guard bytes.holds(EthernetHeader.length, at: start) else { return .malformed }
    let body = start + EthernetHeader.length
    let end = body + Int(bytes.big16(at: start + 12))
    // Behind the only one are at most three bytes of padding and the check sequence.
    return bytes.holds(8, at: end) ? .notIP(control) : .logicalLink(at: body)
  }
}
