import TestSupport
import Testing

@testable import Packets

@Suite struct IPv6HeaderTests {
  static let datagram = UDPDatagram(source: "[2001:db8::1]:5353", destination: "[2001:db8::2]:53", payload: [1, 2, 3])

  @Test func `reads the fields`() throws {
    let frame = Fixed.udp6
    let read = IPv6Header(frame.span.bytes, at: 14)
    let header = try #require(read)
    #expect(header.payloadLength == 13)
    #expect(header.trafficClass == 0xB9)
    #expect(header.nextHeader == 17)
    #expect(header.hopLimit == 61)
    #expect(header.source == "2001:db8::1")
    #expect(header.destination == "2001:db8::2")
  }

  @Test func `builds the bytes`() {
    let payload = OpaquePayload(
      source: "2001:db8::1", destination: "2001:db8::2", protocolNumber: 17, bytes: Array(Fixed.udp6[54...]))
    #expect(payload.ipv6(hopLimit: 61, trafficClass: 0xB9).ethernet() == Fixed.udp6)
  }

  @Test func `rejects an extension header beyond the packet`() {
    var packet = Self.datagram.ipv6(extensions: [.hopByHop(length: 8)]).bytes
    packet[41] = 2
    #expect(decode(packet, as: .ipv6).outcome == .malformed(.network))
    // With padding of the link behind it, it is still beyond the packet.
    #expect(decode(packet + Array(repeating: 0, count: 64), as: .ipv6).outcome == .malformed(.network))
  }

  @Test func `goes into the record`() {
    let decoded = decode(Fixed.udp6)
    #expect(decoded.outcome == .packet)
    #expect(decoded.packet.source == "[2001:db8::1]:5353")
    #expect(decoded.packet.destination == "[2001:db8::2]:53")
    #expect(decoded.record.ttl == 61)
    #expect(decoded.record.trafficClass == 0xB9)
    #expect(decoded.record.ipID == 0)
    #expect(decoded.marks == [.ipv6, .checksumVerified])
  }

  @Test(arguments: [
    [IPv6Extension.hopByHop()], [.destinationOptions(length: 24)], [.authentication], [.routing(segmentsLeft: 0)],
    [.hopByHop(), .destinationOptions(), .routing(segmentsLeft: 0), .authentication, .destinationOptions(length: 16)],
  ])
  func `extension headers are walked`(_ extensions: [IPv6Extension]) {
    let decoded = decode(Self.datagram.ipv6(extensions: extensions).ethernet())
    #expect(decoded.outcome == .packet)
    #expect(decoded.packet.transport == 17)
    #expect(decoded.packet.destination.port == 53)
    #expect(decoded.record.payloadLength == 3)
    #expect(decoded.marks == [.ipv6, .checksumVerified])
  }

  @Test func `a route that is not at its end leaves the checksum undecided`() {
    let decoded = decode(Self.datagram.ipv6(extensions: [.routing(segmentsLeft: 1)]).ethernet())
    #expect(decoded.packet.destination.port == 53)
    #expect(decoded.marks == .ipv6)
  }

  @Test func `fragments are marked and only the first has ports`() {
    let first = decode(Self.datagram.ipv6(extensions: [.fragment(offset: 0, more: true, id: 1)]).ethernet())
    #expect(first.packet.destination.port == 53)
    #expect(first.marks == [.ipv6, .fragment])
    let later = decode(Self.datagram.ipv6(extensions: [.fragment(offset: 1480, more: false, id: 1)]).ethernet())
    #expect(later.packet.destination.port == 0)
    #expect(later.packet.transport == 17)
    #expect(later.record.payloadLength == 11)
    #expect(later.marks == [.ipv6, .fragment])
    let atomic = decode(Self.datagram.ipv6(extensions: [.fragment(offset: 0, more: false, id: 1)]).ethernet())
    #expect(atomic.marks == [.ipv6, .checksumVerified])
  }

  @Test func `payload length 0 means that the wire length counts`() {
    let segment = TCPSegment(source: "[fd00::1]:5", destination: "[fd00::2]:6", payload: SplitMix64.bytes(5000))
    let decoded = decode(segment.ipv6(payloadLength: 0).ethernet())
    #expect(decoded.record.payloadLength == 5000)
    #expect(decoded.marks == [.ipv6, .checksumVerified])
  }

  @Test func `no next header has no payload, whatever the padding`() {
    let empty = OpaquePayload(source: "fd00::1", destination: "fd00::2", protocolNumber: 59, bytes: [])
    let decoded = decode(empty.ipv6().ethernet(minimumLength: 60))
    #expect(decoded.outcome == .packet)
    #expect(decoded.record.payloadLength == 0)
  }
}
