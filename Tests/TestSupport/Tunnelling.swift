public import Packets

extension IPPacket {
  private var etherType: UInt16 { source.isV4 ? 0x0800 : 0x86DD }

  /// This as the payload of a packet between the ends of a tunnel.
  private func carried(_ protocolNumber: UInt8, _ bytes: [UInt8], over ends: TunnelEnds) -> any IPPacket {
    OpaquePayload(
      source: ends.source, destination: ends.destination, protocolNumber: protocolNumber, bytes: bytes
    ).ip()
  }

  private func carried(port: UInt16, from source: UInt16, _ bytes: [UInt8], over ends: TunnelEnds) -> any IPPacket {
    UDPDatagram(
      source: Endpoint(address: ends.source, port: source),
      destination: Endpoint(address: ends.destination, port: port),
      payload: bytes
    ).ip()
  }

  /// IP in IP, or 6in4.
  public func inIP(_ ends: TunnelEnds = .v4) -> any IPPacket { carried(source.isV4 ? 4 : 41, bytes, over: ends) }

  /// Ethernet in IP.
  public func inEtherIP(_ ends: TunnelEnds = .v4) -> any IPPacket { carried(97, [0x30, 0] + ethernet(), over: ends) }

  /// Behind authentication headers, without a tunnel, over IPv4.
  public func authenticated(_ ends: TunnelEnds = .v4) -> any IPPacket {
    let header: [UInt8] = [4, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 1, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9]
    return carried(51, [source.isV4 ? 4 : 41] + header + bytes, over: ends)
  }

  /// GRE with these optional fields; Ethernet within, or IP.
  public func inGRE(
    checksum: Bool = false, key: Bool = false, sequence: Bool = false, ethernet isEthernet: Bool = false,
    _ ends: TunnelEnds = .v4
  ) -> any IPPacket {
    var header: [UInt8] = [(checksum ? 0x80 : 0) | (key ? 0x20 : 0) | (sequence ? 0x10 : 0), 0]
    header.appendBig(isEthernet ? 0x6558 : etherType)
    header += Array(repeating: 7, count: (checksum ? 4 : 0) + (key ? 4 : 0) + (sequence ? 4 : 0))
    return carried(47, header + (isEthernet ? ethernet() : bytes), over: ends)
  }

  /// PPP in the GRE of PPTP.
  public func inPPTP(acknowledges: Bool, _ ends: TunnelEnds = .v4) -> any IPPacket {
    let header: [UInt8] = [0x30, acknowledges ? 0x81 : 1, 0x88, 0x0B, 0, 9, 0, 1, 0, 0, 0, 1]
    return carried(47, header + (acknowledges ? [0, 0, 0, 0] : []) + ppp(), over: ends)
  }

  /// A mirrored frame in GRE: ERSPAN of type 1, 2 or 3.
  public func mirrored(type: Int, platform: Bool = false, _ ends: TunnelEnds = .v4) -> any IPPacket {
    let header: [UInt8] =
      switch type {
      case 1: [0, 0, 0x88, 0xBE]
      case 2: [0x10, 0, 0x88, 0xBE, 0, 0, 0, 1, 0x10, 1, 0, 1, 0, 0, 0, 0]
      default:
        [0x10, 0, 0x22, 0xEB, 0, 0, 0, 1, 0x20, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, platform ? 1 : 0]
          + (platform ? [1, 2, 3, 4, 5, 6, 7, 8] : [])
      }
    return carried(47, header + ethernet(), over: ends)
  }

  /// VXLAN.
  public func inVXLAN(port: UInt16 = 4789, flags: [UInt8] = [8, 0, 0, 0], _ ends: TunnelEnds = .v4) -> any IPPacket {
    carried(port: port, from: 50_000, flags + [0, 0, 5, 0] + ethernet(), over: ends)
  }

  /// IP in the generic extension of VXLAN, behind a network service header if wanted.
  public func inGenericVXLAN(serviceHeader: Bool = false, _ ends: TunnelEnds = .v4) -> any IPPacket {
    let next: UInt8 = source.isV4 ? 1 : 2
    let header: [UInt8] = [0x0C, 0, 0, serviceHeader ? 4 : next, 0, 0, 5, 0]
    let service: [UInt8] = serviceHeader ? [0x0F, 0xC2, 2, next, 0, 0, 1, 255] : []
    return carried(port: 4790, from: 50_000, header + service + bytes, over: ends)
  }

  /// GENEVE with so many bytes of options; Ethernet within, or IP.
  public func inGENEVE(options: Int = 0, ethernet isEthernet: Bool = true, _ ends: TunnelEnds = .v4) -> any IPPacket {
    var header: [UInt8] = [UInt8(options / 4), 0]
    header.appendBig(isEthernet ? 0x6558 : etherType)
    header += [0, 0, 5, 0] + Array(repeating: 0xAA, count: options)
    return carried(port: 6081, from: 50_000, header + (isEthernet ? ethernet() : bytes), over: ends)
  }

  /// User data of GTP, with a sequence number and an extension header if wanted.
  public func inGTP(sequence: Bool = false, extensions: Int = 0, _ ends: TunnelEnds = .v4) -> any IPPacket {
    var optional: [UInt8] = []
    if sequence || extensions > 0 {
      optional = [0, 1, 0, extensions > 0 ? 0x85 : 0]
      for place in 0..<extensions { optional += [1, 0, 9, place == extensions - 1 ? 0 : 0x85] }
    }
    var header: [UInt8] = [0x30 | (sequence ? 2 : 0) | (extensions > 0 ? 4 : 0), 0xFF]
    header.appendBig(UInt16(optional.count + bytes.count))
    return carried(port: 2152, from: 2152, header + [0, 0, 0, 1] + optional + bytes, over: ends)
  }

  /// A data message of L2TP with all optional fields or with none.
  public func inL2TP(allFields: Bool, _ ends: TunnelEnds = .v4) -> any IPPacket {
    let header: [UInt8] =
      allFields
      ? [0x4A, 2, 0, 99, 0, 1, 0, 2, 0, 3, 0, 4, 0, 2, 0, 0] : [0, 2, 0, 1, 0, 2]
    return carried(port: 1701, from: 1701, header + ppp(), over: ends)
  }

  /// MPLS in UDP, or in IP.
  public func inMPLS(overUDP: Bool, _ ends: TunnelEnds = .v4) -> any IPPacket {
    let body: [UInt8] = [0, 1, 0, 64, 0, 2, 1, 64] + bytes
    return overUDP ? carried(port: 6635, from: 50_000, body, over: ends) : carried(137, body, over: ends)
  }

  /// Teredo, with an authentication and an origin if wanted.
  public func inTeredo(indications: Bool, _ ends: TunnelEnds = .v4) -> any IPPacket {
    let authentication: [UInt8] = [0, 1, 1, 2, 9, 8, 8] + Array(repeating: 5, count: 9)
    let origin: [UInt8] = [0, 0, 1, 2, 3, 4, 5, 6]
    return carried(port: 3544, from: 40_000, (indications ? authentication + origin : []) + bytes, over: ends)
  }
}

/// Between whom a tunnel runs.
public struct TunnelEnds: Sendable {
  /// Who puts packets in.
  public var source: IPAddress
  /// Who takes them out.
  public var destination: IPAddress

  /// Two routers of IPv4.
  public static let v4 = TunnelEnds(source: "192.0.2.1", destination: "192.0.2.2")
  /// Two routers of IPv6.
  public static let v6 = TunnelEnds(source: "2001:db8:ffff::1", destination: "2001:db8:ffff::2")
}
