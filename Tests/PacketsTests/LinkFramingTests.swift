import Packets
import TestSupport
import Testing

@Suite struct LinkFramingTests {
  static let v4 = UDPDatagram(source: "10.0.0.1:1", destination: "10.0.0.2:2", payload: [1, 2, 3]).ipv4()
  static let v6 = UDPDatagram(source: "[fd00::1]:1", destination: "[fd00::2]:2", payload: [1, 2, 3]).ipv6()

  struct Case: Sendable {
    var name: String
    var linkType: LinkType
    var frame: [UInt8]
    init(_ name: String, _ linkType: LinkType, _ frame: [UInt8]) {
      self.name = name
      self.linkType = linkType
      self.frame = frame
    }
  }

  static let cases = [
    Case("Ethernet, IPv4", .ethernet, v4.ethernet()),
    Case("Ethernet, IPv6", .ethernet, v6.ethernet()),
    Case("one VLAN tag", .ethernet, v4.ethernet(vlans: [100])),
    Case("two VLAN tags", .ethernet, v6.ethernet(vlans: [100, 200])),
    Case("one MPLS label", .ethernet, v4.ethernet(mpls: [16])),
    Case("VLAN tag and three MPLS labels", .ethernet, v6.ethernet(vlans: [5], mpls: [16, 17, 18])),
    Case("PPPoE over Ethernet, IPv4", .ethernet, v4.pppoeEthernet()),
    Case("PPPoE over Ethernet, IPv6", .ethernet, v6.pppoeEthernet()),
    Case("PPPoE", .pppoe, v4.pppoe()),
    Case("PPP with HDLC bytes", .ppp, v4.ppp(hdlc: true)),
    Case("PPP without HDLC bytes", .pppHDLC, v6.ppp(hdlc: false)),
    Case("PPP with compressed protocol field", .ppp, [0x21] + v4.bytes),
    Case("cooked, IPv4", .linuxCooked, v4.cooked()),
    Case("cooked, VLAN tag, IPv6", .linuxCooked, v6.cooked(vlans: [9])),
    Case("cooked version 2, IPv4", .linuxCooked2, v4.cooked2()),
    Case("cooked version 2, IPv6", .linuxCooked2, v6.cooked2()),
    Case("loopback, little-endian", .null, v4.loopback(.little)),
    Case("loopback, big-endian", .null, v4.loopback(.big)),
    Case("loopback of FreeBSD, IPv6", .null, v6.loopback(.little, family: 28)),
    Case("loopback of macOS, IPv6", .null, v6.loopback(.big, family: 30)),
    Case("loopback of OpenBSD, IPv6", .loop, v6.loopback(.big, family: 24)),
    Case("raw, IPv4", .raw, v4.bytes),
    Case("raw, IPv6", .rawDLT, v6.bytes),
    Case("raw of OpenBSD", .rawOpenBSD, v4.bytes),
    Case("IPv4", .ipv4, v4.bytes),
    Case("IPv6", .ipv6, v6.bytes),
    Case("Ethernet with a length and SNAP", .ethernet, v4.snapEthernet()),
    Case("cooked, SNAP", .linuxCooked, [0, 0, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0, 0, 4] + v6.logicalLink()),
    Case("backbone service tag", .ethernet, v4.nestedEthernet([0x88, 0xE7, 0, 0, 0, 9])),
    Case("FabricPath", .ethernet, v6.nestedEthernet([0x89, 0x03, 0, 9])),
    Case("VN-Tag", .ethernet, v4.taggedEthernet([0x89, 0x26, 0, 0, 0, 1])),
    Case("E-TAG", .ethernet, v6.taggedEthernet([0x89, 0x3F, 0, 0, 0, 1, 0, 0])),
    Case("MACsec without encryption", .ethernet, v4.taggedEthernet([0x88, 0xE5, 0, 0, 0, 0, 0, 1])),
    Case(
      "MACsec without encryption, with a channel", .ethernet,
      v4.taggedEthernet([0x88, 0xE5, 0x20, 0, 0, 0, 0, 1, 1, 2, 3, 4, 5, 6, 7, 8])),
    Case("MPLS in PPP", .ppp, [0xFF, 3, 0x02, 0x81, 0, 1, 1, 64] + v4.bytes),
    Case("Cisco HDLC", .ciscoHDLC, v4.ciscoHDLC()),
    Case("Cisco HDLC as PPP in HDLC framing", .pppHDLC, v6.ciscoHDLC()),
    Case("PPP with a direction", .pppWithDirection, [1] + v6.ppp(hdlc: true)),
    Case("Frame Relay, IPv4", .frameRelay, v4.frameRelay()),
    Case("Frame Relay, IPv6", .frameRelay, v6.frameRelay()),
    Case("Frame Relay, SNAP", .frameRelay, v4.frameRelay([3, 0, 0x80, 0, 0, 0, 8, 0])),
    Case("Frame Relay, PPP", .frameRelay, v4.frameRelay([3, 0xCF, 0, 0x21])),
    Case("Frame Relay of Cisco", .frameRelay, v4.frameRelay([8, 0])),
    Case("Frame Relay, address of four bytes", .frameRelay, [0x18, 0x40, 0x40, 0x41, 3, 0xCC] + v4.bytes),
    Case("802.11", .wireless, v4.wireless()),
    Case("802.11, quality of service", .wireless, v6.wireless(quality: 0)),
    Case("802.11, four addresses", .wireless, v4.wireless(fourAddresses: true)),
    Case(
      "802.11, high throughput", .wireless, v4.wireless(fourAddresses: true, quality: 6, highThroughput: true)),
    Case("802.11, mesh bit outside a mesh", .wireless, v4.wireless(quality: 0x100)),
    Case("radiotap", .radiotap, CapturePrefix.radiotap() + v4.wireless()),
    Case("radiotap, several words", .radiotap, CapturePrefix.radiotap(moreWords: 3) + v6.wireless(quality: 0)),
    Case(
      "radiotap, padded", .radiotap, CapturePrefix.radiotap(flags: 0x20) + v4.wireless(quality: 0, padded: true)),
    Case("Prism, little-endian", .prism, CapturePrefix.prism(.little) + v4.wireless()),
    Case("Prism, big-endian", .prism, CapturePrefix.prism(.big) + v6.wireless()),
    Case("AVS", .avs, CapturePrefix.avs + v4.wireless()),
    Case("AVS as Prism", .prism, CapturePrefix.avs + v4.wireless()),
    Case("PPI, 802.11", .ppi, CapturePrefix.ppi(.wireless) + v4.wireless()),
    Case("PPI, Ethernet", .ppi, CapturePrefix.ppi(.ethernet) + v6.ethernet()),
    Case("PKTAP, Ethernet", .pktap, CapturePrefix.pktap(.ethernet) + v4.ethernet()),
    Case("PKTAP, raw", .pktap, CapturePrefix.pktap(.rawDLT) + v6.bytes),
    Case("netfilter log, little-endian", .netfilterLog, v4.netfilterLog(.little)),
    Case("netfilter log, big-endian", .netfilterLog, v6.netfilterLog(.big)),
    Case("packet filter log", .filterLog, CapturePrefix.filterLog + v4.bytes),
    Case("IP over InfiniBand", .ipOverInfiniband, v6.infiniband()),
    Case("FDDI", .fddi, v4.fddi()),
    Case("Token Ring", .tokenRing, v4.tokenRing(routed: false)),
    Case("Token Ring, routed", .tokenRing, v6.tokenRing(routed: true)),
    Case("ATM", .atm, v4.logicalLink()),
    Case("Broadcom tag", .broadcomTag, v4.taggedEthernet([1, 2, 3, 4])),
    Case("leading Broadcom tag", .leadingBroadcomTag, [1, 2, 3, 4] + v6.ethernet()),
    Case("DSA tag", .dsaTag, v4.taggedEthernet([1, 2, 3, 4])),
    Case("DSA tag with EtherType", .ethertypeDSATag, v6.taggedEthernet([0xDA, 0xDA, 0, 0, 1, 2, 3, 4])),
  ]

