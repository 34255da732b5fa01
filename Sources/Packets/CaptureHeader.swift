/// What capturing systems put before a packet to tell of its way: firewalls' logs, macOS, and PPI.
enum CaptureHeader {
  /// Finds the network header in a message of Linux netfilter's log (LINKTYPE_NFLOG).
  static func networkStart(inNetfilterLog bytes: RawSpan) -> NetworkStart {
    guard bytes.holds(4, at: 0) else { return .malformed }
    let family = bytes.byte(at: 0)
    // Of IPv4 and IPv6 by Linux; a bridge or ARP has no IP header there.
    guard family == 2 || family == 10 else { return .notIP(UInt16(family)) }
    var offset = 4
    while bytes.holds(4, at: offset) {
      // In the order of the capturing host; types are small, so the order shows.
      let isBig = bytes.byte(at: offset + 2) == 0
      let length = Int(isBig ? bytes.big16(at: offset) : bytes.little16(at: offset))
      let type = isBig ? bytes.big16(at: offset + 2) : bytes.little16(at: offset + 2)
      guard length >= 4 else { return .malformed }
      if type & 0x7FFF == 9 { return NetworkStart(version: bytes, at: offset + 4) }
      offset += (length + 3) & ~3
    }
    return .malformed
  }

  /// Finds the network header behind the one of OpenBSD's packet filter log, which says how long it is.
  static func networkStart(inFilterLog bytes: RawSpan) -> NetworkStart {
    guard bytes.holds(1, at: 0) else { return .malformed }
    let length = (Int(bytes.byte(at: 0)) + 3) & ~3
    guard length >= 48, bytes.holds(length, at: 0) else { return .malformed }
    return NetworkStart(version: bytes, at: length)
  }

  /// Finds the network header behind macOS's PKTAP, which names the link type that follows.
  static func networkStart(inPKTAP bytes: RawSpan) -> NetworkStart {
    guard bytes.holds(12, at: 0) else { return .malformed }
    return networkStart(of: bytes.little32(at: 8), in: bytes, at: Int(bytes.little32(at: 0)), atLeast: 12)
  }

  /// Finds the network header behind PPI, which names the link type that follows.
  static func networkStart(inPPI bytes: RawSpan) -> NetworkStart {
    guard bytes.holds(8, at: 0), bytes.byte(at: 0) == 0 else { return .malformed }
    return networkStart(of: bytes.little32(at: 4), in: bytes, at: Int(bytes.little16(at: 2)), atLeast: 8)
  }

  private static func networkStart(
    of number: UInt32, in bytes: RawSpan, at length: Int, atLeast shortest: Int
  ) -> NetworkStart {
    guard length >= shortest, bytes.holds(length, at: 0) else { return .malformed }
    switch LinkFraming(LinkType(rawValue: Int32(truncatingIfNeeded: number))) {
    // Neither holds the other, so the way ends.
    case nil, .pktap, .ppi: return .notIP(UInt16(truncatingIfNeeded: number))
    case .some(let framing):
      return framing.networkStart(in: bytes.extracting(length..<bytes.byteCount)).moved(by: length)
    }
  }
}
