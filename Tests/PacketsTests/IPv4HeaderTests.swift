import TestSupport
import Testing

@testable import Packets

@Suite struct IPv4HeaderTests {
  @Test func `reads the fields`() throws {
    let frame = Fixed.syn
    let read = IPv4Header(frame.span.bytes, at: 14)
    let header = try #require(read)
    #expect(header.length == 20)
    #expect(header.totalLength == 60)
    #expect(header.trafficClass == 0xB8)
    #expect(header.identification == 0xBEEF)
    #expect(header.dontFragment)
    #expect(header.fragment == .whole)
    #expect(header.ttl == 63)
    #expect(header.protocolNumber == 6)
    #expect(header.source == 0x0A01_000A)
    #expect(header.destination == 0xC633_6450)
  }

  @Test func `builds the bytes`() {
    let segment = OpaquePayload(
      source: "10.1.0.10", destination: "198.51.100.80", protocolNumber: 6, bytes: Array(Fixed.syn[34...]))
    #expect(segment.ipv4(id: 0xBEEF, ttl: 63, trafficClass: 0xB8, dontFragment: true).ethernet() == Fixed.syn)
  }

  @Test(arguments: [
    (offset: 0, value: 0x44 as UInt8), (offset: 0, value: 0x40), (offset: 0, value: 0x4F), (offset: 0, value: 0x65),
    (offset: 3, value: 19), (offset: 3, value: 1),
  ])
  func `rejects an impossible length or version`(_ lie: (offset: Int, value: UInt8)) {
    var packet = Array(Fixed.echo[14...])
    packet[lie.offset] = lie.value
    #expect(decode(packet, as: .ipv4).outcome == .malformed(.network))
  }

  @Test func `goes into the record`() {
    let decoded = decode(Fixed.syn)
    #expect(decoded.outcome == .packet)
    #expect(decoded.packet.source == "10.1.0.10:36963")
    #expect(decoded.packet.destination == "198.51.100.80:80")
    #expect(decoded.packet.transport == TransportProtocol.tcp)
    #expect(decoded.record.ipID == 0xBEEF)
    #expect(decoded.record.ttl == 63)
    #expect(decoded.record.trafficClass == 0xB8)
    #expect(decoded.marks == [.dontFragment, .timestamps, .checksumVerified])
  }

  @Test func `options are skipped`() {
    let datagram = UDPDatagram(source: "10.0.0.1:5", destination: "10.0.0.2:6", payload: [7, 8])
    // Router alert, then padding.
    let decoded = decode(datagram.ipv4(options: [148, 4, 0, 0, 1, 1, 1]).ethernet())
    #expect(decoded.packet.destination.port == 6)
    #expect(decoded.record.payloadLength == 2)
    #expect(decoded.marks == .checksumVerified)
  }

  @Test func `a source route leaves the checksum undecided`() {
    let datagram = UDPDatagram(source: "10.0.0.1:5", destination: "10.0.0.2:6", payload: [7, 8])
    let route: [UInt8] = [1, 131, 7, 4, 10, 0, 0, 9]
    #expect(decode(datagram.ipv4(options: route).ethernet()).marks == [])
    // An option that claims no length must not stop the walk for ever.
    #expect(decode(datagram.ipv4(options: [7, 0, 7, 0]).ethernet()).marks == .checksumVerified)
  }

  @Test func `padding of a short frame is not payload`() {
    let ack = TCPSegment(source: "10.0.0.1:5", destination: "10.0.0.2:6", seq: 1, ack: 2)
    let decoded = decode(ack.ipv4().ethernet(minimumLength: 60))
    #expect(decoded.record.payloadLength == 0)
    #expect(decoded.record.digest == 0)
    #expect(decoded.marks == .checksumVerified)
  }

  @Test func `total length 0 means that the card cuts the packet, and the wire length counts`() {
    let payload = SplitMix64.bytes(5000)
    let segment = TCPSegment(source: "10.0.0.1:5", destination: "10.0.0.2:6", seq: 1, ack: 2, payload: payload)
    let frame = segment.ipv4(totalLength: 0).ethernet()
    #expect(decode(frame).record.payloadLength == 5000)
    #expect(decode(frame).marks == .checksumVerified)
    let cut = decode(Array(frame.prefix(96)), wireLength: frame.count)
    #expect(cut.record.payloadLength == 5000)
    #expect(cut.marks == .payloadCut)
  }

  @Test func `a total length beyond the frame counts as cut`() {
    let datagram = OpaquePayload(source: "10.0.0.1", destination: "10.0.0.2", protocolNumber: 50, bytes: [1, 2, 3, 4])
    let decoded = decode(datagram.ipv4(totalLength: 120).ethernet())
    #expect(decoded.record.payloadLength == 100)
    #expect(decoded.marks == .payloadCut)
  }

  @Test func `fragments carry their share, and only the first has ports`() {
    let datagram = UDPDatagram(source: "10.0.0.1:5", destination: "10.0.0.2:6", payload: SplitMix64.bytes(3000))
    let fragments = datagram.ipv4(id: 77).fragments(of: 1480).map { decode($0.ethernet()) }
    #expect(fragments.map(\.outcome) == [.packet, .packet, .packet])
    #expect(fragments.map(\.packet.source.port) == [5, 0, 0])
    #expect(fragments.map(\.record.payloadLength) == [1472, 1480, 48])
    #expect(fragments.map(\.marks) == [.fragment, .fragment, .fragment])
    #expect(fragments.allSatisfy { $0.record.ipID == 77 && $0.record.digest != 0 && $0.packet.transport == 17 })
  }

  @Test func `a first fragment too small for its header keeps the ports`() {
    let segment = TCPSegment(source: "10.0.0.1:5", destination: "10.0.0.2:6", seq: 99, payload: [1, 2, 3])
    let decoded = decode(segment.ipv4().fragments(of: 8)[0].ethernet())
    #expect(decoded.outcome == .packet)
    #expect(decoded.packet.destination.port == 6)
    #expect(decoded.record.sequence == 99)
    #expect(decoded.marks == [.fragment, .headerCut])
  }

  @Test func `another protocol is opaque payload`() {
    let tunnel = OpaquePayload(source: "10.0.0.1", destination: "10.0.0.2", protocolNumber: 47, bytes: [9, 8, 7])
    let decoded = decode(tunnel.ipv4(id: 3).ethernet())
    #expect(decoded.packet.transport == 47)
    #expect(decoded.packet.source.port == 0)
    #expect(decoded.record.payloadLength == 3)
    #expect(decoded.record.payloadSum == Checksum.sum([9, 8, 7]))
    #expect(decoded.marks == [])
  }
}

extension SplitMix64 {
  /// The same `count` random bytes each time.
  static func bytes(_ count: Int) -> [UInt8] {
    var random = SplitMix64(seed: 1)
    return random.bytes(count)
  }
}
