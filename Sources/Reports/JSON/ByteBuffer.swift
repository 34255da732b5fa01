/// Bytes that are only ever appended to, in memory of their own.
///
/// Rejected: `Array`, which asks before each byte whether it shares its memory; a report has a thousand million of them.
@safe
struct ByteBuffer: ~Copyable {
  private var start: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  /// Number of bytes.
  private(set) var count = 0

  init(capacity: Int = 1 << 10) {
    self.capacity = capacity
    unsafe start = .allocate(capacity: capacity)
  }

  deinit { unsafe start.deallocate() }

  /// A copy of the bytes.
  var array: [UInt8] { unsafe Array(UnsafeBufferPointer(start: start, count: count)) }

  /// Calls `body` with the bytes, which it must not keep.
  borrowing func withBytes<Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) {
    try unsafe body(UnsafeRawBufferPointer(start: start, count: count))
  }

  /// Forgets the bytes, and keeps the memory.
  mutating func removeAll() { count = 0 }

  /// Adds one byte.
  @inline(__always)
  mutating func append(_ byte: UInt8) {
    if count == capacity { grow(by: 1) }
    unsafe start[count] = byte
    count &+= 1
  }

  /// Adds bytes.
  @inline(__always)
  mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let source = bytes.baseAddress else { return }
    if capacity &- count < bytes.count { grow(by: bytes.count) }
    unsafe (start + count).update(from: source, count: bytes.count)
    count &+= bytes.count
  }

  /// Adds bytes.
  mutating func append(_ bytes: [UInt8]) { unsafe bytes.withUnsafeBufferPointer { unsafe append($0) } }

  /// Adds text.
  @inline(__always)
  mutating func append(_ text: StaticString) {
    unsafe append(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  /// Adds a key of an object: quotation mark, name, quotation mark, colon, and a space if wanted.
  @inline(__always)
  mutating func append(key name: StaticString, spaced: Bool) {
    let length = name.utf8CodeUnitCount
    if capacity &- count < length + 4 { grow(by: length + 4) }
    unsafe start[count] = UInt8(ascii: "\"")
    unsafe (start + count + 1).update(from: name.utf8Start, count: length)
    unsafe start[count + length + 1] = UInt8(ascii: "\"")
    unsafe start[count + length + 2] = UInt8(ascii: ":")
    unsafe start[count + length + 3] = UInt8(ascii: " ")
    count &+= length + (spaced ? 4 : 3)
  }

  /// Adds a number in decimal digits.
  @inline(__always)
  mutating func append(digitsOf number: UInt64) {
    if capacity &- count < 20 { grow(by: 20) }
    var digits = 1
    var rest = number
    while rest >= 10 {
      rest /= 10
      digits += 1
    }
    rest = number
    var place = count + digits
    repeat {
      place -= 1
      let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
      unsafe start[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit)
      rest = quotient
    } while rest > 0
    count &+= digits
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
