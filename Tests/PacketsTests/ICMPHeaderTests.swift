import TestSupport
import Testing

@testable import Packets

@Suite struct ICMPHeaderTests {
  static let request = ICMPMessage.echoRequest(
    source: "fd00::1", destination: "fd00::2", identifier: 0x1234, sequence: 7, payload: [1, 2, 3])

  @Test func `reads the fields`() throws {
    let frame = Fixed.echo
    let read = ICMPHeader(frame.span.bytes, at: 34)
    let header = try #require(read)
    #expect(header.type == 8)
    #expect(header.code == 0)
    #expect(header.identifier == 0x1234)
    #expect(header.echoSequence == 7)
  }

  @Test func `builds the bytes`() {
    let message = ICMPMessage.echoRequest(
      source: "10.1.0.10", destination: "198.51.100.80", identifier: 0x1234, sequence: 7, payload: Array("ping!".utf8))
    #expect(message.ipv4(id: 9).ethernet() == Fixed.echo)
  }

  @Test func `rejects a packet too short for the header`() {
    let short = OpaquePayload(
      source: "10.0.0.1", destination: "10.0.0.2", protocolNumber: 1, bytes: [8, 0, 0, 0, 0, 0, 0])
    #expect(decode(short.ipv4().ethernet(minimumLength: 60)).outcome == .malformed(.transport))
  }

  @Test func `an echo goes into the record`() {
    let decoded = decode(Fixed.echo)
    #expect(decoded.packet.source == "10.1.0.10:4660")
    #expect(decoded.packet.destination == "198.51.100.80:4660")
    #expect(decoded.record.sequence == 7)
    #expect(decoded.record.flags == 8)
    #expect(decoded.record.window == 0)
    #expect(decoded.record.payloadLength == 5)
    #expect(decoded.record.payloadSum == Checksum.sum(Array("ping!".utf8)))
    #expect(decoded.marks == .checksumVerified)
  }

  @Test func `request and reply of IPv6 are one conversation with the same payload`() {
    let request = decode(Self.request.ipv6().ethernet())
    let reply = decode(ICMPMessage.echoReply(to: Self.request).ipv6().ethernet())
    #expect(request.record.flags == 128)
    #expect(reply.record.flags == 129)
    #expect(request.packet.source == reply.packet.destination)
    #expect(request.packet.destination == reply.packet.source)
    #expect(request.record.sequence == reply.record.sequence)
    #expect(request.record.digest == reply.record.digest)
    #expect(request.marks == [.ipv6, .checksumVerified])
    #expect(reply.marks == [.ipv6, .checksumVerified])
  }

  @Test func `a wrong checksum is seen`() {
    var message = Self.request
    message.checksum = .wrong
    #expect(decode(message.ipv6().ethernet()).marks == [.ipv6, .checksumVerified, .badChecksum])
    message = .echoRequest(source: "10.0.0.1", destination: "10.0.0.2", identifier: 1, sequence: 1, checksum: .wrong)
    #expect(decode(message.ipv4().ethernet()).marks == [.checksumVerified, .badChecksum])
  }

  @Test func `other types have no ports`() {
    let timestamp = ICMPMessage(source: "10.0.0.1", destination: "10.0.0.2", type: 13, rest: 0x1234_0001)
    let decoded = decode(timestamp.ipv4().ethernet())
    #expect(decoded.packet.source.port == 0)
    #expect(decoded.record.flags == 13)
    #expect(decoded.record.sequence == 0)
    #expect(decoded.marks == .checksumVerified)
  }

  @Test func `a header cut by the snap length keeps type and code`() {
    let decoded = decode(Array(Fixed.fragmentationNeeded.prefix(36)), wireLength: Fixed.fragmentationNeeded.count)
    #expect(decoded.record.flags == 3)
    #expect(decoded.record.window == 4)
    #expect(decoded.record.payloadLength == 28)
    #expect(decoded.marks == [.headerCut, .payloadCut])
  }
}
