extension [UInt8] {
  mutating func appendBig(_ value: UInt16) { appendInteger(value, .big) }
  mutating func appendBig(_ value: UInt32) { appendInteger(value, .big) }
  mutating func appendBig(_ value: UInt64) { appendInteger(value, .big) }

  mutating func appendInteger<Value: FixedWidthInteger>(_ value: Value, _ order: ByteOrder) {
    let bytes = (0..<Value.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> Value($0 * 8)) }
    append(contentsOf: order == .little ? bytes : bytes.reversed())
  }

  mutating func setBig(_ value: UInt16, at offset: Int) {
    self[offset] = UInt8(value >> 8)
    self[offset + 1] = UInt8(value & 0xFF)
  }
}

/// The order of the bytes of a number in a capture file.
public enum ByteOrder: Sendable, Hashable, CaseIterable {
  /// Least significant byte first.
  case little
  /// Most significant byte first.
  case big
}
