/// A stack of MPLS labels (RFC 3032), which does not say what follows it.
enum MPLSLabels {
  /// What follows the stack at `start`: IP by its version, or the Ethernet frame of a pseudo wire (RFC 4448).
  static func payload(of type: UInt16, in bytes: RawSpan, at start: Int) -> LinkPayload {
    var offset = start
    while bytes.holds(4, at: offset) {
      let isBottom = bytes.byte(at: offset + 2) & 1 != 0
      offset += 4
      guard isBottom else { continue }
      guard bytes.holds(1, at: offset) else { return .ip(at: offset) }
      switch bytes.byte(at: offset) >> 4 {
      case 4, 6: return .ip(at: offset)
      // A control word begins with zeros (RFC 4385), as the address of a frame without one may.
      case 0 where !isEthernet(in: bytes, at: offset) && bytes.holds(4 + EthernetHeader.length, at: offset):
        return .ethernet(at: offset + 4)
      default: return isEthernet(in: bytes, at: offset) ? .ethernet(at: offset) : .notIP(type)
      }
    }
    return .malformed
  }

  /// Whether there is an Ethernet header that names IP or a VLAN, and IP is what it says.
  private static func isEthernet(in bytes: RawSpan, at offset: Int) -> Bool {
    guard bytes.holds(EthernetHeader.length + 1, at: offset) else { return false }
    let version = bytes.byte(at: offset + EthernetHeader.length) >> 4
    return switch bytes.big16(at: offset + 12) {
    case EtherType.ipv4: version == 4
    case EtherType.ipv6: version == 6
    case EtherType.vlan: true
    default: false
    }
  }
}
