/// The records of a snoop capture (RFC 1761).
enum SnoopRecord {
  static let headerLength = 24
  /// A record is padded to a multiple of a few bytes; one that is longer by more is damaged.
  static let mostPadding = 64

  /// The link type for the number in a snoop header; -1 for what capture files have no number for.
  static func linkType(_ number: UInt32) -> Int32 {
    switch number {
    case 0, 4: 1  // IEEE 802.3, Ethernet
    case 2: 6  // token ring
    case 8: 10  // FDDI
    default: -1
    }
  }
}

extension CaptureReader {
  /// Reads records of a snoop file, each number 32 bits, the most significant byte first.
  ///
  ///     length on the wire, captured length, length of the record, drops so far, seconds, µs | captured bytes | padding
  ///
  /// - Returns: whether there may be more.
  mutating func readSnoop(
    limit: Int, through lastTimeNS: Int64, _ body: (_ frame: FrameHeader, _ bytes: RawSpan) -> Void
  ) throws(CaptureDamage.Cause) -> Bool {
    let header = SnoopRecord.headerLength
    let longest = lanes[0].longestPacket
    var remaining = limit
    while remaining > 0 {
      guard window.holds(header) else {
        try endsCleanly()
        return false
      }
      let captured = Int(window.word(4))
      let length = Int(window.word(8))
      guard captured <= longest else { throw .malformed(.packetTooLong(captured: captured, limit: longest)) }
      guard length >= header + captured, length <= header + captured + SnoopRecord.mostPadding else {
        throw .malformed(.recordLength(length))
      }
      guard window.holds(length) else { throw shortage }
      let timeNS = Int64(window.word(16)) * 1_000_000_000 + Int64(window.word(20)) * 1000
      guard timeNS <= lastTimeNS else {
        pendingTime = timeNS
        return true
      }
      interfaces[0].drops = Int(window.word(12))
      deliver(
        timeNS: timeNS, wireLength: Int(window.word(0)), interface: 0, at: header, captured: captured, body)
      window.advance(length)
      remaining -= 1
    }
    return true
  }
}
