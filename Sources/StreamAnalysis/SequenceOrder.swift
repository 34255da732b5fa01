/// Order of sequence numbers, which wrap (RFC 9293, 3.4): the shorter way round decides.
///
/// `1.isAfter(0xFFFF_FFFF)` is true.
extension UInt32 {
  @inline(__always)
  func isAfter(_ other: UInt32) -> Bool { Int32(bitPattern: other &- self) < 0 }

  @inline(__always)
  func isBefore(_ other: UInt32) -> Bool { Int32(bitPattern: self &- other) < 0 }

  @inline(__always)
  func isAtOrAfter(_ other: UInt32) -> Bool { Int32(bitPattern: other &- self) <= 0 }

  @inline(__always)
  func isAtOrBefore(_ other: UInt32) -> Bool { Int32(bitPattern: self &- other) <= 0 }
}
