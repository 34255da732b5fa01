extension IPAddress: CustomStringConvertible {
  /// Dotted quad for IPv4, the canonical form of RFC 5952 for IPv6.
  public var description: String { isV4 ? dottedQuad : colonHexadecimal }

  /// A report may name a million addresses, so the digits are laid down without a string for each part.
  private var dottedQuad: String {
    unsafe String(unsafeUninitializedCapacity: 15) { bytes in
      // Safe: four numbers of at most three digits and three points are 15 bytes.
      unsafe appendDottedQuad(to: bytes)
    }
  }

  /// Writes the text of an IPv4 address, at most 15 bytes, and returns its length.
  @unsafe
  fileprivate func appendDottedQuad(to bytes: UnsafeMutableBufferPointer<UInt8>) -> Int {
    var count = 0
    for shift: UInt64 in [24, 16, 8, 0] {
      unsafe count = DecimalDigits.append(UInt(low >> shift & 0xFF), to: bytes, at: count)
      if shift > 0 {
        unsafe bytes[count] = UInt8(ascii: ".")
        count += 1
      }
    }
    return count
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
  public var description: String {
    guard address.isV4 else { return "[\(address)]:\(port)" }
    return unsafe String(unsafeUninitializedCapacity: 21) { bytes in
      // Safe: behind at most 15 bytes of the address, a colon and five digits.
      var count = unsafe address.appendDottedQuad(to: bytes)
      unsafe bytes[count] = UInt8(ascii: ":")
      count += 1
      return unsafe DecimalDigits.append(UInt(port), to: bytes, at: count)
    }
  }
}

/// Decimal numbers as ASCII.
private enum DecimalDigits {
  /// Writes a number of at most five digits from this place on, and returns the place behind it.
  @unsafe
  static func append(_ number: UInt, to bytes: UnsafeMutableBufferPointer<UInt8>, at start: Int) -> Int {
    var place = start
    var unit: UInt = 10_000
    while unit > 1 {
      if number >= unit {
        unsafe bytes[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / unit % 10)
        place += 1
      }
      unit /= 10
    }
    unsafe bytes[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number % 10)
    return place + 1
  }
}
