import CMemory

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
    let width = hopscope_width(value)
    put(value, Int(hopscope_length_of_width(width)))
    control |= hopscope_code_of_width(width) &<< shift
  }

  /// A number that may be 0 where that is not expected.
  @inline(__always)
  mutating func put(_ value: UInt32, isExpected: Bool, code shift: UInt32) {
    let width = isExpected ? 0 : max(1, hopscope_width(value))
    put(value, Int(hopscope_length_of_width(width)))
    control |= hopscope_code_of_width(width) &<< shift
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

/// Reads fields of a fixed length, each of which is there if its bit is set in the control word.
@safe
struct FieldReader {
  private var place: UnsafeRawPointer
  private let control: UInt32

  @inline(__always)
  init(_ place: UnsafeRawPointer, _ control: UInt32) {
    unsafe self.place = unsafe place
    self.control = control
  }

  @inline(__always)
  func has(_ bit: UInt32) -> Bool { control & 1 &<< bit != 0 }

  /// The next field, of which no more than eight bytes are read.
  @inline(__always)
  mutating func field(length: Int, bit: UInt32) -> UInt64 {
    let word = unsafe place.loadUnaligned(as: UInt64.self)
    unsafe place += has(bit) ? length : 0
    return word
  }
}
