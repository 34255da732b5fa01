/// Finds the IPv4 and IPv6 addresses in a text.
///
/// Better one too many than one too few: four small numbers with dots between them are an address wherever they stand,
/// and with hyphens or underscores too, as in the names of hosts and files.
enum AddressText {
  /// The text with each address replaced by what `mask` makes of its 4 or 16 bytes.
  static func masked(_ text: String, _ mask: ([UInt8]) -> [UInt8]) -> String {
    let bytes = Array(text.utf8)
    // Most texts of a report hold no address.
    guard bytes.contains(where: { $0 == UInt8(ascii: ":") || separators.contains($0) }) else { return text }
    var output: [UInt8] = []
    var place = 0
    while place < bytes.count {
      if let found = address(in: bytes, at: place) {
        output += words(mask(found.bytes), separator: found.separator).utf8
        place = found.end
      } else {
        // An address starts where a word starts: skip the rest of this one's letters and digits.
        let isHex = isHexadecimal(bytes[place])
        output.append(bytes[place])
        place += 1
        guard isHex else { continue }
        while place < bytes.count, isDigit(bytes[place]) == isDigit(bytes[place - 1]), isHexadecimal(bytes[place]) {
          output.append(bytes[place])
          place += 1
        }
      }
    }
    return String(decoding: output, as: UTF8.self)
  }

  private static let separators: [UInt8] = [UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_")]

  private struct Found {
    var bytes: [UInt8]
    /// Where it ends.
    var end: Int
    /// What stands between the numbers of an IPv4 address.
    var separator = UInt8(ascii: ".")
  }

  /// The address that starts at a place.
  private static func address(in bytes: [UInt8], at start: Int) -> Found? {
    if isHexadecimal(bytes[start]) || bytes[start] == UInt8(ascii: ":") {
      var end = start
      while end < bytes.count, isHexadecimal(bytes[end]) || [0x3A, 0x2E].contains(bytes[end]) { end += 1 }
      let isNewWord = start == 0 || bytes[start] == 0x3A || !isHexadecimal(bytes[start - 1])
      // The longest piece that is an address: a full stop or a colon may follow one.
      while isNewWord, end > start + 1 {
        if let address = ipv6(bytes[start..<end]) { return Found(bytes: address, end: end) }
        end -= 1
      }
    }
    return ipv4(bytes[start...])
  }

  /// Four numbers up to 255 with the same sign between them; no digit may follow.
  private static func ipv4(_ bytes: ArraySlice<UInt8>) -> Found? {
    var address: [UInt8] = []
    var separator: UInt8?
    var place = bytes.startIndex
    while true {
      var number = 0
      let start = place
      while place < bytes.endIndex, isDigit(bytes[place]), place - start < 4 {
        number = number * 10 + Int(bytes[place] - 0x30)
        place += 1
      }
      guard place > start, place - start <= 3, number <= 255 else { return nil }
      address.append(UInt8(number))
      if address.count == 4 {
        let isWhole = place == bytes.endIndex || !isDigit(bytes[place])
        return isWhole ? separator.map { Found(bytes: address, end: place, separator: $0) } : nil
      }
      guard place < bytes.endIndex, separators.contains(bytes[place]), bytes[place] == separator ?? bytes[place] else {
        return nil
      }
      separator = bytes[place]
      place += 1
    }
  }

  /// All of a text as an IPv6 address, in any form of RFC 4291 section 2.2.
  private static func ipv6(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
    guard bytes.count(where: { $0 == 0x3A }) >= 2 else { return nil }
    var groups: [UInt16] = []
    var gap: Int?
    var place = bytes.startIndex
    if bytes.starts(with: [0x3A, 0x3A]) {
      gap = 0
      place += 2
    }
    while place < bytes.endIndex {
      if let tail = ipv4(bytes[place...]), tail.end == bytes.endIndex {
        groups += stride(from: 0, to: 4, by: 2).map { UInt16(tail.bytes[$0]) << 8 | UInt16(tail.bytes[$0 + 1]) }
        place = tail.end
        break
      }
      var group = 0
      let start = place
      while place < bytes.endIndex, isHexadecimal(bytes[place]), place - start < 5 {
        group = group << 4 | Int(hexValue(bytes[place]))
        place += 1
      }
      guard place > start, place - start <= 4 else { return nil }
      groups.append(UInt16(truncatingIfNeeded: group))
      guard place < bytes.endIndex else { break }
      guard bytes[place] == 0x3A, place + 1 < bytes.endIndex else { return nil }
      place += 1
      guard bytes[place] == 0x3A else { continue }
      guard gap == nil else { return nil }
      gap = groups.count
      place += 1
    }
    guard gap == nil ? groups.count == 8 : groups.count < 8 else { return nil }
    if let gap { groups.insert(contentsOf: Array(repeating: 0, count: 8 - groups.count), at: gap) }
    return groups.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
  }

  /// The canonical text of an address (RFC 5952), for 4 bytes with this sign between the numbers.
  private static func words(_ address: [UInt8], separator: UInt8) -> String {
    guard address.count == 16 else {
      return address.map(String.init).joined(separator: String(UnicodeScalar(separator)))
    }
    let groups = stride(from: 0, to: 16, by: 2).map { UInt16(address[$0]) << 8 | UInt16(address[$0 + 1]) }
    var longest = 0..<0
    var start = 0
    for index in 0..<8 {
      if groups[index] != 0 {
        start = index + 1
      } else if index + 1 - start > max(1, longest.count) {
        longest = start..<index + 1
      }
    }
    func words(_ groups: ArraySlice<UInt16>) -> String {
      groups.map { String($0, radix: 16) }.joined(separator: ":")
    }
    guard !longest.isEmpty else { return words(groups[...]) }
    return words(groups[..<longest.lowerBound]) + "::" + words(groups[longest.upperBound...])
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    isDigit(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
  }

  private static func hexValue(_ byte: UInt8) -> UInt8 { isDigit(byte) ? byte - 0x30 : (byte | 0x20) - 0x61 + 10 }
}
