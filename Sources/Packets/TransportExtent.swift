/// Where the payload of an IP packet lies in its frame, and what a transport checksum over it needs.
///
/// The bytes that go with an extent end where the IP packet ends or where the capture cut it, so that link padding is
/// out of reach.
struct TransportExtent {
  /// Offset of the first byte behind the IP headers.
  let start: Int
  /// Offset of the end of the IP packet on the wire, `start` or more; bytes up to it need not have been captured.
  let wireEnd: Int
  /// First fragment of a larger datagram: its headers claim more than is here.
  let isFragment: Bool
  /// Sum over the two addresses, nil where the checksum cannot be verified.
  let addressSum: UInt64?

  /// Bytes behind the IP headers on the wire.
  @inline(__always)
  var wireLength: Int { wireEnd &- start }
}