  /// Where a cut frame may be taken for another protocol, as nothing says what follows.
  static let unnamed = [
    Case("pseudo wire with control word", .ethernet, v4.nestedEthernet([0x88, 0x47, 0, 1, 1, 64, 0, 0, 0, 0])),
    Case("pseudo wire without control word", .ethernet, v6.nestedEthernet([0x88, 0x47, 0, 1, 1, 64])),
    Case("aggregate of one", .wireless, v4.wireless(quality: 0, aggregates: 1)),
    Case(
      "mesh", .wireless,
      {
        let plain = v4.wireless(fourAddresses: true, quality: 0x100)
        return plain.prefix(32) + [1, 30, 0, 0, 0, 0] + Array(repeating: 9, count: 6) + plain.dropFirst(32)
      }()),
  ]

  @Test(arguments: cases + unnamed)
  func `every link type leads to the same packet`(_ item: Case) {
    let decoded = decode(item.frame, as: item.linkType)
    #expect(decoded.outcome == .packet)
    #expect(decoded.packet.source.port == 1)
    #expect(decoded.packet.destination.port == 2)
    #expect(decoded.record.payloadLength == 3)
    #expect(decoded.marks.contains(.checksumVerified) && !decoded.marks.contains(.badChecksum))
  }

  @Test(arguments: cases)
  func `a frame cut before the transport header is malformed at the layer that was cut`(_ item: Case) {
    let ipLength = item.frame.count - (item.frame.suffix(Self.v4.bytes.count) == Self.v4.bytes[...] ? 31 : 51)
    let transport = item.frame.count - 11
    for count in 0..<transport {
      let outcome = decode(Array(item.frame.prefix(count)), as: item.linkType, wireLength: item.frame.count).outcome
      if count < ipLength {
        #expect(outcome == .malformed(.link) || outcome == .malformed(.network), "\(count) bytes")
      } else {
        #expect(outcome == .malformed(.network), "\(count) bytes")
      }
    }
  }

