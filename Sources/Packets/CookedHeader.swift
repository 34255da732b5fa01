/// The header that Linux puts before packets of the "any" device (LINKTYPE_LINUX_SLL, LINKTYPE_LINUX_SLL2).
enum CookedHeader {
  /// Bytes of version 1; the protocol is in the last two.
  static let length = 16
  /// Bytes of version 2; the protocol is in the first two.
  static let lengthOfVersion2 = 20

  /// Finds the network header behind version 1.
  @inline(__always)
  static func networkStart(in bytes: RawSpan) -> NetworkStart {
    guard bytes.holds(length, at: 0) else { return .malformed }
    return EtherType.networkStart(of: bytes.big16(at: 14), in: bytes, at: length)
  }

  /// Finds the network header behind version 2.
  @inline(__always)
  static func networkStart(inVersion2 bytes: RawSpan) -> NetworkStart {
    guard bytes.holds(lengthOfVersion2, at: 0) else { return .malformed }
    return EtherType.networkStart(of: bytes.big16(at: 0), in: bytes, at: lengthOfVersion2)
  }
}
