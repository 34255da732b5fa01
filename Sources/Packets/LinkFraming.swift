/// What stands before the network header of a frame; a closed set, so that finding it is a switch.
enum LinkFraming: Sendable {
  case ethernet
  case cooked
  case cooked2
  case loopback
  case ppp
  case pppoe
  case rawIP
  case rawIPv4
  case rawIPv6

  /// The framing of a link type, nil if it is not supported.
  init?(_ linkType: LinkType) {
    switch linkType {
    case .ethernet: self = .ethernet
    case .linuxCooked: self = .cooked
    case .linuxCooked2: self = .cooked2
    case .null, .loop: self = .loopback
    case .ppp, .pppHDLC: self = .ppp
    case .pppoe: self = .pppoe
    case .raw, .rawDLT, .rawOpenBSD: self = .rawIP
    case .ipv4: self = .rawIPv4
    case .ipv6: self = .rawIPv6
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
    case .loopback: LoopbackHeader.networkStart(in: bytes)
    case .ppp: PPPHeader.networkStart(in: bytes, at: 0)
    case .pppoe: PPPHeader.networkStart(inSession: bytes, at: 0)
    case .rawIP: NetworkStart(version: bytes, at: 0)
    case .rawIPv4: .ipv4(0)
    case .rawIPv6: .ipv6(0)
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
}
