/// The four bytes of BSD loopback interfaces (LINKTYPE_NULL, LINKTYPE_LOOP): the address family of what follows.
enum LoopbackHeader {
  /// The address family alone.
  static let length = 4

  /// Finds the network header; the family may be in either byte order, as the capturing host may have had either.
  static func networkStart(in bytes: RawSpan) -> NetworkStart {
    guard bytes.holds(length, at: 0) else { return .malformed }
    let number = bytes.big32(at: 0)
    // Families are small: whichever order leaves the upper half empty is the one that was meant.
    let family = number >> 16 == 0 ? number : number.byteSwapped
    switch family {
    case 2: return .ipv4(length)
    // AF_INET6 of Linux, Windows, NetBSD and OpenBSD, FreeBSD, macOS.
    case 10, 23, 24, 28, 30: return .ipv6(length)
    default: return .notIP(UInt16(truncatingIfNeeded: family))
    }
  }
}
