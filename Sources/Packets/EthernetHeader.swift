/// The Ethernet header (IEEE 802.3).
enum EthernetHeader {
  /// Destination, source, EtherType.
  static let length = 14

  /// Finds the network header of an Ethernet frame.
  @inline(__always)
  static func networkStart(in bytes: RawSpan) -> NetworkStart {
    guard bytes.holds(length, at: 0) else { return .malformed }
    return EtherType.networkStart(of: bytes.big16(at: 12), in: bytes, at: length)
  }

  /// What follows the header at `offset`, of which `tag` bytes stand between the addresses and the EtherType.
  static func payload(in bytes: RawSpan, at offset: Int, tag: Int = 0) -> LinkPayload {
    guard bytes.holds(length + tag, at: offset) else { return .malformed }
    return .etherType(bytes.big16(at: offset + 12 + tag), at: offset + length + tag)
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
  /// An Ethernet frame, as GRE and GENEVE name it.
  static let ethernet: UInt16 = 0x6558
  /// A PPP frame, as GRE names it.
  static let ppp: UInt16 = 0x880B
  /// I-TAG of provider backbone bridges (IEEE 802.1ah).
  static let backboneService: UInt16 = 0x88E7
  /// MACsec (IEEE 802.1AE), which need not encrypt.
  static let macsec: UInt16 = 0x88E5
  /// VN-Tag, a forerunner of the E-TAG.
  static let vnTag: UInt16 = 0x8926
  /// E-TAG of bridge port extenders (IEEE 802.1BR).
  static let eTag: UInt16 = 0x893F
  /// Cisco FabricPath.
  static let fabricPath: UInt16 = 0x8903
  /// Network service header (RFC 8300).
  static let serviceHeader: UInt16 = 0x894F

  /// Up to this the field is a length, and IEEE 802.2 follows.
  static let greatestLength: UInt16 = 1500

  /// Finds the network header where a header naming `type` has ended at `offset`.
  @inline(__always)
  static func networkStart(of type: UInt16, in bytes: RawSpan, at offset: Int) -> NetworkStart {
    switch type {
    case ipv4: .ipv4(offset)
    case ipv6: .ipv6(offset)
    default: LinkPayload.etherType(type, at: offset).networkStart(in: bytes)
    }
  }

  /// What follows the header at `offset` that `type` names.
  static func payload(of type: UInt16, in bytes: RawSpan, at offset: Int) -> LinkPayload {
    switch type {
    case ...greatestLength: .logicalLink(at: offset)
    case vlan, serviceVLAN, oldServiceVLAN: tagged(in: bytes, at: offset, typeAt: 2)
    case vnTag: tagged(in: bytes, at: offset, typeAt: 4)
    case eTag: tagged(in: bytes, at: offset, typeAt: 6)
    case mpls, mplsMulticast: MPLSLabels.payload(of: type, in: bytes, at: offset)
    case pppoeSession: PPPHeader.payload(inSession: bytes, at: offset)
    case ppp: .ppp(at: offset)
    case ethernet: .ethernet(at: offset)
    case backboneService: .ethernet(at: offset + 4)
    case fabricPath: .ethernet(at: offset + 2)
    case macsec: behindSecurityTag(in: bytes, at: offset)
    case serviceHeader: behindServiceHeader(in: bytes, at: offset)
    default: .notIP(type)
    }
  }

  /// A tag that ends with the EtherType of what it tags.
  private static func tagged(in bytes: RawSpan, at offset: Int, typeAt: Int) -> LinkPayload {
    guard bytes.holds(typeAt + 2, at: offset) else { return .malformed }
    return .etherType(bytes.big16(at: offset + typeAt), at: offset + typeAt + 2)
  }

  /// MACsec without encryption leaves the frame behind the tag as it was.
  private static func behindSecurityTag(in bytes: RawSpan, at offset: Int) -> LinkPayload {
    guard bytes.holds(1, at: offset) else { return .malformed }
    let control = bytes.byte(at: offset)
    // Bits E and C: encrypted, or changed.
    guard control & 0x0C == 0 else { return .notIP(macsec) }
    return tagged(in: bytes, at: offset, typeAt: control & 0x20 != 0 ? 14 : 6)
  }

  /// The network service header says how long it is and what follows.
  private static func behindServiceHeader(in bytes: RawSpan, at offset: Int) -> LinkPayload {
    guard bytes.holds(8, at: offset) else { return .malformed }
    let length = Int(bytes.big16(at: offset) & 0x3F) * 4
    guard length >= 8 else { return .malformed }
    return nextProtocol(bytes.byte(at: offset + 3), at: offset + length, else: serviceHeader)
  }

  /// What a "next protocol" of RFC 8300 and of VXLAN-GPE names.
  static func nextProtocol(_ number: UInt8, at offset: Int, else type: UInt16) -> LinkPayload {
    switch number {
    case 1: .etherType(ipv4, at: offset)
    case 2: .etherType(ipv6, at: offset)
    case 3: .ethernet(at: offset)
    case 4: .etherType(serviceHeader, at: offset)
    case 5: .etherType(mpls, at: offset)
    default: .notIP(type)
    }
  }
}
