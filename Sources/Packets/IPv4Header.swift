/// The fixed part of an IPv4 header (RFC 791, 3.1).
struct IPv4Header {
  /// Bytes of a header without options.
  static let minimumLength = 20

  /// Bytes of the header with its options: 20 to 60; they need not all have been captured.
  let length: Int
  /// Bytes of header and payload; 0 where the network card was to set it (TSO, BIG TCP).
  let totalLength: Int
  let trafficClass: UInt8
  let identification: UInt16
  /// Flags (upper three bits) and fragment offset in units of 8 bytes.
  let flagsAndOffset: UInt16
  let ttl: UInt8
  let protocolNumber: UInt8
  let source: UInt32
  let destination: UInt32

  /// Reads the header at `offset`; nil if 20 bytes are not there, the version is not 4, or the length is impossible.
  @inline(__always)
  init?(_ bytes: RawSpan, at offset: Int) {
    guard bytes.holds(Self.minimumLength, at: offset) else { return nil }
    // Three loads and shifts are cheaper than a checked load for each field.
    let first = bytes.big64(at: offset)
    let second = bytes.big64(at: offset &+ 8)
    length = Int(first >> 56 & 0xF) * 4
    guard first >> 60 == 4, length >= Self.minimumLength else { return nil }
    trafficClass = UInt8(truncatingIfNeeded: first >> 48)
    totalLength = Int(first >> 32 & 0xFFFF)
    identification = UInt16(truncatingIfNeeded: first >> 16)
    flagsAndOffset = UInt16(truncatingIfNeeded: first)
    ttl = UInt8(truncatingIfNeeded: second >> 56)
    protocolNumber = UInt8(truncatingIfNeeded: second >> 48)
    source = UInt32(truncatingIfNeeded: second)
    destination = bytes.big32(at: offset &+ 16)
  }

  var dontFragment: Bool { flagsAndOffset & 0x4000 != 0 }

  var fragment: FragmentPosition {
    FragmentPosition(offset: flagsAndOffset & 0x1FFF, moreFollow: flagsAndOffset & 0x2000 != 0)
  }

  /// Whether options name a route: the checksum is then over the last address of it, not over ``destination``.
  @inline(never)
  func hasSourceRoute(_ bytes: RawSpan, at offset: Int) -> Bool {
    var position = offset + Self.minimumLength
    let end = offset + length
    while position < end {
      let kind = bytes.byte(at: position)
      if kind == 0 { return false }
      if kind == 1 {
        position += 1
        continue
      }
      // Loose and strict source route (RFC 791, 3.1).
      if kind == 131 || kind == 137 { return true }
      guard position + 1 < end else { return false }
      position += max(2, Int(bytes.byte(at: position + 1)))
    }
    return false
  }
}

/// Whether a packet is a fragment, and whether it begins with the transport header.
enum FragmentPosition {
  case whole
  case first
  case later

  @inline(__always)
  init(offset: UInt16, moreFollow: Bool) {
    self = offset != 0 ? .later : moreFollow ? .first : .whole
  }
}
