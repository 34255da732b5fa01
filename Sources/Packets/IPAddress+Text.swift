extension IPAddress: CustomStringConvertible {
  /// Dotted quad for IPv4, the canonical form of RFC 5952 for IPv6.
  public var description: String { isV4 ? dottedQuad : colonHexadecimal }

  private var dottedQuad: String {
    "\(low >> 24 & 0xFF).\(low >> 16 & 0xFF).\(low >> 8 & 0xFF).\(low & 0xFF)"
  }

  private var colonHexadecimal: String {
    let zeros = longestZeroRun
    var text = ""
    var index = 0
    while index < 8 {
      if index == zeros.lowerBound && !zeros.isEmpty {
        text += "::"
        index = zeros.upperBound
        continue
      }
      if !text.isEmpty && !text.hasSuffix(":") { text += ":" }
      text += String(group(index), radix: 16)
      index += 1
    }
    return text
  }

  /// The 16-bit group of this index, 0 to 7.
  private func group(_ index: Int) -> UInt64 {
    (index < 4 ? high : low) >> UInt64((3 - index % 4) * 16) & 0xFFFF
  }

  /// The first of the longest runs of two or more zero groups (RFC 5952, 4.2), empty if there is none.
  private var longestZeroRun: Range<Int> {
    var longest = 0..<0
    var start = 0
    for index in 0..<8 {
      if group(index) != 0 {
        start = index + 1
      } else if index + 1 - start > max(1, longest.count) {
        longest = start..<index + 1
      }
    }
    return longest
  }
}

extension Endpoint: CustomStringConvertible {
  /// As "10.1.0.10:80" or "[2001:db8::1]:443".
  public var description: String { address.isV4 ? "\(address):\(port)" : "[\(address)]:\(port)" }
}
