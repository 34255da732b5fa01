import CMemory

/// The ones' complement sum of RFC 1071, the checksum of TCP, UDP and ICMP.
///
/// Partial sums are of 16-bit or 32-bit words in network order. Those of headers stay far below 64 bits, so they are simply
/// added to each other; they are folded once at the end.
enum InternetChecksum {
  /// What a message with a correct checksum sums up to.
  static let correct: UInt16 = 0xFFFF

  /// Eight bytes of a header as a partial sum of 33 bits.
  @inline(__always)
  static func partial(_ word: UInt64) -> UInt64 { (word >> 32) &+ (word & 0xFFFF_FFFF) }

  /// The partial sum of the options of a header in `start..<end`, a multiple of four bytes and not more than 40.
  @inline(__always)
  static func optionSum(_ bytes: RawSpan, from start: Int, to end: Int) -> UInt64 {
    var sum: UInt64 = 0
    var offset = start
    while end &- offset >= 8 {
      sum &+= partial(bytes.big64(at: offset))
      offset &+= 8
    }
    return offset < end ? sum &+ UInt64(bytes.big32(at: offset)) : sum
  }

  @inline(__always)
  private static func add(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let (sum, carry) = left.addingReportingOverflow(right)
    return sum &+ (carry ? 1 : 0)
  }

  /// A partial sum in 16 bits.
  @inline(__always)
  static func fold(_ sum: UInt64) -> UInt16 {
    // 33 bits, then 18, then 17, then 16.
    var folded = (sum >> 32) &+ (sum & 0xFFFF_FFFF)
    folded = (folded >> 16) &+ (folded & 0xFFFF)
    folded = (folded >> 16) &+ (folded & 0xFFFF)
    folded = (folded >> 16) &+ (folded & 0xFFFF)
    return UInt16(truncatingIfNeeded: folded)
  }

  /// The folded sum of the bytes in `start..<end`, the first of which is a high byte; an odd last one is padded.
  ///
  /// - Parameter mayBeWide: whether the widest instructions of the processor may be used.
  @inline(__always)
  static func sum(_ bytes: RawSpan, from start: Int, to end: Int, mayBeWide: Bool = true) -> UInt16 {
    sum(bytes.extracting(start..<end), mayBeWide: mayBeWide)
  }

  /// The folded sum of all bytes, the first of which is a high byte; an odd last one is padded.
  private static func sum(_ bytes: RawSpan, mayBeWide: Bool) -> UInt16 {
    // The sum does not depend on byte order but for one swap at the end (RFC 1071, 2 (B)), so words are added as they
    // lie in memory. Four sums at a time keep the adders busy.
    let count = bytes.byteCount
    var offset = 0
    var first: UInt64 = 0
    if mayBeWide, count >= leastWide, let sum = wideSum(bytes) { return fold(sum).bigEndian }
    if count >= 32 {
      var second: UInt64 = 0
      var third: UInt64 = 0
      var fourth: UInt64 = 0
      repeat {
        // Safe: 32 bytes or more are left from offset.
        unsafe first = add(first, bytes.native64(atUnchecked: offset))
        unsafe second = add(second, bytes.native64(atUnchecked: offset &+ 8))
        unsafe third = add(third, bytes.native64(atUnchecked: offset &+ 16))
        unsafe fourth = add(fourth, bytes.native64(atUnchecked: offset &+ 24))
        offset &+= 32
      } while count &- offset >= 32
      first = add(add(first, second), add(third, fourth))
    }
    while count &- offset >= 8 {
      // Safe: eight bytes or more are left from offset.
      unsafe first = add(first, bytes.native64(atUnchecked: offset))
      offset &+= 8
    }
    var sum = UInt64(fold(first).bigEndian)
    if count &- offset >= 4 {
      sum &+= UInt64(bytes.big32(at: offset))
      offset &+= 4
    }
    if count &- offset >= 2 {
      sum &+= UInt64(bytes.big16(at: offset))
      offset &+= 2
    }
    if offset < count { sum &+= UInt64(bytes.byte(at: offset)) << 8 }
    return fold(sum)
  }

  /// Fewer bytes are not worth wide instructions.
  private static let leastWide = 64

  /// The sum of the bytes, in 32-bit words as they lie in memory; `nil` where the processor has no wide instructions.
  @inline(__always)
  private static func wideSum(_ bytes: RawSpan) -> UInt64? {
    // No sum: a packet has far fewer than 2³² words.
    let none = UInt64.max
    // Safe: it is told how many bytes there are, and they are as many as it asks for.
    let sum = unsafe bytes.withUnsafeBytes { unsafe hopscope_wide_sum($0.baseAddress, $0.count, none) }
    return sum == none ? nil : sum
  }
}
