import TestSupport
import Testing

@testable import Packets

@Suite struct UDPHeaderTests {
  @Test func `reads the fields`() throws {
    let frame = Fixed.udp6
    let read = UDPHeader(frame.span.bytes, at: 54)
    let header = try #require(read)
    #expect(header.sourcePort == 5353)
    #expect(header.destinationPort == 53)
    #expect(header.datagramLength == 13)
    #expect(header.checksum == 0x4B6F)
  }

  @Test func `builds the bytes`() {
    let datagram = UDPDatagram(
      source: "[2001:db8::1]:5353", destination: "[2001:db8::2]:53", payload: Array("hello".utf8))
    #expect(datagram.ipv6(hopLimit: 61, trafficClass: 0xB9).ethernet() == Fixed.udp6)
  }

  @Test(arguments: [1, 7, 12, 0xFFFF] as [UInt16])
  func `rejects a length below 8 or beyond the packet`(_ length: UInt16) {
    let datagram = UDPDatagram(source: "10.0.0.1:5", destination: "10.0.0.2:6", payload: [1, 2, 3], length: length)
    #expect(decode(datagram.ipv4().ethernet(minimumLength: 60)).outcome == .malformed(.transport))
  }

  @Test func `goes into the record`() {
    let record = decode(Fixed.udp6).record
    #expect(record.payloadLength == 5)
    #expect(record.payloadSum == Checksum.sum(Array("hello".utf8)))
    #expect(record.flags == 0 && record.sequence == 0 && record.window == 0)
  }

  @Test func `bytes behind the datagram are not its payload`() {
    let options: [UInt8] = [9, 9, 9, 9]
    var datagram = UDPDatagram(source: "10.0.0.1:5", destination: "10.0.0.2:6", payload: [1, 2, 3])
    let packet = OpaquePayload(
      source: "10.0.0.1", destination: "10.0.0.2", protocolNumber: 17, bytes: datagram.bytes + options)
    let decoded = decode(packet.ipv4().ethernet())
    #expect(decoded.record.payloadLength == 3)
    #expect(decoded.marks == .checksumVerified)
    datagram.checksum = .wrong
    #expect(decode(datagram.ipv4().ethernet()).marks == [.checksumVerified, .badChecksum])
  }

  @Test func `checksum 0 is none over IPv4 and a wrong one over IPv6`() {
    let v4 = UDPDatagram(source: "10.0.0.1:5", destination: "10.0.0.2:6", payload: [1], checksum: .value(0))
    let v6 = UDPDatagram(source: "[fd00::1]:5", destination: "[fd00::2]:6", payload: [1], checksum: .value(0))
    #expect(decode(v4.ipv4().ethernet()).marks == [])
    #expect(decode(v6.ipv6().ethernet()).marks == [.ipv6, .checksumVerified, .badChecksum])
  }

  @Test func `a header cut by the snap length keeps the ports and the length`() {
    let frame = Fixed.udp6
    let ports = decode(Array(frame.prefix(58)), wireLength: frame.count)
    #expect(ports.packet.source.port == 5353)
    #expect(ports.packet.destination.port == 53)
    #expect(ports.record.payloadLength == 5)
    #expect(ports.marks == [.ipv6, .headerCut, .payloadCut])
    let header = decode(Array(frame.prefix(62)), wireLength: frame.count)
    #expect(header.marks == [.ipv6, .payloadCut])
  }
}
