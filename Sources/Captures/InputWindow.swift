import CMapping
import Glibc

/// The part of a source that is in memory: a part of a file, mapped, or one buffer, filled again and again.
///
///     offset 0 of the source                 start        end
///     | ······ handed out and gone ······ | | passed over | to read |
///
/// Numbers are read at an offset from `start`; the caller has asked with `holds` that they are there.
/// A file of some size is mapped, which spares copying whole frames; all else is read.
@safe struct InputWindow: ~Copyable {
  /// Bytes that are read at once.
  static let capacity = 1 << 16
  /// Bytes that are mapped at once.
  static let mappedLength = 1 << 22
  /// A file of fewer bytes is read: mapping costs something, too.
  static let leastMapped = 1 << 20

  /// Whether numbers have their most significant byte first.
  var isBigEndian = false
  /// Why the source gave up, if it did.
  private(set) var failure: ByteSource.Failure?

  private let source: ByteSource
  private var buffer: UnsafeMutableRawPointer
  private var capacity: Int
  /// Where the bytes in memory begin: the buffer, or the mapped part.
  private var base: UnsafeRawPointer
  private var start = 0
  private var end = 0
  private var baseOffset: Int64 = 0
  private var isExhausted = false
  /// Bytes that are mapped at once; 0 where the source is read.
  private var mappedLength: Int
  private var part: MappedPart?
  /// The number of the mapped part; −1 without one.
  private var partNumber: Int32 = -1

  /// The beginning of a source, of which so many bytes are mapped at once, or none.
  init(_ source: ByteSource, mappedLength: Int) {
    self.source = source
    self.mappedLength = mappedLength
    capacity = Self.capacity
    unsafe buffer = .allocate(byteCount: Self.capacity, alignment: 16)
    unsafe base = UnsafeRawPointer(buffer)
  }

  deinit { unsafe buffer.deallocate() }

  /// Where the next byte stands in the source.
  var offset: Int64 { baseOffset + Int64(start) }

  /// Bytes in memory that are not passed over.
  var available: Int { end &- start }

  /// Bytes taken from the file, as far as they were needed.
  func fileBytesRead(isUnpacked: Bool) -> Int64 { isUnpacked ? source.fileBytesRead : offset }

  /// Whether there are at least `count` more bytes, which are then in memory.
  @inline(__always) mutating func holds(_ count: Int) -> Bool {
    (end &- start >= count && hopscope_is_lost(partNumber) == 0) || fill(count)
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

  /// Sees to it that `count` bytes are in memory, if there are so many.
  @inline(never) private mutating func fill(_ count: Int) -> Bool {
    guard !isExhausted, !hasLost() else { return false }
    return mappedLength > 0 ? mapOn(count) : readOn(count)
  }

  /// Whether bytes in memory are no longer those of the file, of which some may have been handed out; nothing comes then.
  mutating func hasLost() -> Bool {
    if let failure, case .lost = failure { return true }
    guard partNumber >= 0 else { return false }
    let loss = source.loss(before: baseOffset + Int64(end))
    guard loss != nil || hopscope_is_lost(partNumber) != 0 else { return false }
    // One that was lost and can be read again was not read as it is.
    failure = loss ?? .lost(errno: EIO)
    isExhausted = true
    return true
  }

  /// Goes on to the part of the file that begins in the page of the next byte.
  private mutating func mapOn(_ count: Int) -> Bool {
    let place = offset
    let page = place & ~(MappedPart.pageLength - 1)
    let before = Int(place - page)
    guard let next = MappedPart(of: source, from: page, length: max(mappedLength, before + count)) else {
      leaveMapping()
      return readOn(count)
    }
    unsafe base = next.start
    (start, end, baseOffset) = (before, next.length, page)
    partNumber = next.number
    part = consume next
    isExhausted = available < count
    return !isExhausted
  }

  /// Goes on by reading: the end of the file, or a system that does not map.
  private mutating func leaveMapping() {
    let place = offset
    unsafe base = UnsafeRawPointer(buffer)
    (start, end, baseOffset) = (0, 0, place)
    (mappedLength, partNumber) = (0, -1)
    part = nil
    source.readOn(from: place)
  }

  /// Reads on until `count` bytes are in memory.
  ///
  /// The buffer grows only as bytes arrive, so a length that a damaged file claims costs no memory.
  private mutating func readOn(_ count: Int) -> Bool {
    unsafe buffer.copyMemory(from: base + start, byteCount: end - start)
    baseOffset += Int64(start)
    end -= start
    start = 0
    while end < count {
      if end == capacity { grow() }
      do throws(ByteSource.Failure) {
        let room = unsafe UnsafeMutableRawBufferPointer(start: buffer + end, count: capacity - end)
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
    unsafe larger.copyMemory(from: buffer, byteCount: end)
    unsafe buffer.deallocate()
    unsafe buffer = larger
    unsafe base = UnsafeRawPointer(buffer)
    capacity *= 2
  }
}
