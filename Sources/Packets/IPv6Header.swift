/// The fixed IPv6 header (RFC 8200, 3).
struct IPv6Header {
  /// Bytes of the header without extension headers.
  static let length = 40

  /// Bytes after this header; 0 for a jumbogram, or where the network card was to set it.
  let payloadLength: Int
  let trafficClass: UInt8
  let nextHeader: UInt8
  let hopLimit: UInt8
  let source: IPAddress
  let destination: IPAddress

  /// Reads the header at `offset`; nil if 40 bytes are not there or the version is not 6.
  @inline(__always)
  init?(_ bytes: RawSpan, at offset: Int) {
    guard bytes.holds(Self.length, at: offset) else { return nil }
    let first = bytes.big64(at: offset)
    guard first >> 60 == 6 else { return nil }
    trafficClass = UInt8(truncatingIfNeeded: first >> 52)
    payloadLength = Int(first >> 16 & 0xFFFF)
    nextHeader = UInt8(truncatingIfNeeded: first >> 8)
    hopLimit = UInt8(truncatingIfNeeded: first)
    source = IPAddress(high: bytes.big64(at: offset &+ 8), low: bytes.big64(at: offset &+ 16))
    destination = IPAddress(high: bytes.big64(at: offset &+ 24), low: bytes.big64(at: offset &+ 32))
  }
}

/// The chain of extension headers between an IPv6 header and the transport (RFC 8200, 4).
struct IPv6ExtensionHeaders {
  static let hopByHop: UInt8 = 0
  static let routing: UInt8 = 43
  static let fragment: UInt8 = 44
  static let authentication: UInt8 = 51
  static let noNextHeader: UInt8 = 59
  static let destinationOptions: UInt8 = 60

  /// Where the chain ends.
  private(set) var end: Int
  /// Protocol number of what follows.
  private(set) var nextHeader: UInt8
  private(set) var position = FragmentPosition.whole
  /// Offset in units of eight bytes (upper 13 bits) and whether more follow, of a fragment header.
  private(set) var fragmentField: UInt16 = 0
  private(set) var fragmentIdentification: UInt32 = 0
  /// Where a fragment header ends, and what it is a fragment of begins.
  private(set) var fragmentStart = 0
  /// A route is not at its end: the checksum is over the last address of it, not over the header's destination.
  private(set) var hasSegmentsLeft = false

  /// Walks the chain that begins at `offset`; nil if it runs beyond the bytes.
  @inline(__always)
  init?(_ bytes: RawSpan, at offset: Int, nextHeader: UInt8) {
    end = offset
    self.nextHeader = nextHeader
    guard Self.isExtension(nextHeader) else { return }
    guard walk(bytes) else { return nil }
  }

  @inline(__always)
  private static func isExtension(_ number: UInt8) -> Bool {
    switch number {
    case hopByHop, routing, fragment, authentication, destinationOptions: true
    default: false
    }
  }

  @inline(never)
  private mutating func walk(_ bytes: RawSpan) -> Bool {
    // Each header takes eight bytes or more, so the walk ends.
    while Self.isExtension(nextHeader) {
      guard bytes.holds(8, at: end) else { return false }
      let kind = nextHeader
      let lengthField = Int(bytes.byte(at: end + 1))
      let length =
        switch kind {
        case Self.fragment: 8
        // In units of four bytes, less two (RFC 4302, 2.2); of eight, less one, for the others. Below 8 is impossible.
        case Self.authentication: max(8, (lengthField + 2) * 4)
        default: (lengthField + 1) * 8
        }
      guard bytes.holds(length, at: end) else { return false }
      nextHeader = bytes.byte(at: end)
      if kind == Self.routing, bytes.byte(at: end + 3) != 0 { hasSegmentsLeft = true }
      if kind == Self.fragment {
        fragmentField = bytes.big16(at: end + 2)
        fragmentIdentification = bytes.big32(at: end + 4)
        fragmentStart = end + length
        // Offset 0 with no more to follow is an atomic fragment, a whole packet (RFC 6946).
        position = FragmentPosition(offset: fragmentField >> 3, moreFollow: fragmentField & 1 != 0)
      }
      end += length
      if case .later = position { return true }
    }
    return true
  }
}
