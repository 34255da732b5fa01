/// What a header of the link layer says that follows it.
///
/// Headers nest in any order, so each only names the next one, and ``networkStart(in:)`` goes from one to the next.
enum LinkPayload {
  /// What this EtherType names.
  case etherType(UInt16, at: Int)
  /// An Ethernet frame.
  case ethernet(at: Int)
  /// A header of IEEE 802.2.
  case logicalLink(at: Int)
  /// A PPP frame.
  case ppp(at: Int)
  /// IP of either version.
  case ip(at: Int)
  /// Another protocol, with the number that says so.
  case notIP(UInt16)
  /// The frame ends inside a header, or the header contradicts itself.
  case malformed

  /// Follows the headers to the network header.
  @inline(never)
  func networkStart(in bytes: RawSpan) -> NetworkStart {
    // A step takes two bytes or more, or leads to one that does, so the way ends.
    var next = self
    while true {
      switch next {
      case .etherType(EtherType.ipv4, let offset): return .ipv4(offset)
      case .etherType(EtherType.ipv6, let offset): return .ipv6(offset)
      case .etherType(let type, let offset): next = EtherType.payload(of: type, in: bytes, at: offset)
      case .ethernet(let offset): next = EthernetHeader.payload(in: bytes, at: offset)
      case .logicalLink(let offset): next = LLCHeader.payload(in: bytes, at: offset)
      case .ppp(let offset): next = PPPHeader.payload(in: bytes, at: offset)
      case .ip(let offset): return NetworkStart(version: bytes, at: offset)
      case .notIP(let number): return .notIP(number)
      case .malformed: return .malformed
      }
    }
  }
}
