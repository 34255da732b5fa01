import TestSupport
import Testing

@testable import Packets

@Suite struct TCPHeaderTests {
  @Test func `reads the fields`() throws {
    let frame = Fixed.request
    let read = TCPHeader(frame.span.bytes, at: 34)
    let header = try #require(read)
    #expect(header.sourcePort == 36963)
    #expect(header.destinationPort == 80)
    #expect(header.sequence == 0xFFFF_FFF0)
    #expect(header.acknowledgement == 0x0A0B_0C0D)
    #expect(header.length == 32)
    #expect(header.flags == TCPFlags.psh | TCPFlags.ack)
    #expect(header.window == 501)
  }

  @Test func `builds the bytes`() {
    let segment = TCPSegment(
      source: "10.1.0.10:36963", destination: "198.51.100.80:80", seq: 0xFFFF_FFF0, ack: 0x0A0B_0C0D,
      flags: [.psh, .ack], window: 501, options: [.noOperation, .noOperation, .timestamps(value: 5, echo: 6)],
      payload: Array("GET / HTTP/1.0\r\n\r\n".utf8))
    #expect(segment.ipv4(id: 1).ethernet() == Fixed.request)
  }

  @Test(arguments: [0, 4, 6, 15] as [UInt8])
  func `rejects a data offset below 5 or beyond the packet`(_ dataOffset: UInt8) {
    let segment = TCPSegment(source: "10.0.0.1:5", destination: "10.0.0.2:6", dataOffset: dataOffset)
    #expect(decode(segment.ipv4().ethernet(minimumLength: 200)).outcome == .malformed(.transport))
  }

  @Test func `rejects a packet too short for the header`() {
    let short = OpaquePayload(
      source: "10.0.0.1", destination: "10.0.0.2", protocolNumber: 6, bytes: Array(repeating: 0x50, count: 19))
    #expect(decode(short.ipv4().ethernet(minimumLength: 60)).outcome == .malformed(.transport))
  }

  @Test func `goes into the record`() {
    let decoded = decode(Fixed.request)
    #expect(decoded.outcome == .packet)
    #expect(decoded.record.sequence == 0xFFFF_FFF0)
    #expect(decoded.record.acknowledgement == 0x0A0B_0C0D)
    #expect(decoded.record.flags == TCPFlags.psh | TCPFlags.ack)
    #expect(decoded.record.window == 501)
    #expect(decoded.record.timestampValue == 5)
    #expect(decoded.record.timestampEcho == 6)
    #expect(decoded.record.payloadLength == 18)
    #expect(decoded.record.sequenceLength == 18)
    #expect(decoded.record.payloadSum == Checksum.sum(Array("GET / HTTP/1.0\r\n\r\n".utf8)))
    #expect(decoded.marks == [.timestamps, .checksumVerified])
  }

  @Test func `a wrong checksum is seen, and one that cannot be verified is not judged`() {
    var segment = TCPSegment(source: "10.0.0.1:5", destination: "10.0.0.2:6", payload: [1, 2, 3])
    segment.checksum = .wrong
    let frame = segment.ipv4().ethernet()
    #expect(decode(frame).marks == [.checksumVerified, .badChecksum])
    #expect(decode(frame.dropLast(), wireLength: frame.count).marks == .payloadCut)
  }

  @Test func `a header cut by the snap length keeps what is there`() {
    let frame = Fixed.request
    func cut(_ count: Int) -> Decoded { decode(Array(frame.prefix(34 + count)), wireLength: frame.count) }
    #expect(cut(0).marks == .headerCut)
    #expect(cut(0).packet.source == "10.1.0.10:0")
    #expect(cut(2).packet.source.port == 36963)
    #expect(cut(4).packet.destination.port == 80)
    #expect(cut(7).record.sequence == 0)
    #expect(cut(8).record.sequence == 0xFFFF_FFF0)
    #expect(cut(12).record.acknowledgement == 0x0A0B_0C0D)
    #expect(cut(12).record.payloadLength == 0)
    #expect(cut(13).record.payloadLength == 18)
    #expect(cut(14).record.flags == 0x18)
    #expect(cut(16).record.window == 501)
    #expect(cut(20).marks == [.headerCut, .payloadCut])
    #expect(cut(32).marks == [.payloadCut, .timestamps])
    #expect(cut(32).record.digest != 0)
  }

  @Test func `the digest tells payloads of different length apart even if both were cut to the same bytes`() {
    func digest(_ length: Int, captured: Int) -> UInt64 {
      let payload = Array(repeating: 7 as UInt8, count: length)
      let frame = TCPSegment(source: "10.0.0.1:5", destination: "10.0.0.2:6", payload: payload).ipv4().ethernet()
      return decode(Array(frame.prefix(54 + captured)), wireLength: frame.count).record.digest
    }
    #expect(digest(100, captured: 42) == digest(100, captured: 42))
    #expect(digest(100, captured: 42) != digest(101, captured: 42))
    #expect(digest(100, captured: 0) != 0)
    #expect(digest(0, captured: 0) == 0)
  }
}
