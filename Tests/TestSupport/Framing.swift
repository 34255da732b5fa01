import Packets

extension IPPacket {
  private var etherType: UInt16 { source.isV4 ? 0x0800 : 0x86DD }
  private var pppProtocol: UInt16 { source.isV4 ? 0x0021 : 0x0057 }

  /// This in an Ethernet frame, behind VLAN tags (outer first) and MPLS labels if any are given.
  ///
  /// - Parameter minimumLength: shorter frames are padded with 0xEE to it; 60 is what a network card does.
  public func ethernet(vlans: [UInt16] = [], mpls: [UInt32] = [], minimumLength: Int = 0) -> [UInt8] {
    var frame = Self.ethernetAddresses
    for (index, vlan) in vlans.enumerated() {
      frame.appendBig(index == 0 && vlans.count > 1 ? UInt16(0x88A8) : 0x8100)
      frame.appendBig(vlan)
    }
    frame.appendBig(mpls.isEmpty ? etherType : 0x8847)
    for (index, label) in mpls.enumerated() {
      frame.appendBig(label << 12 | (index == mpls.count - 1 ? 0x100 : 0) | 64)
    }
    frame += bytes
    frame += Array(repeating: 0xEE, count: max(0, minimumLength - frame.count))
    return frame
  }

  /// This in a PPPoE session over Ethernet.
  public func pppoeEthernet() -> [UInt8] {
    var frame = Self.ethernetAddresses
    frame.appendBig(UInt16(0x8864))
    return frame + pppoe()
  }

  /// This in a PPPoE session, without the Ethernet header (LINKTYPE_PPP_ETHER).
  public func pppoe() -> [UInt8] {
    var frame: [UInt8] = [0x11, 0, 0, 1]
    frame.appendBig(UInt16(bytes.count + 2))
    return frame + ppp(hdlc: false)
  }

  /// This in PPP, with address and control bytes or without (LINKTYPE_PPP).
  public func ppp(hdlc: Bool = true) -> [UInt8] {
    var frame: [UInt8] = hdlc ? [0xFF, 0x03] : []
    frame.appendBig(pppProtocol)
    return frame + bytes
  }

  /// This behind a Linux cooked header of version 1 (LINKTYPE_LINUX_SLL).
  public func cooked(vlans: [UInt16] = []) -> [UInt8] {
    var frame: [UInt8] = [0, 0, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0]
    for vlan in vlans {
      frame.appendBig(UInt16(0x8100))
      frame.appendBig(vlan)
    }
    frame.appendBig(etherType)
    return frame + bytes
  }

  /// This behind a Linux cooked header of version 2 (LINKTYPE_LINUX_SLL2).
  public func cooked2(interface: UInt32 = 1) -> [UInt8] {
    var frame: [UInt8] = []
    frame.appendBig(etherType)
    frame.appendBig(UInt16(0))
    frame.appendBig(interface)
    frame += [0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0]
    return frame + bytes
  }

  /// This behind an address family (LINKTYPE_NULL in either order, LINKTYPE_LOOP in big-endian).
  ///
  /// - Parameter family: the number of IPv6 on the capturing host if not the one of Linux.
  public func loopback(_ order: ByteOrder, family: UInt32? = nil) -> [UInt8] {
    var frame: [UInt8] = []
    frame.appendInteger(family ?? (source.isV4 ? 2 : 10), order)
    return frame + bytes
  }

  private static var ethernetAddresses: [UInt8] { [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1] }
}
