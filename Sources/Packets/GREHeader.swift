/// The GRE header (RFC 2784, RFC 2890), with its version 1 for PPTP (RFC 2637), and ERSPAN in it.
enum GREHeader {
  private static let checksum: UInt16 = 0x8000
  private static let routing: UInt16 = 0x4000
  private static let key: UInt16 = 0x2000
  private static let sequence: UInt16 = 0x1000
  private static let acknowledgement: UInt16 = 0x0080

  /// What the tunnel whose header is at `start` carries; nil if that is nothing known.
  static func carried(in bytes: RawSpan, at start: Int) -> (Tunnel, LinkPayload)? {
    guard bytes.holds(4, at: start) else { return nil }
    let flags = bytes.big16(at: start)
    let type = bytes.big16(at: start + 2)
    let version = flags & 7
    var offset = start + 4
    if flags & checksum != 0 { offset += 4 }
    if flags & key != 0 { offset += 4 }
    if flags & sequence != 0 { offset += 4 }
    if version == 1 {
      if flags & acknowledgement != 0 { offset += 4 }
      // Without a sequence number it acknowledges and carries nothing.
      return type == EtherType.ppp && flags & sequence != 0 ? (.gre, .ppp(at: offset)) : nil
    }
    guard version == 0, flags & routing == 0 else { return nil }
    switch type {
    // Type I has no header of its own, nor has its GRE a sequence number.
    case 0x88BE: return (.erspan, .ethernet(at: flags & sequence != 0 ? offset + 8 : offset))
    case 0x22EB: return mirrored(in: bytes, at: offset).map { (.erspan, $0) }
    case 0x883E: return redirected(in: bytes, at: offset).map { (.gre, $0) }
    default: return (.gre, .etherType(type, at: offset))
    }
  }

  /// What is behind the header of ERSPAN type III, and behind its platform's own part if there is one.
  private static func mirrored(in bytes: RawSpan, at offset: Int) -> LinkPayload? {
    guard bytes.holds(12, at: offset) else { return nil }
    let last = bytes.big16(at: offset + 10)
    let behind = offset + (last & 1 != 0 ? 20 : 12)
    switch last >> 10 & 0x1F {
    case 0: return .ethernet(at: behind)
    case 2: return .ip(at: behind)
    default: return nil
    }
  }

  /// Web cache redirection: IP at once, or behind four bytes in its second version.
  private static func redirected(in bytes: RawSpan, at offset: Int) -> LinkPayload? {
    guard bytes.holds(1, at: offset) else { return nil }
    return .ip(at: bytes.byte(at: offset) >> 4 == 4 ? offset : offset + 4)
  }
}
