/// The ones' complement sum of RFC 1071, the checksum of TCP, UDP and ICMP.
///
/// Partial sums are 64 bits wide and may be added to each other (``add(_:_:)``) before they are folded; they are of
/// 16-bit words in network order.
enum InternetChecksum {
  /// What a message with a correct checksum sums up to.
  static let correct: UInt16 = 0xFFFF

  /// The sum of two partial sums, carry included.
  @inline(__always)
  static func add(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let (sum, carry) = left.addingReportingOverflow(right)
    return sum &+ (carry ? 1 : 0)
  }

  /// A partial sum in 16 bits.
  @inline(__always)
  static func fold(_ sum: UInt64) -> UInt16 {
    var folded = (sum >> 32) + (sum & 0xFFFF_FFFF)
    folded = (folded >> 16) + (folded & 0xFFFF)
    folded = (folded >> 16) + (folded & 0xFFFF)
    folded = (folded >> 16) + (folded & 0xFFFF)
    return UInt16(truncatingIfNeeded: folded)
  }

  /// The folded sum of the bytes in `start..<end`, the first of which is a high byte; an odd last one is padded.
  @inline(__always)
  static func sum(_ bytes: RawSpan, from start: Int, to end: Int) -> UInt16 {
    // The sum does not depend on byte order but for one swap at the end (RFC 1071, 2 (B)), so words are added as they
    // lie in memory. Four sums at a time keep the adders busy.
    var offset = start
    var first: UInt64 = 0
    if end - offset >= 32 {
      var second: UInt64 = 0
      var third: UInt64 = 0
      var fourth: UInt64 = 0
      repeat {
        first = add(first, bytes.native64(at: offset))
        second = add(second, bytes.native64(at: offset &+ 8))
        third = add(third, bytes.native64(at: offset &+ 16))
        fourth = add(fourth, bytes.native64(at: offset &+ 24))
        offset &+= 32
      } while end &- offset >= 32
      first = add(add(first, second), add(third, fourth))
    }
    while end - offset >= 8 {
      first = add(first, bytes.native64(at: offset))
      offset += 8
    }
    var rest: UInt64 = 0
    var shift: UInt64 = 56
    while offset < end {
      rest |= UInt64(bytes.byte(at: offset)) << shift
      shift &-= 8
      offset += 1
    }
    return fold(add(first, UInt64(bigEndian: rest))).bigEndian
  }
}
