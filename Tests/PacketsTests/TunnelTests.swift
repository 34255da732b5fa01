import Packets
import TestSupport
import Testing

@Suite struct TunnelTests {
  static let v4 = TCPSegment(
    source: "10.0.0.1:1", destination: "10.0.0.2:2", seq: 77, ack: 88, payload: SplitMix64.bytes(30)
  ).ipv4(id: 4711, ttl: 61, trafficClass: 0xB8)
  static let v6 = UDPDatagram(source: "[fd00::1]:1", destination: "[fd00::2]:2", payload: SplitMix64.bytes(30)).ipv6(
    hopLimit: 61, trafficClass: 0xB8)

  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var tunnel: Tunnel
    var inner: any IPPacket
    var outer: any IPPacket

    init(_ name: String, _ tunnel: Tunnel, _ inner: any IPPacket, _ outer: any IPPacket) {
      testDescription = name
      self.tunnel = tunnel
      self.inner = inner
      self.outer = outer
    }
  }

  static let cases: [Case] = [
    Case("IPv4 in IPv4", .ip, v4, v4.inIP()), Case("IPv4 in IPv6", .ip, v4, v4.inIP(.v6)),
    Case("IPv6 in IPv4", .ip, v6, v6.inIP()), Case("IPv6 in IPv6", .ip, v6, v6.inIP(.v6)),
    Case("Ethernet in IP", .etherIP, v4, v4.inEtherIP()),
    Case("behind authentication", .ip, v6, v6.authenticated()),
    Case("GRE", .gre, v4, v4.inGRE()), Case("GRE over IPv6", .gre, v6, v6.inGRE(.v6)),
    Case("GRE, checksum", .gre, v4, v4.inGRE(checksum: true)), Case("GRE, key", .gre, v6, v6.inGRE(key: true)),
    Case("GRE, all fields", .gre, v4, v4.inGRE(checksum: true, key: true, sequence: true)),
    Case("NVGRE", .gre, v6, v6.inGRE(key: true, ethernet: true)),
    Case("PPTP", .gre, v4, v4.inPPTP(acknowledges: false)), Case("PPTP, ack", .gre, v4, v4.inPPTP(acknowledges: true)),
    Case("ERSPAN I", .erspan, v4, v4.mirrored(type: 1)), Case("ERSPAN II", .erspan, v6, v6.mirrored(type: 2)),
    Case("ERSPAN III", .erspan, v4, v4.mirrored(type: 3)),
    Case("ERSPAN III of a platform", .erspan, v4, v4.mirrored(type: 3, platform: true)),
    Case("VXLAN", .vxlan, v4, v4.inVXLAN()), Case("VXLAN over IPv6", .vxlan, v6, v6.inVXLAN(.v6)),
    Case("VXLAN of old Linux", .vxlan, v4, v4.inVXLAN(port: 8472)),
    Case("VXLAN with a group policy", .vxlan, v4, v4.inVXLAN(flags: [0x88, 8, 0, 5])),
    Case("VXLAN, generic", .vxlan, v6, v6.inGenericVXLAN()),
    Case("VXLAN, generic, service header", .vxlan, v4, v4.inGenericVXLAN(serviceHeader: true)),
    Case("GENEVE", .geneve, v4, v4.inGENEVE()), Case("GENEVE, options", .geneve, v6, v6.inGENEVE(options: 12)),
    Case("GENEVE, IP", .geneve, v4, v4.inGENEVE(ethernet: false)),
    Case("GTP", .gtp, v4, v4.inGTP()), Case("GTP, sequence number", .gtp, v6, v6.inGTP(sequence: true)),
    Case("GTP, extensions", .gtp, v4, v4.inGTP(extensions: 2)),
    Case("L2TP", .l2tp, v4, v4.inL2TP(allFields: false)),
    Case("L2TP, all fields", .l2tp, v6, v6.inL2TP(allFields: true)),
    Case("MPLS in UDP", .mpls, v4, v4.inMPLS(overUDP: true)), Case("MPLS in IP", .mpls, v6, v6.inMPLS(overUDP: false)),
    Case("Teredo", .teredo, v6, v6.inTeredo(indications: false)),
    Case("Teredo, indications", .teredo, v6, v6.inTeredo(indications: true)),
    Case("VXLAN in a mirror", .vxlan, v4, v4.inVXLAN().mirrored(type: 2)),
    Case("GRE in IP in UDP", .gtp, v4, v4.inGTP().inGRE().inIP(.v6)),
  ]

  /// All of a record, as bytes, without the tunnel.
  static func fields(_ decoded: Decoded) -> [UInt64] {
    let (record, packet) = (decoded.record, decoded.packet)
    let bytes: [UInt8] = [record.ttl, record.trafficClass, record.flags, packet.transport]
    let halves: [UInt16] = [
      record.ipID, record.window, record.payloadSum, record.marks.rawValue & 0x0FFF, packet.source.port,
      packet.destination.port,
    ]
    let words: [UInt32] = [record.sequence, record.acknowledgement, record.payloadLength]
    var all: [UInt64] = [record.digest]
    for byte in bytes { all.append(UInt64(byte)) }
    for half in halves { all.append(UInt64(half)) }
    for word in words { all.append(UInt64(word)) }
    return all
  }

  @Test(arguments: cases)
  func `a packet in a tunnel is the packet that it is outside`(_ item: Case) {
    let bare = decode(item.inner.ethernet())
    let carried = decode(item.outer.ethernet(minimumLength: 60))
    #expect(carried.outcome == .packet)
    #expect(carried.record.tunnel == item.tunnel && bare.record.tunnel == nil)
    #expect(carried.packet.tunnels > 0 && bare.packet.tunnels == 0)
    #expect(carried.packet.source == bare.packet.source && carried.packet.destination == bare.packet.destination)
    #expect(Self.fields(carried) == Self.fields(bare))
    #expect(carried.marks.contains(.checksumVerified) && !carried.marks.contains(.badChecksum))
  }

  @Test(arguments: cases)
  func `a tunnel that was cut gives the packet within or the one around it`(_ item: Case) {
    let frame = item.outer.ethernet()
    let inner = decode(item.inner.ethernet()).packet
    var wasInner = false
    for count in 0..<frame.count {
      let cut = decode(Array(frame.prefix(count)), wireLength: frame.count)
      guard cut.outcome == .packet else {
        #expect(!wasInner && count < 14 + 40 + 40, "\(count) bytes")
        continue
      }
      if cut.packet.source.address == inner.source.address {
        wasInner = true
        #expect(cut.record.tunnel != nil && cut.record.ttl == 61)
        #expect(cut.marks.contains(.payloadCut) || cut.marks.contains(.headerCut))
      } else {
        #expect(!wasInner, "\(count) bytes are worse than fewer")
      }
    }
    #expect(wasInner)
  }

  @Test(arguments: cases)
  func `no damage to a tunnel's headers makes the decoder trap`(_ item: Case) {
    let frame = item.outer.ethernet()
    for offset in 12..<frame.count - 30 {
      for value: UInt8 in [0, 1, 0x0F, 0x45, 0x60, 0x7F, 0x80, 0xFF] {
        var damaged = frame
        damaged[offset] = value
        let decoded = decode(damaged)
        #expect(decoded.packet.tunnels <= 8)
        #expect(decoded.record.payloadLength <= 65_535)
      }
    }
  }

  @Test(arguments: cases)
  func `a tunnel whose inner length goes beyond it stays closed`(_ item: Case) {
    guard item.inner.source.isV4 else { return }
    var longer = Self.v4
    longer.totalLength = 1400
    let plain = item.outer.ethernet()
    let lying = Array(longer.bytes.prefix(20))
    // The same bytes but for the length and the header's checksum.
    guard let place = plain.firstRange(of: item.inner.bytes.prefix(20)) else {
      Issue.record("the inner header is not in the frame")
      return
    }
    var frame = plain
    frame.replaceSubrange(place, with: lying)
    let decoded = decode(frame)
    #expect(decoded.outcome == .packet)
    #expect(decoded.packet.source.address != item.inner.source)
  }

  @Test func `eight tunnels are opened and a ninth stays payload`() {
    var packet: any IPPacket = Self.v4
    for depth in 1...9 {
      packet = packet.inIP()
      let decoded = decode(packet.ethernet())
      #expect(decoded.outcome == .packet)
      #expect(Int(decoded.packet.tunnels) == min(depth, 8))
      #expect((decoded.packet.source.address == "10.0.0.1") == (depth <= 8))
    }
  }

  struct Bytes: Sendable {
    var name: String
    var number: UInt16
    var bytes: [UInt8]
    init(_ name: String, _ number: UInt16, _ bytes: [UInt8]) {
      self.name = name
      self.number = number
      self.bytes = bytes
    }
  }

  static let datagrams: [Bytes] = [
    Bytes("noise", 4789, Array(repeating: 0xFF, count: 60)), Bytes("noise", 2152, SplitMix64.bytes(60)),
    Bytes("nothing", 4789, []),
    Bytes("VXLAN without its bit", 4789, [0, 0, 0, 0, 0, 0, 5, 0] + v4.ethernet()),
    Bytes("old VXLAN with other flags", 8472, [8, 1, 0, 0, 0, 0, 5, 0] + v4.ethernet()),
    Bytes("a tunnel's keepalive", 4789, [8, 0, 0, 0, 0, 0, 5, 0] + [UInt8](repeating: 0, count: 40)),
    Bytes("GENEVE of another version", 6081, [0x40, 0, 0x65, 0x58, 0, 0, 5, 0] + v4.ethernet()),
    Bytes("GTP echo", 2152, [0x32, 1, 0, 4, 0, 0, 0, 0, 0, 1, 0, 0]),
    Bytes("GTP whose extension has no length", 2152, [0x34, 0xFF, 0, 8, 0, 0, 0, 1, 0, 0, 0, 0x85, 0, 0, 0, 0]),
    Bytes("L2TP control", 1701, [0xC8, 2, 0, 12, 0, 1, 0, 0, 0, 0, 0, 0]),
    Bytes("L2TP of version 3", 1701, [0, 3, 0, 1, 0, 2] + v4.ppp()),
    Bytes("no Teredo", 3544, [0, 0, 1, 2, 3, 4, 5, 6, 0x45, 0, 0, 0]),
    Bytes("no labels", 6635, [0, 1, 0, 64]), Bytes("WireGuard", 51_820, [4, 0, 0, 0] + SplitMix64.bytes(60)),
  ]

  @Test(arguments: datagrams)
  func `a datagram that only has a tunnel's port stays a datagram`(_ item: Bytes) {
    let (port, payload) = (item.number, item.bytes)
    let datagram = UDPDatagram(
      source: "10.0.0.1:4000", destination: Endpoint(address: "10.0.0.2", port: port), payload: payload)
    let decoded = decode(datagram.ipv4(id: 5).ethernet())
    #expect(decoded.outcome == .packet)
    #expect(decoded.packet.destination.port == port && decoded.packet.source.port == 4000)
    #expect(decoded.record.payloadLength == payload.count && decoded.record.ipID == 5)
    #expect(decoded.record.tunnel == nil && decoded.packet.tunnels == 0)
    #expect(decoded.marks == .checksumVerified)
  }

  static let opaque: [Bytes] = [
    Bytes("GRE", 47, [0x40, 0, 8, 0, 0, 0, 0, 0] + v4.bytes), Bytes("GRE", 47, [0, 2, 8, 0] + v4.bytes),
    Bytes("GRE", 47, [0, 0, 0x12, 0x34] + v4.bytes),
    Bytes("GRE", 47, [0x20, 0x81, 0x88, 0x0B, 0, 0, 0, 1, 0, 0, 0, 5]), Bytes("IP", 4, [0x45]),
    Bytes("IPv6", 41, v4.bytes), Bytes("Ethernet", 97, [0x20, 0] + v4.ethernet()),
    Bytes("ESP", 50, SplitMix64.bytes(60)), Bytes("MPLS", 137, [0, 1, 1, 64]), Bytes("AH", 51, [51, 255, 0, 0]),
    Bytes("AH", 51, [51, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
  ]

  @Test(arguments: opaque)
  func `another protocol, or a tunnel of another form, is opaque payload`(_ item: Bytes) {
    let (number, bytes) = (UInt8(item.number), item.bytes)
    let packet = OpaquePayload(source: "10.0.0.8", destination: "10.0.0.9", protocolNumber: number, bytes: bytes)
    let decoded = decode(packet.ipv4().ethernet())
    #expect(decoded.outcome == .packet)
    #expect(decoded.packet.source == "10.0.0.8" && decoded.packet.transport == number)
    #expect(Int(decoded.record.payloadLength) == bytes.count)
    #expect(decoded.record.tunnel == nil)
  }

  @Test func `the first fragment of a tunnel's packet shows the packet within, cut`() {
    guard let whole = Self.v4.inGRE() as? IPv4Packet else {
      Issue.record("the tunnel is not over IPv4")
      return
    }
    let fragments = whole.fragments(of: 64).map { decode($0.ethernet()) }
    #expect(fragments.count == 2)
    #expect(fragments[0].packet.source == "10.0.0.1:1" && fragments[0].record.payloadLength == 30)
    #expect(fragments[0].marks.isSuperset(of: .payloadCut) && !fragments[0].marks.contains(.fragment))
    #expect(fragments[1].packet.transport == 47 && fragments[1].marks.contains(.fragment))
  }

  /// The length of the packet within is left to the network card, and that of the packet around it is too large.
  @Test(
    arguments: [(v4WithoutLength.inIP(), 900), (v4WithoutLength.inGRE(), 900), (v4WithoutLength.inVXLAN(), 0)]
      as [(any IPPacket, UInt32)])
  func `what a packet claims beyond the frame is beyond it for the packet within as well`(
    _ outer: any IPPacket, _ beyond: UInt32
  ) throws {
    var outer = try #require(outer as? IPv4Packet)
    outer.totalLength = UInt16(outer.bytes.count + 900)
    let decoded = decode(outer.ethernet())
    #expect(decoded.packet.tunnels == 1)
    #expect(decoded.packet.bytesBeyondFrame == beyond)
    #expect(decoded.record.payloadLength == 30 + beyond)
  }

  private static let v4WithoutLength: IPv4Packet = {
    var packet = v4
    packet.totalLength = 0
    return packet
  }()
}
