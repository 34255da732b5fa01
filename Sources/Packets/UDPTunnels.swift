/// The tunnels over UDP, which are told by their ports and then by whether their headers can be what they claim.
enum UDPTunnels {
  private static let l2tp: UInt16 = 1701
  private static let gtp: UInt16 = 2152
  private static let teredo: UInt16 = 3544
  private static let vxlan: UInt16 = 4789
  private static let genericVXLAN: UInt16 = 4790
  private static let geneve: UInt16 = 6081
  private static let mpls: UInt16 = 6635
  /// The port of VXLAN in Linux before it had a number.
  private static let oldVXLAN: UInt16 = 8472

  /// Whether a datagram between these ports may be one of a tunnel's.
  @inline(__always)
  static func mayCarry(from source: UInt16, to destination: UInt16) -> Bool {
    switch destination {
    case l2tp, gtp, teredo, vxlan, genericVXLAN, geneve, mpls, oldVXLAN: true
    default: source == gtp || source == l2tp || source == teredo
    }
  }

  /// What the datagram with its payload at `start` carries; nil if it is no tunnel's.
  static func carried(
    from source: UInt16, to destination: UInt16, _ bytes: RawSpan, at start: Int
  ) -> (Tunnel, LinkPayload)? {
    switch destination {
    case vxlan, genericVXLAN, oldVXLAN:
      return vxlanPayload(bytes, at: start, isOld: destination == oldVXLAN).map { (.vxlan, $0) }
    case geneve: return genevePayload(bytes, at: start).map { (.geneve, $0) }
    case mpls: return (.mpls, .etherType(EtherType.mpls, at: start))
    default: break
    }
    if source == gtp || destination == gtp { return gtpPayload(bytes, at: start).map { (.gtp, $0) } }
    if source == l2tp || destination == l2tp { return l2tpPayload(bytes, at: start).map { (.l2tp, $0) } }
    return teredoPayload(bytes, at: start).map { (.teredo, $0) }
  }

  /// Flags with the bit of a valid network identifier, and a reserved byte of 0 (RFC 7348, 5).
  private static func vxlanPayload(_ bytes: RawSpan, at start: Int, isOld: Bool) -> LinkPayload? {
    guard bytes.holds(8, at: start) else { return nil }
    let flags = bytes.byte(at: start)
    guard flags & 0x08 != 0, bytes.byte(at: start + 7) == 0 else { return nil }
    if isOld { return bytes.big32(at: start) == 0x0800_0000 ? .ethernet(at: start + 8) : nil }
    // The generic extension names what follows; without its bit it is Ethernet.
    guard flags & 0x04 != 0 else { return .ethernet(at: start + 8) }
    return EtherType.nextProtocol(bytes.byte(at: start + 3), at: start + 8, else: 0)
  }

  /// Version 0, options, an EtherType (RFC 8926, 3.4).
  private static func genevePayload(_ bytes: RawSpan, at start: Int) -> LinkPayload? {
    guard bytes.holds(8, at: start) else { return nil }
    let first = bytes.byte(at: start)
    guard first >> 6 == 0, bytes.byte(at: start + 7) == 0 else { return nil }
    return .etherType(bytes.big16(at: start + 2), at: start + 8 + Int(first & 0x3F) * 4)
  }

  /// Version 1 with user data (3GPP TS 29.281, 5.1).
  private static func gtpPayload(_ bytes: RawSpan, at start: Int) -> LinkPayload? {
    guard bytes.holds(8, at: start) else { return nil }
    let flags = bytes.byte(at: start)
    guard flags >> 4 == 3, bytes.byte(at: start + 1) == 0xFF else { return nil }
    var offset = start + 8
    guard flags & 0x07 != 0 else { return .ip(at: offset) }
    guard bytes.holds(4, at: offset) else { return nil }
    var next = flags & 0x04 != 0 ? bytes.byte(at: offset + 3) : 0
    offset += 4
    while next != 0 {
      guard bytes.holds(1, at: offset) else { return nil }
      // In units of four bytes, with the type of the next header last.
      let length = Int(bytes.byte(at: offset)) * 4
      guard length > 0, bytes.holds(length, at: offset) else { return nil }
      next = bytes.byte(at: offset + length - 1)
      offset += length
    }
    return .ip(at: offset)
  }

  /// A data message of version 2, with the fields that its flags name (RFC 2661, 3.1).
  private static func l2tpPayload(_ bytes: RawSpan, at start: Int) -> LinkPayload? {
    guard bytes.holds(2, at: start) else { return nil }
    let flags = bytes.big16(at: start)
    guard flags & 0x8000 == 0, flags & 0x000F == 2 else { return nil }
    var offset = start + 6
    if flags & 0x4000 != 0 { offset += 2 }
    if flags & 0x0800 != 0 { offset += 4 }
    if flags & 0x0200 != 0 {
      guard bytes.holds(2, at: offset) else { return nil }
      offset += 2 + Int(bytes.big16(at: offset))
    }
    return .ppp(at: offset)
  }

  /// IPv6 behind nothing, an authentication, an origin, or both (RFC 4380, 5.1.1).
  private static func teredoPayload(_ bytes: RawSpan, at start: Int) -> LinkPayload? {
    var offset = start
    if bytes.holds(4, at: offset), bytes.big16(at: offset) == 1 {
      offset += 13 + Int(bytes.byte(at: offset + 2)) + Int(bytes.byte(at: offset + 3))
    }
    if bytes.holds(2, at: offset), bytes.big16(at: offset) == 0 { offset += 8 }
    guard bytes.holds(1, at: offset), bytes.byte(at: offset) >> 4 == 6 else { return nil }
    return .etherType(EtherType.ipv6, at: offset)
  }
}
