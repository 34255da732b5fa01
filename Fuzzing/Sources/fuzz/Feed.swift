/// The bytes of one input, taken as decisions one after the other; 0 behind the end.
struct Feed {
  let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Whether all bytes are taken.
  var isEmpty: Bool { position >= bytes.count }

  mutating func byte() -> UInt8 {
    guard position < bytes.count else { return 0 }
    position += 1
    return bytes[position - 1]
  }

  mutating func half() -> UInt16 { UInt16(byte()) << 8 | UInt16(byte()) }
  mutating func word() -> UInt32 { UInt32(half()) << 16 | UInt32(half()) }
  mutating func long() -> UInt64 { UInt64(word()) << 32 | UInt64(word()) }
  /// A time that a report may hold, in nanoseconds.
  mutating func time() -> Int64 { Int64(bitPattern: long()) / 2 }
  mutating func flag() -> Bool { byte() & 1 == 1 }

  /// A number below this.
  mutating func number(below limit: Int) -> Int { Int(limit > 256 ? half() : UInt16(byte())) % limit }

  /// So many bytes, fewer at the end.
  mutating func take(_ count: Int) -> [UInt8] {
    let taken = Array(bytes[min(position, bytes.count)..<min(position + count, bytes.count)])
    position += taken.count
    return taken
  }

  /// A text of up to 255 bytes, mended where it is not UTF-8.
  mutating func text() -> String { String(decoding: take(Int(byte())), as: UTF8.self) }
}
