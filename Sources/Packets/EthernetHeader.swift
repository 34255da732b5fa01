/// The Ethernet header (IEEE 802.3) and what may stand between it and IP: VLAN tags, MPLS labels, a PPPoE session.
enum EthernetHeader {
  /// Destination, source, EtherType.
  static let length = 14

  /// Finds the network header of an Ethernet frame.
  @inline(__always)
  static func networkStart(in bytes: RawSpan) -> NetworkStart {
    guard bytes.holds(length, at: 0) else { return .malformed }
    return EtherType.networkStart(of: bytes.big16(at: 12), in: bytes, at: length)
  }
}

/// The EtherTypes that are followed (IEEE 802 numbers).
enum EtherType {
  static let ipv4: UInt16 = 0x0800
  static let ipv6: UInt16 = 0x86DD
  static let vlan: UInt16 = 0x8100
  static let serviceVLAN: UInt16 = 0x88A8
  static let oldServiceVLAN: UInt16 = 0x9100
  static let mpls: UInt16 = 0x8847
  static let mplsMulticast: UInt16 = 0x8848
  static let pppoeSession: UInt16 = 0x8864

  /// Finds the network header where a header naming `type` has ended at `offset`.
  @inline(__always)
  static func networkStart(of type: UInt16, in bytes: RawSpan, at offset: Int) -> NetworkStart {
    switch type {
    case ipv4: .ipv4(offset)
    case ipv6: .ipv6(offset)
    default: encapsulatedStart(of: type, in: bytes, at: offset)
    }
  }

  @inline(never)
  private static func encapsulatedStart(of first: UInt16, in bytes: RawSpan, at start: Int) -> NetworkStart {
    var type = first
    var offset = start
    while true {
      switch type {
      case ipv4: return .ipv4(offset)
      case ipv6: return .ipv6(offset)
      case vlan, serviceVLAN, oldServiceVLAN:
        guard bytes.holds(4, at: offset) else { return .malformed }
        type = bytes.big16(at: offset + 2)
        offset += 4
      case mpls, mplsMulticast: return labelledStart(type, in: bytes, at: offset)
      case pppoeSession: return PPPHeader.networkStart(inSession: bytes, at: offset)
      default: return .notIP(type)
      }
    }
  }

  /// Skips an MPLS label stack (RFC 3032); it does not say what follows, so the first four bits must look like IP.
  private static func labelledStart(_ type: UInt16, in bytes: RawSpan, at start: Int) -> NetworkStart {
    var offset = start
    while bytes.holds(4, at: offset) {
      let isBottom = bytes.byte(at: offset + 2) & 1 != 0
      offset += 4
      guard isBottom else { continue }
      let network = NetworkStart(version: bytes, at: offset)
      if case .noVersion = network, bytes.holds(1, at: offset) { return .notIP(type) }
      return network
    }
    return .malformed
  }
}
