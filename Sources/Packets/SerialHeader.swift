/// The headers of serial lines besides PPP: Cisco HDLC, and Frame Relay (RFC 2427).
enum SerialHeader {
  /// What follows address, control and EtherType of Cisco HDLC.
  static func payload(inHDLC bytes: RawSpan) -> LinkPayload {
    guard bytes.holds(4, at: 0) else { return .malformed }
    return .etherType(bytes.big16(at: 2), at: 4)
  }

  /// What follows in HDLC framing, which Cisco HDLC shares with PPP; its address byte tells (RFC 1547, 4.3.1).
  static func payload(inPPPOrHDLC bytes: RawSpan) -> LinkPayload {
    guard bytes.holds(1, at: 0) else { return .malformed }
    let address = bytes.byte(at: 0)
    return address == 0x0F || address == 0x8F ? payload(inHDLC: bytes) : .ppp(at: 0)
  }

  /// What follows the address of Frame Relay (Q.922, two to four bytes, the last of which is odd).
  static func payload(inFrameRelay bytes: RawSpan) -> LinkPayload {
    var offset = 1
    repeat {
      guard offset < 4, bytes.holds(1, at: offset) else { return .malformed }
      offset += 1
    } while bytes.byte(at: offset - 1) & 1 == 0
    guard bytes.holds(2, at: offset) else { return .malformed }
    let type = bytes.big16(at: offset)
    // Cisco's own encapsulation has an EtherType there.
    guard type >> 8 == 3 else { return .etherType(type, at: offset + 2) }
    offset += 1
    if bytes.byte(at: offset) == 0 {
      offset += 1
      guard bytes.holds(1, at: offset) else { return .malformed }
    }
    let identifier = bytes.byte(at: offset)
    switch identifier {
    case 0xCC: return .etherType(EtherType.ipv4, at: offset + 1)
    case 0x8E: return .etherType(EtherType.ipv6, at: offset + 1)
    case 0xCF: return .ppp(at: offset + 1)
    case 0x80: return LLCHeader.accessPayload(in: bytes, at: offset + 1)
    default: return .notIP(UInt16(identifier))
    }
  }
}
