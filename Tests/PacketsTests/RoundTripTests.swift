import Packets
import TestSupport
import Testing

@Suite struct RoundTripTests {
  /// A random packet in a random frame, with the values it was made of.
  struct Sample {
    var random: SplitMix64
    var v6: Bool
    var source: Endpoint
    var destination: Endpoint
    var payload: [UInt8]

    init(seed: UInt64) {
      var random = SplitMix64(seed: seed)
      v6 = random.next() % 2 == 0
      source = Self.endpoint(v6: v6, &random)
      destination = Self.endpoint(v6: v6, &random)
      payload = random.bytes(random.next() % 4 == 0 ? 0 : Int(random.next() % 1400))
      self.random = random
    }

    static func endpoint(v6: Bool, _ random: inout SplitMix64) -> Endpoint {
      let address =
        v6
        ? IPAddress(high: 0x2001_0DB8 << 32 | random.next() >> 32, low: random.next())
        : IPAddress(v4: UInt32(truncatingIfNeeded: random.next()))
      return Endpoint(address: address, port: UInt16(truncatingIfNeeded: random.next()))
    }

    mutating func number<Value: FixedWidthInteger>(_ type: Value.Type = Value.self) -> Value {
      Value(truncatingIfNeeded: random.next())
    }

    /// The packet in IP and in one of many link layers; the IP values come back with it.
    mutating func decoded(_ payload: some IPPayload) -> (Decoded, ttl: UInt8, trafficClass: UInt8, id: UInt16) {
      let ttl = number(UInt8.self)
      let trafficClass = number(UInt8.self)
      let id = v6 ? 0 : number(UInt16.self)
      let extensions: [IPv6Extension] = random.next() % 3 == 0 ? [.hopByHop()] : []
      let packet: any IPPacket =
        v6
        ? payload.ipv6(hopLimit: ttl, trafficClass: trafficClass, extensions: extensions)
        : payload.ipv4(id: id, ttl: ttl, trafficClass: trafficClass)
      let result =
        switch random.next() % 6 {
        case 0: decode(packet.ethernet(vlans: [number()], minimumLength: 60))
        case 1: decode(packet.cooked(), as: .linuxCooked)
        case 2: decode(packet.cooked2(), as: .linuxCooked2)
        case 3: decode(packet.bytes, as: .raw)
        case 4: decode(packet.loopback(.big), as: .null)
        default: decode(packet.ethernet(minimumLength: 60))
        }
      return (result, ttl, trafficClass, id)
    }
  }

  @Test func `a random TCP segment comes back as it was built`() {
    for seed in 0..<500 as Range<UInt64> {
      var sample = Sample(seed: seed)
      let flags = sample.number(UInt8.self) & ~TCPFlags.syn
      let (value, echo, left) = (sample.number(UInt32.self), sample.number(UInt32.self), sample.number(UInt32.self))
      let blocks = Int(sample.random.next() % 4)
      var options: [TCPOption] = [.noOperation, .noOperation, .timestamps(value: value, echo: echo)]
      if blocks > 0 { options.append(.sack((0..<blocks).map { (left &+ UInt32($0), left &+ 9) })) }
      let segment = TCPSegment(
        source: sample.source, destination: sample.destination, seq: sample.number(), ack: sample.number(),
        flags: TCPSegment.Flags(rawValue: flags), window: sample.number(), options: options, payload: sample.payload)
      let (decoded, ttl, trafficClass, id) = sample.decoded(segment)
      let record = decoded.record
      #expect(decoded.outcome == .packet)
      #expect(decoded.packet.source == sample.source && decoded.packet.destination == sample.destination)
      #expect(record.sequence == segment.seq && record.acknowledgement == segment.ack)
      #expect(record.flags == flags && record.window == segment.window)
      #expect(record.timestampValue == value && record.timestampEcho == echo)
      #expect(Int(record.sackBlocks) == blocks && record.sackLeft == (blocks > 0 ? left : 0))
      #expect(record.ttl == ttl && record.trafficClass == trafficClass && record.ipID == id)
      expectPayload(decoded, sample.payload)
      #expect(decoded.marks.subtracting(.ipv6) == [.timestamps, .checksumVerified], "seed \(seed)")
    }
  }

  @Test func `a random SYN comes back as it was built`() {
    for seed in 0..<200 as Range<UInt64> {
      var sample = Sample(seed: seed)
      let size = sample.number(UInt16.self) | 1
      let shift = sample.number(UInt8.self) % 15
      let segment = TCPSegment(
        source: sample.source, destination: sample.destination, seq: sample.number(), flags: .syn,
        options: [.maximumSegmentSize(size), .noOperation, .windowScale(shift), .sackPermitted])
      let record = sample.decoded(segment).0.record
      #expect(record.isSYN && record.sequence == segment.seq && record.sequenceLength == 1)
      #expect(record.synOptions.maximumSegmentSize == Int(size))
      #expect(record.synOptions.windowScale == Int(shift))
      #expect(record.synOptions.sackPermitted && !record.synOptions.timestamps)
    }
  }

  @Test func `a random UDP datagram comes back as it was built`() {
    for seed in 1000..<1500 as Range<UInt64> {
      var sample = Sample(seed: seed)
      let datagram = UDPDatagram(source: sample.source, destination: sample.destination, payload: sample.payload)
      let (decoded, ttl, _, id) = sample.decoded(datagram)
      #expect(decoded.outcome == .packet)
      #expect(decoded.packet.source == sample.source && decoded.packet.destination == sample.destination)
      #expect(decoded.record.ttl == ttl && decoded.record.ipID == id)
      expectPayload(decoded, sample.payload)
      #expect(decoded.marks.subtracting(.ipv6) == .checksumVerified, "seed \(seed)")
    }
  }

  @Test func `a random echo comes back as it was built`() {
    for seed in 2000..<2300 as Range<UInt64> {
      var sample = Sample(seed: seed)
      let (identifier, sequence) = (sample.number(UInt16.self), sample.number(UInt16.self))
      let echo = ICMPMessage.echoRequest(
        source: sample.source.address, destination: sample.destination.address, identifier: identifier,
        sequence: sequence, payload: sample.payload)
      let decoded = sample.decoded(echo).0
      #expect(decoded.packet.source == Endpoint(address: sample.source.address, port: identifier))
      #expect(decoded.packet.destination == Endpoint(address: sample.destination.address, port: identifier))
      #expect(decoded.record.sequence == UInt32(sequence))
      expectPayload(decoded, sample.payload)
      #expect(decoded.marks.subtracting(.ipv6) == .checksumVerified, "seed \(seed)")
    }
  }

  func expectPayload(_ decoded: Decoded, _ payload: [UInt8]) {
    #expect(Int(decoded.record.payloadLength) == payload.count)
    #expect(decoded.record.payloadSum == Checksum.sum(payload))
    #expect((decoded.record.digest == 0) == payload.isEmpty)
    #expect(decoded.marks.contains(.ipv6) == !decoded.packet.source.address.isV4)
  }
}
