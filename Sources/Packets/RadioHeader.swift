/// What capturing programs put before an IEEE 802.11 frame to tell of the radio: radiotap, Prism, AVS.
enum RadioHeader {
  /// What follows behind radiotap (radiotap.org).
  static func payload(inRadiotap bytes: RawSpan) -> LinkPayload {
    guard bytes.holds(8, at: 0), bytes.byte(at: 0) == 0 else { return .malformed }
    let length = Int(bytes.little16(at: 2))
    guard length >= 8, bytes.holds(length, at: 0) else { return .malformed }
    return WirelessHeader.payload(in: bytes, at: length, isPadded: saysPadded(bytes.extracting(first: length)))
  }

  /// Whether the flags, which stand second if at all, say that the header of the frame is padded.
  private static func saysPadded(_ header: RawSpan) -> Bool {
    let present = header.little32(at: 4)
    guard present & 2 != 0 else { return false }
    var offset = 8
    var word = present
    // The topmost bit says that another word of such bits follows.
    while word & 0x8000_0000 != 0, header.holds(4, at: offset) {
      word = header.little32(at: offset)
      offset += 4
    }
    // A time of eight bytes, aligned, stands first.
    if present & 1 != 0 { offset = (offset + 7) & ~7 + 8 }
    return header.holds(1, at: offset) && header.byte(at: offset) & 0x20 != 0
  }

  /// What follows behind a header of Prism, or the one of AVS that took its place.
  static func payload(inPrism bytes: RawSpan) -> LinkPayload {
    guard bytes.holds(8, at: 0) else { return .malformed }
    let isAVS = bytes.big32(at: 0) >> 12 == 0x80211
    let little = bytes.little32(at: 4)
    // Prism's numbers are in the order of the capturing host.
    let length = Int(isAVS || little > 0xFFFF ? bytes.big32(at: 4) : little)
    guard length >= 8, bytes.holds(length, at: 0) else { return .malformed }
    return WirelessHeader.payload(in: bytes, at: length)
  }
}
