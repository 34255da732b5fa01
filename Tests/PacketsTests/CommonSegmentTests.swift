import TestSupport
import Testing

@testable import Packets

@Suite struct CommonSegmentTests {
  @Test func `the decoders of the single headers say the same of a common segment, whatever its bytes and length`() {
    var random = SplitMix64(seed: 20)
    var common = 0
    let rounds = 4000
    for _ in 0..<rounds {
      var packet = Array(Fixed.request.dropFirst(Fixed.ethernet.count)) + random.bytes(Int(random.next() % 40))
      packet[3] = UInt8(packet.count) &- UInt8(random.next() % 4)
      for _ in 0..<random.next() % 3 { packet[Int(random.next() % 56)] = UInt8(truncatingIfNeeded: random.next()) }
      let captured = packet.prefix(Int(random.next() % 4 == 0 ? random.next() % 90 : 200))
      let wireLength = max(captured.count, packet.count - Int(random.next() % 3))

      // It may stand behind a link header, or within a tunnel.
      let before = Int(random.next() % 40)
      var one = DecodedPacket()
      one.tunnels = UInt8(random.next() % 3)
      one.bytesBeyondFrame = random.next() % 8 == 0 ? 7 : 0
      if one.tunnels > 0 { one.record.marks.insert(PacketRecord.Marks(rawValue: 1 << PacketRecord.Marks.tunnelShift)) }
      var other = one
      let frame = random.bytes(before) + captured
      let bytes = frame.span.bytes
      guard one.decodeCommonSegment(bytes, at: before, wireEnd: before + wireLength) else {
        #expect("\(one)" == "\(other)", "nothing is written")
        continue
      }
      common += 1
      #expect(other.decodeIPv4(bytes, at: before, wireEnd: before + wireLength) == .packet)
      #expect("\(one)" == "\(other)")
    }
    #expect(common > rounds / 8 && common < rounds)
  }

  @Test(arguments: [
    (LinkType.ethernet, [UInt8](repeating: 2, count: 12) + [8, 0]),
    (.linuxCooked, [UInt8](repeating: 0, count: 14) + [8, 0]),
    (.linuxCooked2, [8, 0] + [UInt8](repeating: 0, count: 18)),
  ])
  func `a common segment behind a link header is what decoding the whole frame says`(
    _ linkType: LinkType, _ header: [UInt8]
  ) {
    var random = SplitMix64(seed: 21)
    let decoder = PacketDecoder(linkType: linkType)
    var common = 0
    for _ in 0..<2000 {
      var frame = header + Fixed.request.dropFirst(Fixed.ethernet.count) + random.bytes(Int(random.next() % 20))
      for _ in 0..<random.next() % 3 { frame[Int(random.next() % 60)] = UInt8(truncatingIfNeeded: random.next()) }
      frame = Array(frame.prefix(Int(random.next() % 4 == 0 ? random.next() % 90 : 200)))
      let wireLength = frame.count + Int(random.next() % 3) - 1
      var segment = CommonSegment()
      var headers = CommonSegment()
      let isCommon = decoder.decode(frame.span.bytes, wireLength: wireLength, into: &segment)
      #expect(decoder.decodeHeaders(frame.span.bytes, wireLength: wireLength, into: &headers) == isCommon)
      guard isCommon else { continue }
      common += 1
      #expect("\(headers)" == "\(segment.withoutPayload)")
      var packet = DecodedPacket()
      #expect(decoder.decode(frame.span.bytes, wireLength: wireLength, into: &packet) == .packet)
      #expect("\(DecodedPacket(segment))" == "\(packet)")
    }
    #expect(common > 500)
  }

  @Test(arguments: [LinkType.raw, .ppp, .null, LinkType(rawValue: 147)])
  func `frames of other link types have no common segment`(_ linkType: LinkType) {
    var segment = CommonSegment()
    let frame = Fixed.request
    #expect(!PacketDecoder(linkType: linkType).decode(frame.span.bytes, wireLength: frame.count, into: &segment))
  }

  @Test func `a segment without options or with timestamps alone is common, one that opens a connection is not`() {
    func isCommon(_ options: [TCPOption], flags: TCPSegment.Flags = .ack) -> Bool {
      let segment = TCPSegment(
        source: Endpoint(address: IPAddress(v4: 1), port: 2), destination: Endpoint(address: IPAddress(v4: 3), port: 4),
        seq: 5, ack: 6, flags: flags, window: 7, options: options, payload: [8])
      var packet = DecodedPacket()
      let bytes = segment.ipv4().bytes
      return packet.decodeCommonSegment(bytes.span.bytes, at: 0, wireEnd: bytes.count)
    }
    let timestamps: [TCPOption] = [.noOperation, .noOperation, .timestamps(value: 1, echo: 2)]
    #expect(isCommon([]))
    #expect(isCommon(timestamps))
    #expect(!isCommon(timestamps, flags: .syn))
    #expect(!isCommon(timestamps + [.sack([(1, 2)])]))
    #expect(!isCommon(timestamps.reversed()))
  }
}

extension CommonSegment {
  /// What the headers alone say.
  fileprivate var withoutPayload: CommonSegment {
    var segment = self
    segment.record.digest = 0
    segment.record.payloadSum = 0
    segment.record.marks.subtract([.payloadCut, .checksumVerified, .badChecksum])
    return segment
  }
}
