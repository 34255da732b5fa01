import Packets
import TestSupport
import Testing

@Suite struct ICMPQuoteTests {
  static let v4 = TCPSegment(source: "10.0.0.1:5", destination: "10.0.0.2:6", seq: 1234, payload: [1, 2, 3])
  static let v6 = TCPSegment(source: "[fd00::1]:5", destination: "[fd00::2]:6", seq: 1234, payload: [1, 2, 3])

  @Test func `a quote names the connection and the segment`() {
    let decoded = decode(Fixed.fragmentationNeeded)
    #expect(decoded.outcome == .packet)
    #expect(decoded.packet.source == "203.0.113.1:0")
    #expect(decoded.packet.destination == "10.1.0.10:0")
    #expect(decoded.packet.quotedTransport == 6)
    #expect(decoded.packet.quotedSource == "10.1.0.10:36963")
    #expect(decoded.packet.quotedDestination == "198.51.100.80:80")
    #expect(decoded.record.sequence == 0xFFFF_FFF0)
    #expect(decoded.record.acknowledgement == 1400)
    #expect(decoded.record.flags == 3)
    #expect(decoded.record.window == 4)
    #expect(decoded.record.payloadLength == 28)
    #expect(decoded.marks == [.icmpError, .checksumVerified])
  }

  @Test func `builds the bytes`() {
    let request = IPv4Packet(
      source: "10.1.0.10", destination: "198.51.100.80", protocolNumber: 6, payload: Array(Fixed.request[34...]))
    var about = request
    about.id = 1
    let message = ICMPMessage.tooBig(from: "203.0.113.1", mtu: 1400, about: about)
    #expect(message.ipv4(id: 2, ttl: 255).ethernet() == Fixed.fragmentationNeeded)
  }

  @Test(arguments: [3, 4, 5, 11, 12] as [UInt8])
  func `every error of IPv4 quotes`(_ type: UInt8) {
    let message = ICMPMessage.error(from: "10.0.0.9", type: type, code: 1, rest: 77, about: Self.v4.ipv4())
    let decoded = decode(message.ipv4().ethernet())
    #expect(decoded.marks.contains(.icmpError))
    #expect(decoded.packet.quotedDestination == "10.0.0.2:6")
    #expect(decoded.record.sequence == 1234)
    #expect(decoded.record.acknowledgement == 0)
  }

  @Test(arguments: [1, 2, 3, 4] as [UInt8])
  func `every error of IPv6 quotes`(_ type: UInt8) {
    let about = Self.v6.ipv6(extensions: [.destinationOptions()])
    let message = ICMPMessage.error(from: "fd00::9", type: type, rest: 1280, about: about, quotedBytes: 56)
    let decoded = decode(message.ipv6().ethernet())
    #expect(decoded.marks == [.ipv6, .icmpError, .checksumVerified])
    #expect(decoded.packet.quotedTransport == 6)
    #expect(decoded.packet.quotedSource == "[fd00::1]:5")
    #expect(decoded.record.sequence == 1234)
    #expect(decoded.record.acknowledgement == (type == 2 ? 1280 : 0))
  }

  @Test func `a quoted echo is named by its identifier`() {
    let echo = ICMPMessage.echoRequest(source: "10.0.0.1", destination: "10.0.0.2", identifier: 99, sequence: 3)
    let decoded = decode(ICMPMessage.timeExceeded(from: "10.0.0.9", about: echo.ipv4()).ipv4().ethernet())
    #expect(decoded.packet.quotedTransport == 1)
    #expect(decoded.packet.quotedSource == "10.0.0.1:99")
    #expect(decoded.packet.quotedDestination == "10.0.0.2:99")
    #expect(decoded.record.sequence == 0)
  }

  @Test func `a quoted datagram has ports and no sequence`() {
    let datagram = UDPDatagram(source: "10.0.0.1:5", destination: "10.0.0.2:6", payload: [1, 2, 3])
    let decoded = decode(ICMPMessage.portUnreachable(from: "10.0.0.2", about: datagram.ipv4()).ipv4().ethernet())
    #expect(decoded.packet.quotedTransport == 17)
    #expect(decoded.packet.quotedDestination == "10.0.0.2:6")
    #expect(decoded.record.sequence == 0)
  }

  @Test func `a quoted later fragment has no ports`() {
    let datagram = UDPDatagram(source: "10.0.0.1:5", destination: "10.0.0.2:6", payload: SplitMix64.bytes(100))
    let fragment = datagram.ipv4().fragments(of: 40)[1]
    let decoded = decode(ICMPMessage.timeExceeded(from: "10.0.0.9", about: fragment).ipv4().ethernet())
    #expect(decoded.packet.quotedSource == "10.0.0.1:0")
    #expect(decoded.marks.contains(.icmpError))
  }

  @Test(arguments: 0..<28)
  func `a quote that is too short tells what it can`(_ count: Int) {
    let message = ICMPMessage.error(from: "10.0.0.9", type: 3, about: Self.v4.ipv4(), quotedBytes: count)
    // Padding of the link must not be taken for more of the quote.
    let decoded = decode(message.ipv4().ethernet(minimumLength: 120))
    #expect(decoded.outcome == .packet)
    #expect(decoded.marks.contains(.icmpError) == (count >= 20))
    #expect(decoded.packet.quotedTransport == (count >= 20 ? 6 : 0))
    #expect(decoded.packet.quotedSource.port == (count >= 24 ? 5 : 0))
    #expect(decoded.record.sequence == 0)
  }
}
