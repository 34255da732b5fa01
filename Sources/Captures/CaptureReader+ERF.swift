/// The records of a capture in Endace's Extensible Record Format, which has no file header.
enum ERFRecord {
  static let headerLength = 16
  /// A record that only fills room.
  static let padding: UInt8 = 48

  /// The link type behind a record's header, and how many bytes stand before it; 197 where the header must stay.
  static func framing(ofType type: UInt8) -> (linkType: Int32, before: Int) {
    switch type {
    case 2, 11, 16, 20: (1, 2)  // Ethernet: an offset and a byte of padding first
    case 1, 10, 15, 19: (104, 0)  // HDLC
    case 22: (228, 0)  // IPv4
    case 23: (229, 0)  // IPv6
    default: (197, 0)
    }
  }

  /// Whether the field for lost packets holds a colour or hash instead.
  static func isColoured(_ type: UInt8) -> Bool { [10, 11, 15, 16, 17, 19, 20].contains(type) }

  /// Whether these bytes look like the start of such a capture: it has no magic, so three records must fit.
  static func areLikely(_ bytes: [UInt8]) -> Bool {
    var offset = 0
    var records = 0
    var lastSeconds: Int?
    while records < 3, offset + headerLength <= bytes.count {
      let seconds = (4...7).reversed().reduce(0) { $0 << 8 | Int(bytes[offset + $1]) }
      let length = Int(bytes[offset + 10]) << 8 | Int(bytes[offset + 11])
      let type = bytes[offset + 8] & 0x7F
      guard (1...27).contains(type) || type == padding, length >= headerLength, seconds > 631_152_000 else {
        return false
      }
      // Records of one capture are not weeks apart.
      if let lastSeconds, abs(seconds - lastSeconds) > 604_800 { return false }
      lastSeconds = seconds
      records += 1
      offset += length
    }
    return records == 3 || records > 0 && offset == bytes.count
  }
}

extension CaptureReader {
  /// Reads records of an ERF file.
  ///
  ///     time (32.32 bits, little-endian) | type, flags, record length, loss, length on the wire | extensions | bytes
  ///
  /// - Returns: whether there may be more.
  mutating func readERF(
    limit: Int, through lastTimeNS: Int64, _ body: (_ frame: FrameHeader, _ bytes: RawSpan) -> Void
  ) throws(CaptureDamage.Cause) -> Bool {
    let header = ERFRecord.headerLength
    var remaining = limit
    while remaining > 0 {
      guard window.holds(header) else {
        try endsCleanly()
        return false
      }
      let length = Int(window.half(10))
      guard length >= header else { throw .malformed(.recordLength(length)) }
      guard window.holds(length) else { throw shortage }
      let type = window.byte(8) & 0x7F
      if type == ERFRecord.padding {
        window.advance(length)
        continue
      }
      let (linkType, before) = ERFRecord.framing(ofType: type)
      guard let interface = interfaces.firstIndex(where: { $0.linkType == linkType }) else {
        try add(CaptureInterface(linkType: linkType, number: interfaces.count))
        return true
      }
      let timeNS = Self.time(window.long(0).byteSwapped)
      guard timeNS <= lastTimeNS else {
        pendingTime = timeNS
        return true
      }
      let start = linkType == 197 ? 0 : try extensionsEnd(length) + before
      guard start <= length else { throw .malformed(.recordLength(length)) }
      let wireLength = Int(window.half(14))
      let captured = linkType == 197 ? length : min(length - start, wireLength)
      if !ERFRecord.isColoured(type) {
        interfaces[interface].drops = (interfaces[interface].drops ?? 0) + Int(window.half(12))
      }
      interfaces[interface].packets += 1
      deliver(
        timeNS: timeNS, wireLength: wireLength, interface: interface, at: start, captured: captured, body)
      window.advance(length)
      remaining -= 1
    }
    return true
  }

  /// Where the extension headers end: each has 8 bytes, and the first bit of each says whether there is one more.
  private func extensionsEnd(_ length: Int) throws(CaptureDamage.Cause) -> Int {
    var offset = ERFRecord.headerLength
    var more = window.byte(8) & 0x80 != 0
    while more {
      guard offset + 8 <= length else { throw .malformed(.recordLength(length)) }
      more = window.byte(offset) & 0x80 != 0
      offset += 8
    }
    return offset
  }

  /// Seconds in the upper half, their fraction in the lower one, rounded as Wireshark does.
  private static func time(_ value: UInt64) -> Int64 {
    let fraction = ((value & 0xFFFF_FFFF) * 1_000_000_000 + 0x8000_0000) >> 32
    return Int64(value >> 32) * 1_000_000_000 + Int64(fraction)
  }
}