  @Test func `what is not IP gives its protocol number`() {
    let arp = Array(Fixed.ethernet.dropLast(2)) + [0x08, 0x06] + Array(repeating: 0, count: 46)
    let taggedARP = Array(Fixed.ethernet.dropLast(2)) + [0x81, 0x00, 0, 1, 0x08, 0x06] + Array(repeating: 0, count: 46)
    let spanningTree = Array(Fixed.ethernet.dropLast(2)) + [0x00, 0x26] + Array(repeating: 0x42, count: 46)
    let pseudowire = Array(Fixed.ethernet.dropLast(2)) + [0x88, 0x47, 0, 1, 0x01, 64, 0, 0, 0, 0]
    #expect(decode(arp).outcome == .notIP(0x0806))
    #expect(decode(taggedARP).outcome == .notIP(0x0806))
    #expect(decode(spanningTree).outcome == .notIP(0x4242))
    #expect(decode(pseudowire).outcome == .notIP(0x8847))
    #expect(decode([0xFF, 0x03, 0xC0, 0x21, 1], as: .ppp).outcome == .notIP(0xC021))
    #expect(decode([0, 0, 0, 16, 1], as: .loop).outcome == .notIP(16))
  }

  @Test(
    arguments: [
      ("encrypted", v4.wireless(flags: 0x40), 0x0841), ("later fragment", v4.wireless(fragment: 1), 0x0801),
      ("aggregate of two", v4.wireless(quality: 0, aggregates: 2), 0x8801), ("beacon", [0x80, 0, 0, 0], 0x8000),
      ("acknowledgement", [0xD4, 0] + Array(repeating: 0, count: 8), 0xD400),
      ("without a body", [0x48, 1] + Array(repeating: 0, count: 22), 0x4801),
    ] as [(String, [UInt8], UInt16)])
  func `802.11 frames without one readable packet are not IP`(_ name: String, _ frame: [UInt8], _ number: UInt16) {
    #expect(decode(frame, as: .wireless).outcome == .notIP(number))
  }

  @Test(
    arguments: [
      (.radiotap, [0, 0, 7, 0, 0, 0, 0, 0]), (.radiotap, [1, 0, 8, 0, 0, 0, 0, 0]),
      (.radiotap, [0, 0, 99, 0, 0, 0, 0, 0]),
      (.prism, Array(repeating: 0xFF, count: 200)), (.prism, Array(repeating: 0, count: 200)),
      (.ppi, [0, 0, 7, 0, 105, 0, 0, 0]), (.pktap, Array(repeating: 0, count: 108)),
      (.netfilterLog, [2, 0, 0, 0, 3, 0, 1, 0, 9, 9, 9, 9]), (.netfilterLog, [2, 0, 0, 0, 0xFF, 0xFF, 1, 0]),
      (.filterLog, [0] + v4.bytes), (.frameRelay, [0x18, 0x40, 0x40, 0x40, 0x40, 0x40]),
    ] as [(LinkType, [UInt8])])
  func `a header with an impossible length is malformed`(_ linkType: LinkType, _ frame: [UInt8]) {
    #expect(decode(frame, as: linkType).outcome == .malformed(.link))
  }

  @Test func `headers that name each other do not go round`() {
    let nested: [UInt8] = CapturePrefix.pktap(.pktap) + CapturePrefix.pktap(.ethernet) + Self.v4.ethernet()
    #expect(decode(nested, as: .pktap).outcome == .notIP(258))
    let behindPPI: [UInt8] = CapturePrefix.ppi(.pktap) + nested
    #expect(decode(behindPPI, as: .ppi).outcome == .notIP(258))
    var tags: [UInt8] = Array(Fixed.ethernet.prefix(12))
    for _ in 0..<20_000 { tags += [0x81, 0, 0, 1] as [UInt8] }
    tags += [8, 0] as [UInt8]
    tags += Self.v4.bytes
    #expect(decode(tags).outcome == .packet)
  }

  @Test func `an IP version that contradicts the link header is malformed`() {
    #expect(decode(Self.v6.bytes, as: .ipv4).outcome == .malformed(.network))
    #expect(decode(Self.v4.bytes, as: .ipv6).outcome == .malformed(.network))
    #expect(decode([0x50] + Self.v4.bytes.dropFirst(), as: .raw).outcome == .malformed(.network))
    #expect(decode([], as: .raw).outcome == .malformed(.network))
  }

  @Test func `a link type that is not supported says so`() {
    let bluetooth = LinkType(rawValue: 187)
    #expect(!PacketDecoder.supports(bluetooth))
    #expect(PacketDecoder.supports(.ethernet))
    #expect(decode(Self.v4.ethernet(), as: bluetooth).outcome == .malformed(.link))
    #expect(LinkType.ethernet.name == "EN10MB")
    #expect(LinkType(rawValue: 147).name == "LINKTYPE 147")
  }
}
