import Packets
import TestSupport
import Testing

@Suite struct DamagedFrameTests {
  /// Frames that between them reach every header that the decoder knows.
  static let frames: [[UInt8]] = {
    let v4 = TCPSegment(
      source: "10.0.0.1:5", destination: "10.0.0.2:6",
      options: [.noOperation, .sack([(1, 2), (3, 4)]), .timestamps(value: 1, echo: 2)], payload: SplitMix64.bytes(40))
    let v6 = UDPDatagram(source: "[fd00::1]:5", destination: "[fd00::2]:6", payload: SplitMix64.bytes(40))
    let routed = v6.ipv6(extensions: [.hopByHop(), .routing(segmentsLeft: 1), .authentication, .destinationOptions()])
    return Fixed.all + [
      v4.ipv4(options: [131, 7, 4, 10, 0, 0, 9, 0]).ethernet(vlans: [1, 2], mpls: [3, 4]),
      v4.ipv4().pppoeEthernet(), routed.ethernet(),
      ICMPMessage.error(from: "fd00::9", type: 1, about: routed, quotedBytes: 120).ipv6().ethernet(),
      v6.ipv6(extensions: [.fragment(offset: 0, more: true, id: 1)]).ethernet(),
      v4.ipv4().fragments(of: 24)[0].ethernet(), v4.ipv4().fragments(of: 24)[1].ethernet(),
    ]
  }()

  static let linkTypes = (0...300).map { LinkType(rawValue: $0) }.filter(PacketDecoder.supports)

  @Test(arguments: frames.indices)
  func `a frame cut at any byte never claims more than it has`(_ index: Int) {
    let frame = Self.frames[index]
    let whole = decode(frame)
    #expect(whole.outcome == .packet)
    var sawPacket = false
    for count in 0..<frame.count {
      let cut = decode(Array(frame.prefix(count)), wireLength: frame.count)
      switch cut.outcome {
      case .packet:
        sawPacket = true
        #expect(cut.packet.source.address == whole.packet.source.address)
        #expect(!cut.marks.contains(.checksumVerified))
        #expect(cut.marks.contains(.payloadCut) || cut.marks.contains(.headerCut), "\(count) bytes")
        #expect(cut.record.payloadLength == whole.record.payloadLength || cut.marks.contains(.headerCut))
        #expect([0, whole.packet.source.port].contains(cut.packet.source.port))
        #expect([0, whole.record.sequence].contains(cut.record.sequence))
      case .malformed(let layer):
        #expect(!sawPacket, "\(count) bytes are worse than fewer")
        #expect(layer != .transport)
      case .notIP: Issue.record("\(count) bytes are taken for another protocol")
      }
    }
    #expect(sawPacket)
  }

  @Test(arguments: frames.indices, [0, 1, 4, 0x0F, 0x7F, 0x80, 0xFE, 0xFF] as [UInt8])
  func `whatever any byte of a header says, lengths stay within the frame or are said to lie beyond it`(
    _ index: Int, _ value: UInt8
  ) {
    for place in Self.frames[index].indices {
      var frame = Self.frames[index]
      frame[place] = value
      let decoded = decode(frame)
      guard decoded.outcome == .packet else { continue }
      let most = frame.count + Int(decoded.packet.bytesBeyondFrame)
      #expect(Int(decoded.record.payloadLength) <= most, "byte \(place)")
      #expect(decoded.record.sackBlocks <= 4 && decoded.packet.tunnels <= 8, "byte \(place)")
    }
  }

  @Test func `random bytes never trap`() {
    var random = SplitMix64(seed: 3)
    var outcomes: Set<DecodeOutcome> = []
    for _ in 0..<50_000 {
      let bytes = random.bytes(Int(random.next() % 120))
      let linkType = Self.linkTypes[Int(random.next() % UInt64(Self.linkTypes.count))]
      outcomes.insert(decode(bytes, as: linkType, wireLength: Int(truncatingIfNeeded: random.next())).outcome)
    }
    #expect(outcomes.isSuperset(of: [.malformed(.link), .malformed(.network)]))
  }

  @Test func `damaged headers of the rarer link types never trap`() {
    var random = SplitMix64(seed: 5)
    let cases = LinkFramingTests.cases + LinkFramingTests.unnamed
    var packets = 0
    for round in 0..<60_000 {
      let item = cases[round % cases.count]
      var frame = item.frame
      for _ in 0...random.next() % 3 {
        frame[Int(random.next() % UInt64(frame.count))] = UInt8(truncatingIfNeeded: random.next())
      }
      if random.next() % 3 == 0 { frame.removeLast(Int(random.next() % UInt64(frame.count))) }
      if decode(frame, as: item.linkType).outcome == .packet { packets += 1 }
    }
    #expect(packets > 5000)
  }

  @Test func `damaged frames never trap, and lengths stay within what IP can say`() {
    var random = SplitMix64(seed: 4)
    var packets = 0
    var malformed: Set<DecodeOutcome> = []
    for _ in 0..<100_000 {
      var frame = Self.frames[Int(random.next() % UInt64(Self.frames.count))]
      for _ in 0...random.next() % 4 {
        // Headers matter most, so damage is there.
        frame[Int(random.next() % UInt64(min(frame.count, 110)))] = UInt8(truncatingIfNeeded: random.next())
      }
      if random.next() % 4 == 0 { frame.removeLast(Int(random.next() % UInt64(frame.count))) }
      let wireLength = frame.count + Int(random.next() % 2000)
      let decoded = decode(frame, wireLength: wireLength)
      if decoded.outcome == .packet {
        packets += 1
        #expect(decoded.record.payloadLength <= 65_535)
        #expect(decoded.record.sackBlocks <= 4)
        #expect(!decoded.marks.contains(.badChecksum) || decoded.marks.contains(.checksumVerified))
        #expect(!decoded.marks.contains(.checksumVerified) || !decoded.marks.contains(.payloadCut))
      } else if case .malformed = decoded.outcome {
        malformed.insert(decoded.outcome)
      }
    }
    #expect(packets > 10_000)
    #expect(malformed == [.malformed(.link), .malformed(.network), .malformed(.transport)])
  }

  @Test func `a flipped bit of the segment breaks its checksum`() {
    let segment = 34..<Fixed.request.count
    for offset in segment where offset != 46 {
      var frame = Fixed.request
      frame[offset] ^= 0x10
      #expect(decode(frame).marks.contains([.checksumVerified, .badChecksum]), "byte \(offset)")
    }
  }
}
