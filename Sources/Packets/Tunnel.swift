/// The ways of carrying a packet in another that are opened.
public enum Tunnel: UInt8, Sendable, Hashable, CaseIterable {
  /// IP in IP of either version (RFC 2003, RFC 2473, RFC 4213).
  case ip = 1
  /// GRE, with IP, PPP or Ethernet in it (RFC 2784, RFC 2637, RFC 7637).
  case gre
  /// A mirrored frame in GRE, types I to III.
  case erspan
  /// VXLAN and its generic protocol extension (RFC 7348).
  case vxlan
  /// GENEVE (RFC 8926).
  case geneve
  /// The user plane of GTP (3GPP TS 29.281).
  case gtp
  /// L2TP version 2 (RFC 2661).
  case l2tp
  /// MPLS in IP or UDP (RFC 4023, RFC 7510).
  case mpls
  /// Teredo (RFC 4380).
  case teredo
  /// Ethernet in IP (RFC 3378).
  case etherIP
}

extension PacketRecord {
  /// The innermost tunnel that carried the packet; the record is of the packet within, its addresses are inner ones.
  public var tunnel: Tunnel? { Tunnel(rawValue: UInt8(truncatingIfNeeded: marks.rawValue >> Marks.tunnelShift)) }

  fileprivate mutating func setTunnel(_ tunnel: Tunnel) {
    marks.insert(Marks(rawValue: UInt16(tunnel.rawValue) << Marks.tunnelShift))
  }
}

extension DecodedPacket {
  /// Tunnels within tunnels that are opened; what is further within stays payload.
  static let mostTunnels: UInt8 = 8

  /// Becomes the packet that a tunnel carries between `payload` and `wireEnd`; false, and unchanged, if there is none.
  ///
  /// Only a whole IP header whose length fits the tunnel's is taken for one: ports say little.
  @inline(never)
  mutating func enter(
    _ tunnel: Tunnel, _ payload: LinkPayload, _ bytes: RawSpan, wireEnd: Int, isFragment: Bool
  ) -> Bool {
    guard tunnels < Self.mostTunnels else { return false }
    let bytes = bytes.extracting(first: wireEnd)
    let start = payload.networkStart(in: bytes)
    let end: Int
    switch start {
    case .ipv4(let offset):
      guard let header = IPv4Header(bytes, at: offset) else { return false }
      end = offset + max(header.length, header.totalLength)
    case .ipv6(let offset):
      guard let header = IPv6Header(bytes, at: offset) else { return false }
      end = offset + IPv6Header.length + header.payloadLength
    case .notIP, .malformed, .noVersion: return false
    }
    guard end <= wireEnd || isFragment else { return false }
    let outer = self
    self = DecodedPacket()
    tunnels = outer.tunnels + 1
    bytesBeyondFrame = outer.bytesBeyondFrame
    record.setTunnel(tunnel)
    if decodeNetwork(start, bytes, wireEnd: wireEnd) == .packet {
      // What lies beyond the end is in other fragments, or in what the mirror left out; but fragments of which the
      // capture kept only the beginning cannot be put together, and then the rest is missing.
      if isFragment, bytes.byteCount >= wireEnd { bytesBeyondFrame = 0 }
      return true
    }
    self = outer
    return false
  }

  /// Decodes what is neither TCP, UDP nor ICMP: goes behind an authentication header, into a tunnel, or leaves it be.
  @inline(never)
  mutating func decodeOther(_ bytes: RawSpan, _ extent: TransportExtent) -> DecodeOutcome {
    if transport == IPv6ExtensionHeaders.authentication, let start = skipAuthentication(bytes, at: extent.start) {
      return decodePayload(
        bytes,
        TransportExtent(
          start: start, wireEnd: max(start, extent.wireEnd), isFragment: extent.isFragment,
          addressSum: extent.addressSum))
    }
    if let (tunnel, payload) = carried(bytes, extent),
      enter(tunnel, payload, bytes, wireEnd: extent.wireEnd, isFragment: extent.isFragment)
    {
      return .packet
    }
    record.setPayload(bytes, from: extent.start, wireEnd: extent.wireEnd)
    return .packet
  }

  /// Where authentication headers over IPv4 end (RFC 4302); nil, and unchanged, if they do not.
  private mutating func skipAuthentication(_ bytes: RawSpan, at start: Int) -> Int? {
    var offset = start
    var next = transport
    while next == IPv6ExtensionHeaders.authentication {
      guard bytes.holds(12, at: offset) else { return nil }
      next = bytes.byte(at: offset)
      offset += max(12, (Int(bytes.byte(at: offset + 1)) + 2) * 4)
    }
    guard bytes.holds(0, at: offset) else { return nil }
    transport = next
    return offset
  }

  private func carried(_ bytes: RawSpan, _ extent: TransportExtent) -> (Tunnel, LinkPayload)? {
    switch transport {
    case 4: (.ip, .etherType(EtherType.ipv4, at: extent.start))
    case 41: (.ip, .etherType(EtherType.ipv6, at: extent.start))
    case 47: GREHeader.carried(in: bytes, at: extent.start)
    // Version 3 in the first four bits.
    case 97 where bytes.holds(2, at: extent.start) && bytes.byte(at: extent.start) >> 4 == 3:
      (.etherIP, .ethernet(at: extent.start + 2))
    case 137: (.mpls, .etherType(EtherType.mpls, at: extent.start))
    default: nil
    }
  }
}
