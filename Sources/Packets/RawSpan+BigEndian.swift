/// The only place of this module that reads bytes of a frame as numbers, but for the sums in `CMemory/wide_sum.h`.
///
/// Every load but the last is bounds-checked by `RawSpan`, so a wrong offset traps and never reads beyond the frame; what
/// is unsafe about it for the compiler is only the choice of the type, and every bit pattern is a valid integer. Callers
/// ask ``holds(_:at:)`` once per header, which lets the optimiser drop most checks of the loads that follow.
extension RawSpan {
  /// Whether `count` bytes from `offset` lie within; both are between 0 and 2³³, so their sum cannot overflow.
  @inline(__always)
  func holds(_ count: Int, at offset: Int) -> Bool { offset &+ count <= byteCount }

  /// The byte at `offset`.
  @inline(__always)
  func byte(at offset: Int) -> UInt8 { unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self) }

  /// The two bytes from `offset`, sent high byte first.
  @inline(__always)
  func big16(at offset: Int) -> UInt16 {
    unsafe UInt16(bigEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt16.self))
  }

  /// The four bytes from `offset`, sent high byte first.
  @inline(__always)
  func big32(at offset: Int) -> UInt32 {
    unsafe UInt32(bigEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }

  /// The eight bytes from `offset`, sent high byte first.
  @inline(__always)
  func big64(at offset: Int) -> UInt64 {
    unsafe UInt64(bigEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  /// The two bytes from `offset`, sent low byte first.
  @inline(__always)
  func little16(at offset: Int) -> UInt16 { big16(at: offset).byteSwapped }

  /// The four bytes from `offset`, sent low byte first.
  @inline(__always)
  func little32(at offset: Int) -> UInt32 { big32(at: offset).byteSwapped }

  /// The eight bytes from `offset` in the machine's own order, not bounds-checked: for loops over a whole payload.
  @unsafe
  @inline(__always)
  func native64(atUnchecked offset: Int) -> UInt64 {
    unsafe unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self)
  }
}
