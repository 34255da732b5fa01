/// What a built packet carries in its checksum field.
public enum Checksum: Sendable, Hashable {
  /// The correct one.
  case correct
  /// One that does not hold.
  case wrong
  /// This number.
  case value(UInt16)

  /// The field for a message that has zeros in its place.
  func field(over message: [UInt8]) -> UInt16 {
    switch self {
    case .correct: ~Self.sum(message)
    case .wrong: ~Self.sum(message) ^ 0x1234
    case .value(let value): value
    }
  }

  /// The ones' complement sum of RFC 1071, written as plainly as can be to check faster ones against.
  public static func sum(_ bytes: [UInt8]) -> UInt16 {
    var sum: UInt64 = 0
    for (index, byte) in bytes.enumerated() {
      sum += UInt64(byte) << (index.isMultiple(of: 2) ? 8 : 0)
    }
    while sum > 0xFFFF { sum = sum >> 16 + sum & 0xFFFF }
    return UInt16(sum)
  }
}
