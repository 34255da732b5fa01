/// Bytes that are only ever appended to, in memory of their own.
///
/// Rejected: `Array`, which asks before each byte whether it shares its memory; a report has a thousand million of them.
@safe
package struct ByteBuffer: ~Copyable {
  private var start: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  /// Number of bytes.
  package private(set) var count = 0

  /// An empty buffer with room for so many bytes, at least 1.
  package init(capacity: Int = 1 << 10) {
    self.capacity = capacity
    unsafe start = .allocate(capacity: capacity)
  }

  deinit { unsafe start.deallocate() }

  /// A copy of the bytes.
  package var array: [UInt8] { unsafe Array(UnsafeBufferPointer(start: start, count: count)) }

  /// Calls `body` with the bytes, which it must not keep.
  package borrowing func withBytes<Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) {
    try unsafe body(UnsafeRawBufferPointer(start: start, count: count))
  }

  /// Forgets the bytes, and keeps the memory.
  package mutating func removeAll() { count = 0 }

  /// Adds one byte.
  @inline(__always)
  package mutating func append(_ byte: UInt8) {
    if count == capacity { grow(by: 1) }
    unsafe start[count] = byte
    count &+= 1
  }

  /// Adds bytes.
  @inline(__always)
  package mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let source = bytes.baseAddress else { return }
    if capacity &- count < bytes.count { grow(by: bytes.count) }
    unsafe Self.copy(bytes.count, from: source, to: start + count)
    count &+= bytes.count
  }

  /// Adds bytes, if all of them are such; else none.
  ///
  /// - Returns: whether they were added.
  @inline(__always)
  mutating func append(_ bytes: UnsafeBufferPointer<UInt8>, ifAll isSuch: (UInt8) -> Bool) -> Bool {
    if capacity &- count < bytes.count { grow(by: bytes.count) }
    for index in 0..<bytes.count {
      let byte = unsafe bytes[index]
      unsafe start[count + index] = byte
      if !isSuch(byte) { return false }
    }
    count &+= bytes.count
    return true
  }

  /// Adds bytes.
  package mutating func append(_ bytes: [UInt8]) { unsafe bytes.withUnsafeBufferPointer { unsafe append($0) } }

  /// Adds text.
  @inline(__always)
  package mutating func append(_ text: StaticString) {
    unsafe append(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  /// Adds a key of an object: quotation mark, name, quotation mark, colon, and a space if wanted.
  @inline(__always)
  mutating func append(key name: StaticString, spaced: Bool) {
    let length = name.utf8CodeUnitCount
    if capacity &- count < length + 4 { grow(by: length + 4) }
    unsafe start[count] = UInt8(ascii: "\"")
    unsafe Self.copy(length, from: name.utf8Start, to: start + count + 1)
    unsafe start[count + length + 1] = UInt8(ascii: "\"")
    unsafe start[count + length + 2] = UInt8(ascii: ":")
    unsafe start[count + length + 3] = UInt8(ascii: " ")
    count &+= length + (spaced ? 4 : 3)
  }

  /// Adds a number in decimal digits, filled up on the left where it has fewer than `width`.
  @inline(__always)
  package mutating func append(digitsOf number: UInt64, width: Int = 1, fill: UInt8 = UInt8(ascii: "0")) {
    let digits = max(Self.digits(of: number), width)
    if capacity &- count < digits { grow(by: digits) }
    var place = count + digits
    var rest = number
    while rest >= 10 {
      let (quotient, pair) = rest.quotientAndRemainder(dividingBy: 100)
      place -= 2
      unsafe Self.copyPair(from: Self.pairs.utf8Start + 2 * Int(pair), to: start + place)
      rest = quotient
    }
    if rest > 0 || number == 0 {
      place -= 1
      unsafe start[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest)
    }
    while place > count {
      place -= 1
      unsafe start[place] = fill
    }
    count &+= digits
  }

  /// How many decimal digits a number has.
  @inline(__always)
  private static func digits(of number: UInt64) -> Int {
    var (digits, rest) = (1, number)
    while rest >= 10_000 {
      rest /= 10_000
      digits += 4
    }
    return digits + (rest >= 10 ? 1 : 0) + (rest >= 100 ? 1 : 0) + (rest >= 1_000 ? 1 : 0)
  }

  /// The numbers from 0 to 99, two digits each.
  private static let pairs: StaticString = """
    00010203040506070809101112131415161718192021222324252627282930313233343536373839\
    40414243444546474849505152535455565758596061626364656667686970717273747576777879\
    8081828384858687888990919293949596979899
    """

  @inline(__always)
  private static func copyPair(from source: UnsafePointer<UInt8>, to place: UnsafeMutablePointer<UInt8>) {
    unsafe place[0] = source[0]
    unsafe place[1] = source[1]
  }

  /// Copies bytes that do not overlap; few of them, as nearly always, without calling for it: as two words, which meet in
  /// the middle.
  @inline(__always)
  private static func copy(
    _ count: Int, from source: UnsafePointer<UInt8>, to place: UnsafeMutablePointer<UInt8>
  ) {
    if count > 32 {
      unsafe place.update(from: source, count: count)
    } else if count >= 16 {
      unsafe copyEnds(of: SIMD16<UInt8>.self, count, source, place)
    } else if count >= 8 {
      unsafe copyEnds(of: UInt64.self, count, source, place)
    } else if count >= 4 {
      unsafe copyEnds(of: UInt32.self, count, source, place)
    } else {
      for index in 0..<count { unsafe place[index] = source[index] }
    }
  }

  @inline(__always)
  private static func copyEnds<Word: BitwiseCopyable>(
    of: Word.Type, _ count: Int, _ source: UnsafePointer<UInt8>, _ place: UnsafeMutablePointer<UInt8>
  ) {
    let (from, to) = unsafe (UnsafeRawPointer(source), UnsafeMutableRawPointer(place))
    let last = count - MemoryLayout<Word>.size
    let (one, other) = unsafe (from.loadUnaligned(as: Word.self), (from + last).loadUnaligned(as: Word.self))
    unsafe to.storeBytes(of: one, as: Word.self)
    unsafe (to + last).storeBytes(of: other, as: Word.self)
  }

  @inline(never)
  private mutating func grow(by more: Int) {
    let wider = max(count + more, capacity * 2)
    let moved = UnsafeMutablePointer<UInt8>.allocate(capacity: wider)
    unsafe moved.update(from: start, count: count)
    unsafe start.deallocate()
    unsafe (start, capacity) = (moved, wider)
  }
}
