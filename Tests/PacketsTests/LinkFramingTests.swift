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
  ]

  @Test(arguments: cases)
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
    #expect(decode(spanningTree).outcome == .notIP(0x0026))
    #expect(decode(pseudowire).outcome == .notIP(0x8847))
    #expect(decode([0xFF, 0x03, 0xC0, 0x21, 1], as: .ppp).outcome == .notIP(0xC021))
    #expect(decode([0, 0, 0, 16, 1], as: .loop).outcome == .notIP(16))
  }

  @Test func `an IP version that contradicts the link header is malformed`() {
    #expect(decode(Self.v6.bytes, as: .ipv4).outcome == .malformed(.network))
    #expect(decode(Self.v4.bytes, as: .ipv6).outcome == .malformed(.network))
    #expect(decode([0x50] + Self.v4.bytes.dropFirst(), as: .raw).outcome == .malformed(.network))
    #expect(decode([], as: .raw).outcome == .malformed(.network))
  }

  @Test func `a link type that is not supported says so`() {
    let radio = LinkType(rawValue: 127)
    #expect(!PacketDecoder.supports(radio))
    #expect(PacketDecoder.supports(.ethernet))
    #expect(decode(Self.v4.ethernet(), as: radio).outcome == .malformed(.link))
    #expect(LinkType.ethernet.name == "EN10MB")
    #expect(LinkType(rawValue: 147).name == "LINKTYPE 147")
  }
}
