/// Lists in one column: JSON arrays of strings or of integers.
///
/// Every event has a list, so a general JSON coder would take longer than SQLite does.
enum JSONArray {
  /// The array as JSON (RFC 8259), without spaces.
  static func text(of strings: [String]) -> String {
    var bytes: [UInt8] = [UInt8(ascii: "[")]
    for (index, string) in strings.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      append(string, to: &bytes)
    }
    bytes.append(UInt8(ascii: "]"))
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The array as JSON, without spaces.
  static func text(of numbers: [some BinaryInteger]) -> String {
    "[" + numbers.map { String($0) }.joined(separator: ",") + "]"
  }

  /// The integers of what ``text(of:)-([Int])`` made; `nil` for anything else.
  static func integers(in json: String) -> [Int]? {
    guard json.first == "[", json.last == "]" else { return nil }
    var numbers: [Int] = []
    for part in json.dropFirst().dropLast().split(separator: ",", omittingEmptySubsequences: true) {
      guard let number = Int(part) else { return nil }
      numbers.append(number)
    }
    return numbers
  }

  /// The strings of what ``text(of:)-([String])`` made; `nil` for anything else.
  static func texts(in json: String) -> [String]? {
    var bytes = json.utf8.makeIterator()
    guard bytes.next() == UInt8(ascii: "[") else { return nil }
    var strings: [String] = []
    while true {
      switch bytes.next() {
      case UInt8(ascii: "\""):
        guard let string = string(from: &bytes) else { return nil }
        strings.append(string)
      case UInt8(ascii: "]") where strings.isEmpty:
        return bytes.next() == nil ? strings : nil
      default:
        return nil
      }
      switch bytes.next() {
      case UInt8(ascii: ","): continue
      case UInt8(ascii: "]"): return bytes.next() == nil ? strings : nil
      default: return nil
      }
    }
  }

  private static func append(_ string: String, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    for byte in string.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(byte)
      case ..<0x20:
        let digits = Array("0123456789abcdef".utf8)
        bytes.append(contentsOf: "\\u00".utf8)
        bytes.append(digits[Int(byte >> 4)])
        bytes.append(digits[Int(byte & 15)])
      default:
        bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// Reads up to and with the closing quote.
  private static func string(from bytes: inout String.UTF8View.Iterator) -> String? {
    var content: [UInt8] = []
    while let byte = bytes.next() {
      switch byte {
      case UInt8(ascii: "\""):
        return String(decoding: content, as: UTF8.self)
      case UInt8(ascii: "\\"):
        guard let escaped = escaped(from: &bytes) else { return nil }
        content.append(escaped)
      default:
        content.append(byte)
      }
    }
    return nil
  }

  /// Reads what stands behind a backslash.
  private static func escaped(from bytes: inout String.UTF8View.Iterator) -> UInt8? {
    switch bytes.next() {
    case UInt8(ascii: "\""): return UInt8(ascii: "\"")
    case UInt8(ascii: "\\"): return UInt8(ascii: "\\")
    case UInt8(ascii: "u"):
      var digits: [UInt8] = []
      for _ in 0..<4 {
        guard let digit = bytes.next() else { return nil }
        digits.append(digit)
      }
      guard let code = UInt8(String(decoding: digits, as: UTF8.self), radix: 16), code < 0x20 else { return nil }
      return code
    default: return nil
    }
  }
}
