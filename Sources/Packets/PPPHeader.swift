/// The PPP protocol field (RFC 1661), with HDLC bytes before it or without, and the PPPoE session header (RFC 2516).
enum PPPHeader {
  /// Bytes of the PPPoE session header.
  static let sessionLength = 6

  /// What follows where a PPP frame begins at `offset`.
  static func payload(in bytes: RawSpan, at offset: Int) -> LinkPayload {
    var offset = offset
    // Address and control of HDLC-like framing (RFC 1662, 3.1); a protocol number cannot begin with 0xFF.
    if bytes.holds(2, at: offset), bytes.big16(at: offset) == 0xFF03 { offset += 2 }
    guard bytes.holds(1, at: offset) else { return .malformed }
    var number = UInt16(bytes.byte(at: offset))
    guard number != 0xFF else { return .malformed }
    if number & 1 != 0 {
      // An odd first byte is a compressed protocol field (RFC 1661, 6.5).
      offset += 1
    } else {
      guard bytes.holds(2, at: offset) else { return .malformed }
      number = bytes.big16(at: offset)
      offset += 2
    }
    switch number {
    case 0x0021: return .etherType(EtherType.ipv4, at: offset)
    case 0x0057: return .etherType(EtherType.ipv6, at: offset)
    case 0x0281: return .etherType(EtherType.mpls, at: offset)
    case 0x0283: return .etherType(EtherType.mplsMulticast, at: offset)
    default: return .notIP(number)
    }
  }

  /// What follows where a PPPoE session header begins at `offset`.
  static func payload(inSession bytes: RawSpan, at offset: Int) -> LinkPayload {
    // Version 1, type 1, code 0: session data.
    guard bytes.holds(sessionLength, at: offset), bytes.big16(at: offset) == 0x1100 else { return .malformed }
    return .ppp(at: offset + sessionLength)
  }
}
