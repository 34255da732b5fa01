/// Writes the fields of a ``PackedRecord`` one behind the other.
///
/// Each is written whole, and the next one over what it did not need of that, so that nothing hangs on how long a field is.
@safe
struct FieldWriter {
  private var place: UnsafeMutableRawPointer
  var control: UInt32 = 0

  @inline(__always)
  init(_ start: UnsafeMutableRawPointer) { unsafe place = start + PackedRecord.controlLength }

  @inline(__always)
  private mutating func put(_ value: some FixedWidthInteger & BitwiseCopyable, _ length: Int) {
    unsafe place.storeBytes(of: value, as: type(of: value))
    unsafe place += length
  }

  @inline(__always)
  mutating func put(timeNS: UInt64) {
    let code = (timeNS > 0xFFFF ? 1 : 0) &+ (timeNS > 0xFF_FFFF ? 1 : 0) &+ (timeNS > 0xFFFF_FFFF ? 1 : 0)
    put(timeNS, code == 3 ? 8 : code &+ 2)
    control |= UInt32(truncatingIfNeeded: code) << 2
  }

  @inline(__always)
  mutating func put(frames: UInt32) {
    let code = (frames > 0xFF ? 1 : 0) &+ (frames > 0xFFFF ? 1 : 0) &+ (frames > 0xFF_FFFF ? 1 : 0)
    put(frames, code &+ 1)
    control |= UInt32(truncatingIfNeeded: code) << 4
  }

  /// A number that is mostly 0.
  @inline(__always)
  mutating func put(_ value: UInt32, code shift: UInt32) {
    let code = (value != 0 ? 1 : 0) &+ (value > 0xFF ? 1 : 0) &+ (value > 0xFFFF ? 1 : 0)
    put(value, PackedRecord.length(code))
    control |= UInt32(truncatingIfNeeded: code) &<< shift
  }

  /// A number that may be 0 where that is not expected.
  @inline(__always)
  mutating func put(_ value: UInt32, isExpected: Bool, code shift: UInt32) {
    let code = isExpected ? 0 : 1 &+ (value > 0xFF ? 1 : 0) &+ (value > 0xFFFF ? 1 : 0)
    put(value, PackedRecord.length(code))
    control |= UInt32(truncatingIfNeeded: code) &<< shift
  }

  @inline(__always)
  mutating func put(ipID: UInt16, expected: UInt16) {
    let code = ipID == expected &+ 1 ? 0 : ipID == expected ? 1 : 2
    put(ipID, code & 2)
    control |= UInt32(truncatingIfNeeded: code) << 16
  }

  @inline(__always)
  mutating func put(
    _ value: some FixedWidthInteger & BitwiseCopyable, length: Int, bit: UInt32, if isNeeded: Bool
  ) {
    put(value, isNeeded ? length : 0)
    control |= (isNeeded ? 1 : 0) &<< bit
  }

  /// Writes the control word, and gives the length of all.
  @inline(__always)
  func finish(_ start: UnsafeMutableRawPointer) -> Int {
    unsafe start.storeBytes(of: UInt16(truncatingIfNeeded: control), as: UInt16.self)
    unsafe start.storeBytes(of: UInt8(truncatingIfNeeded: control >> 16), toByteOffset: 2, as: UInt8.self)
    return unsafe place - start
  }
}

/// Reads what ``FieldWriter`` wrote.
@safe
struct FieldReader {
  private var place: UnsafeRawPointer
  private let control: UInt32

  @inline(__always)
  init(_ start: UnsafeRawPointer) {
    unsafe control = start.loadUnaligned(as: UInt32.self)
    unsafe place = start + PackedRecord.controlLength
  }

  @inline(__always)
  func code(_ shift: UInt32) -> Int { Int(control &>> shift & 3) }

  @inline(__always)
  func has(_ bit: UInt32) -> Bool { control & 1 &<< bit != 0 }

  @inline(__always)
  func hasAny(_ bits: UInt32) -> Bool { control & bits != 0 }

  @inline(__always)
  mutating func timeNS() -> UInt64 {
    let (word, code) = unsafe (place.loadUnaligned(as: UInt64.self), code(2))
    unsafe place += code == 3 ? 8 : code &+ 2
    return code == 3 ? word : word & (1 &<< UInt64(truncatingIfNeeded: code &* 8 &+ 16) &- 1)
  }

  @inline(__always)
  mutating func frames() -> UInt32 {
    let (word, code) = unsafe (place.loadUnaligned(as: UInt32.self), code(4))
    unsafe place += code &+ 1
    return word & UInt32.max &>> UInt32(truncatingIfNeeded: 24 &- code &* 8)
  }

  @inline(__always)
  mutating func number(code shift: UInt32) -> UInt32 {
    let word = unsafe place.loadUnaligned(as: UInt32.self)
    let length = PackedRecord.length(code(shift))
    unsafe place += length
    return word & UInt32(truncatingIfNeeded: 1 &<< UInt64(truncatingIfNeeded: length &* 8) &- 1)
  }

  @inline(__always)
  mutating func ipID(expected: UInt16) -> UInt16 {
    let (packed, code) = unsafe (place.loadUnaligned(as: UInt16.self), code(16))
    unsafe place += code & 2
    return code & 2 != 0 ? packed : expected &+ UInt16(truncatingIfNeeded: 1 &- code)
  }

  /// A field of a fixed length, if its bit is set.
  @inline(__always)
  mutating func field(length: Int, bit: UInt32) -> UInt64 {
    let word = unsafe place.loadUnaligned(as: UInt64.self)
    unsafe place += has(bit) ? length : 0
    return word
  }

  @inline(__always)
  func length(from start: UnsafeRawPointer) -> Int { unsafe place - start }
}
