/// What stands before the network header of a frame; a closed set, so that finding it is a switch.
enum LinkFraming: Sendable {
  case ethernet
  case cooked
  case cooked2
  case rawIP
  case rawIPv4
  case rawIPv6
  case loopback
  case ppp
  case pppOrHDLC
  case pppWithDirection
  case pppoe
  case ciscoHDLC
  case frameRelay
  case wireless
  case radiotap
  case prism
  case ppi
  case pktap
  case netfilterLog
  case filterLog
  case infiniband
  case fddi
  case tokenRing
  case logicalLink
  /// Ethernet with a switch's tag of so many bytes behind the addresses.
  case switchTag(Int)
  /// Ethernet with a switch's tag of four bytes before it.
  case leadingTag

  /// The framing of a link type, nil if it is not supported.
  init?(_ linkType: LinkType) {
    switch linkType {
    case .ethernet: self = .ethernet
    case .linuxCooked: self = .cooked
    case .linuxCooked2: self = .cooked2
    case .raw, .rawDLT, .rawOpenBSD: self = .rawIP
    case .ipv4: self = .rawIPv4
    case .ipv6: self = .rawIPv6
    case .null, .loop: self = .loopback
    case .ppp: self = .ppp
    case .pppHDLC: self = .pppOrHDLC
    case .pppWithDirection: self = .pppWithDirection
    case .pppoe: self = .pppoe
    case .ciscoHDLC: self = .ciscoHDLC
    case .frameRelay: self = .frameRelay
    case .wireless: self = .wireless
    case .radiotap: self = .radiotap
    case .prism, .avs: self = .prism
    case .ppi: self = .ppi
    case .pktap: self = .pktap
    case .netfilterLog: self = .netfilterLog
    case .filterLog: self = .filterLog
    case .ipOverInfiniband: self = .infiniband
    case .fddi: self = .fddi
    case .tokenRing: self = .tokenRing
    case .atm: self = .logicalLink
    case .broadcomTag, .dsaTag: self = .switchTag(4)
    case .ethertypeDSATag: self = .switchTag(8)
    case .leadingBroadcomTag: self = .leadingTag
    default: return nil
    }
  }

  /// Finds the network header of a frame.
  @inline(__always)
  func networkStart(in bytes: RawSpan) -> NetworkStart {
    switch self {
    case .ethernet: EthernetHeader.networkStart(in: bytes)
    case .cooked: CookedHeader.networkStart(in: bytes)
    case .cooked2: CookedHeader.networkStart(inVersion2: bytes)
    case .rawIPv4: .ipv4(0)
    case .rawIPv6: .ipv6(0)
    default: rareNetworkStart(in: bytes)
    }
  }

  @inline(never)
  private func rareNetworkStart(in bytes: RawSpan) -> NetworkStart {
    switch self {
    case .loopback: LoopbackHeader.networkStart(in: bytes)
    case .netfilterLog: CaptureHeader.networkStart(inNetfilterLog: bytes)
    case .filterLog: CaptureHeader.networkStart(inFilterLog: bytes)
    case .pktap: CaptureHeader.networkStart(inPKTAP: bytes)
    case .ppi: CaptureHeader.networkStart(inPPI: bytes)
    default: payload(in: bytes).networkStart(in: bytes)
    }
  }

  /// What follows the header of a frame.
  private func payload(in bytes: RawSpan) -> LinkPayload {
    switch self {
    case .ppp: .ppp(at: 0)
    case .pppOrHDLC: SerialHeader.payload(inPPPOrHDLC: bytes)
    case .pppWithDirection: .ppp(at: 1)
    case .pppoe: PPPHeader.payload(inSession: bytes, at: 0)
    case .ciscoHDLC: SerialHeader.payload(inHDLC: bytes)
    case .frameRelay: SerialHeader.payload(inFrameRelay: bytes)
    case .wireless: WirelessHeader.payload(in: bytes, at: 0)
    case .radiotap: RadioHeader.payload(inRadiotap: bytes)
    case .prism: RadioHeader.payload(inPrism: bytes)
    case .infiniband: RingHeader.payload(inInfiniband: bytes)
    case .fddi: RingHeader.payload(inFDDI: bytes)
    case .tokenRing: RingHeader.payload(inTokenRing: bytes)
    case .logicalLink: .logicalLink(at: 0)
    case .switchTag(let length): EthernetHeader.payload(in: bytes, at: 0, tag: length)
    case .leadingTag: .ethernet(at: 4)
    // Those of networkStart(in:) above.
    case .ethernet, .cooked, .cooked2, .loopback, .netfilterLog, .filterLog, .pktap, .ppi, .rawIP, .rawIPv4, .rawIPv6:
      .ip(at: 0)
    }
  }
}

/// Where the network header of a frame begins, as an offset in bytes, or why there is none.
enum NetworkStart {
  case ipv4(Int)
  case ipv6(Int)
  /// Another protocol, with the number that says so.
  case notIP(UInt16)
  /// The frame ends inside the link header, or the header contradicts itself.
  case malformed
  /// There should be an IP header and its version is neither 4 nor 6.
  case noVersion

  /// What the version field of the IP header at `offset` says.
  @inline(never)
  init(version bytes: RawSpan, at offset: Int) {
    guard bytes.holds(1, at: offset) else {
      self = .noVersion
      return
    }
    switch bytes.byte(at: offset) >> 4 {
    case 4: self = .ipv4(offset)
    case 6: self = .ipv6(offset)
    default: self = .noVersion
    }
  }

  /// The same place in bytes that have `length` more before them.
  func moved(by length: Int) -> NetworkStart {
    switch self {
    case .ipv4(let offset): .ipv4(offset + length)
    case .ipv6(let offset): .ipv6(offset + length)
    case .notIP, .malformed, .noVersion: self
    }
  }
}
