/// The part of a source that is in memory: one buffer, filled again and again.
///
///     offset 0 of the source                 start        end        capacity
///     | ······ handed out and gone ······ | | passed over | to read |          |
///
/// Numbers are read at an offset from `start`; the caller has asked with `holds` that they are there.
@safe struct InputWindow: ~Copyable {
  /// Bytes that are read at once.
  static let capacity = 1 << 16

  /// Whether numbers have their most significant byte first.
  var isBigEndian = false
  /// Why the source gave up, if it did.
  private(set) var failure: ByteSource.Failure?

  private let source: ByteSource
  private var base: UnsafeMutableRawPointer
  private var capacity: Int
  private var start = 0
  private var end = 0
  private var baseOffset: Int64 = 0
  private var isExhausted = false

  init(_ source: ByteSource) {
    self.source = source
    capacity = Self.capacity
    unsafe base = .allocate(byteCount: Self.capacity, alignment: 16)
  }

  deinit { unsafe base.deallocate() }

  /// Where the next byte stands in the source.
  var offset: Int64 { baseOffset + Int64(start) }

  /// Bytes in memory that are not passed over.
  var available: Int { end &- start }

  /// Bytes taken from the file, as far as they were needed.
  func fileBytesRead(isUnpacked: Bool) -> Int64 { isUnpacked ? source.fileBytesRead : offset }

  /// Whether there are at least `count` more bytes, which are then in memory.
  @inline(__always) mutating func holds(_ count: Int) -> Bool {
    end &- start >= count || fill(count)
  }

  /// Passes over bytes that are in memory.
  @inline(__always) mutating func advance(_ count: Int) {
    assert(count <= available)
    start &+= count
  }

  @inline(__always) func byte(_ at: Int) -> UInt8 {
    assert(at + 1 <= available)
    return unsafe base.load(fromByteOffset: start &+ at, as: UInt8.self)
  }

  @inline(__always) func half(_ at: Int) -> UInt16 {
    assert(at + 2 <= available)
    let value = unsafe base.loadUnaligned(fromByteOffset: start &+ at, as: UInt16.self)
    return isBigEndian ? UInt16(bigEndian: value) : UInt16(littleEndian: value)
  }

  @inline(__always) func word(_ at: Int) -> UInt32 {
    assert(at + 4 <= available)
    let value = unsafe base.loadUnaligned(fromByteOffset: start &+ at, as: UInt32.self)
    return isBigEndian ? UInt32(bigEndian: value) : UInt32(littleEndian: value)
  }

  /// A 64-bit number in the byte order of the file.
  func long(_ at: Int) -> UInt64 {
    assert(at + 8 <= available)
    let value = unsafe base.loadUnaligned(fromByteOffset: start &+ at, as: UInt64.self)
    return isBigEndian ? UInt64(bigEndian: value) : UInt64(littleEndian: value)
  }

  /// Bytes in memory, valid until the next `holds`.
  @inline(__always) func bytes(_ at: Int, count: Int) -> UnsafeRawBufferPointer {
    assert(count >= 0 && at + count <= available)
    return unsafe UnsafeRawBufferPointer(start: base + (start &+ at), count: count)
  }

  /// Reads on until `count` bytes are in memory.
  ///
  /// The buffer grows only as bytes arrive, so a length that a damaged file claims costs no memory.
  @inline(never) private mutating func fill(_ count: Int) -> Bool {
    guard !isExhausted else { return false }
    unsafe base.copyMemory(from: base + start, byteCount: end - start)
    baseOffset += Int64(start)
    end -= start
    start = 0
    while end < count {
      if end == capacity { grow() }
      do throws(ByteSource.Failure) {
        let room = unsafe UnsafeMutableRawBufferPointer(start: base + end, count: capacity - end)
        let length = try unsafe source.read(into: room)
        if length == 0 { isExhausted = true }
        end += length
      } catch {
        failure = error
        isExhausted = true
      }
      if isExhausted { return false }
    }
    return true
  }

  private mutating func grow() {
    let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity * 2, alignment: 16)
    unsafe larger.copyMemory(from: base, byteCount: end)
    unsafe base.deallocate()
    unsafe base = larger
    capacity *= 2
  }
}
