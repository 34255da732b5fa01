import Packets
import StreamAnalysis
import TestSupport
import Testing

struct StreamAnalyserTests {
  private func streams(_ exchange: Exchange) -> [Int?] { exchange.said.map { $0.map { Int($0.stream) } } }

  @Test func `streams are numbered as they come, whichever way`() {
    var exchange = Exchange()
    exchange.b(5001)
    exchange.add(TCPSegment(source: "10.0.0.3:1", destination: "10.0.0.4:2").ipv4())
    exchange.a(1001)
    exchange.add(TCPSegment(source: "10.0.0.4:2", destination: "10.0.0.3:1").ipv4())
    #expect(streams(exchange) == [0, 1, 0, 1])
  }

  @Test func `a SYN with another number opens another stream, to which the ports belong from then on`() {
    var exchange = Exchange()
    exchange.open()
    exchange.a(.syn, 77_000, ack: 0)
    exchange.b([.syn, .ack], 88_000, ack: 77_001)
    #expect(streams(exchange) == [0, 0, 0, 1, 1])
    #expect(exchange.lastFlags == [])
  }

  @Test func `many streams are told apart`() {
    var exchange = Exchange()
    for round in 0..<2 {
      for port in 1...3000 as ClosedRange<UInt16> {
        exchange.add(
          TCPSegment(
            source: Endpoint(address: "10.0.0.3", port: port), destination: "10.0.0.4:80",
            seq: 1 + UInt32(round) * 10, payload: Array(repeating: 1, count: 10)
          ).ipv4())
      }
    }
    #expect(streams(exchange) == Array(0..<3000) + Array(0..<3000))
    #expect(!exchange.flags.contains { !$0.isEmpty })
  }

  @Test func `what is not TCP has no stream`() {
    var exchange = Exchange()
    exchange.add(UDPDatagram(source: Exchange.a, destination: Exchange.b).ipv4())
    exchange.a(1001)
    #expect(streams(exchange) == [nil, 0])
  }

  @Test func `a segment quoted in an ICMP error belongs to its stream and is not analysed`() {
    let segment = TCPSegment(source: Exchange.a, destination: Exchange.b, seq: 1001, payload: [1, 2, 3]).ipv4()
    var exchange = Exchange()
    exchange.a(1001, len: 3)
    exchange.add(
      ICMPMessage.error(from: "10.9.9.9", type: 3, code: 1, about: segment, quotedBytes: 60).ipv4())
    exchange.add(ICMPMessage.error(from: "10.9.9.9", type: 3, code: 1, about: segment).ipv4())
    exchange.a(1004, len: 3)
    #expect(streams(exchange) == [0, 0, nil, 0])
    #expect(!exchange.flags.contains { !$0.isEmpty })
  }

  @Test func `fragments are not analysed`() {
    var packet = TCPSegment(source: Exchange.a, destination: Exchange.b, seq: 1001, payload: [1, 2, 3]).ipv4()
    packet.moreFragments = true
    var exchange = Exchange()
    exchange.add(packet)
    #expect(streams(exchange) == [nil])
  }

  @Test func `a length in the IP header that goes beyond the frame does not count`() {
    var packet = TCPSegment(
      source: Exchange.a, destination: Exchange.b, seq: 1001, ack: 5001, payload: Array(repeating: 1, count: 62)
    ).ipv4()
    packet.totalLength = 1500
    var exchange = Exchange()
    exchange.add(packet)
    exchange.a(1063, len: 10)
    exchange.a(2461, len: 10)
    #expect(exchange.flags == [[], [], .lostSegment])
  }

  @Test func `a header that ends before its flags cannot be analysed`() {
    let packet = TCPSegment(source: Exchange.a, destination: Exchange.b, seq: 1001, payload: [1, 2, 3]).ipv4()
    var exchange = Exchange()
    exchange.add(packet)
    var decoded = DecodedPacket()
    let cut = Array(packet.bytes.prefix(30))
    _ = PacketDecoder(linkType: .raw).decode(cut.span.bytes, wireLength: packet.bytes.count, into: &decoded)
    var analyser = StreamAnalyser()
    let said = analyser.add(decoded)
    #expect(said == nil)
    #expect(streams(exchange) == [0])
  }

  @Test func `of a common segment the same is said as of the packet decoded header by header`() {
    var random = SplitMix64(seed: 31)
    let decoder = PacketDecoder(linkType: .ethernet)
    var (one, other) = (StreamAnalyser(), StreamAnalyser())
    var (segment, packet) = (CommonSegment(), DecodedPacket())
    var (common, flagged) = (0, 0)
    for frame in 1...20_000 as ClosedRange<UInt32> {
      // Few ports, numbers that go on slowly, and now and then an opening.
      let client = Endpoint(address: "10.0.0.9", port: UInt16(1000 + random.next() % 40))
      let server = Endpoint(address: random.next() % 2 == 0 ? "10.0.0.1" : "198.51.100.80", port: 80)
      let fromClient = random.next() % 2 == 0
      let flags: TCPSegment.Flags = random.next() % 50 == 0 ? (fromClient ? .syn : [.syn, .ack]) : .ack
      let bytes = TCPSegment(
        source: fromClient ? client : server, destination: fromClient ? server : client,
        seq: frame / 100 + UInt32(random.next() % 8), ack: frame / 100 + UInt32(random.next() % 8), flags: flags,
        window: 500, payload: Array(repeating: 1, count: Int(random.next() % 4))
      ).ipv4().ethernet()
      #expect(decoder.decode(bytes.span.bytes, wireLength: bytes.count, into: &packet) == .packet)
      packet.record.timeNS = Int64(frame) * 100_000
      packet.record.frame = frame
      let expected = other.add(packet)
      let said: StreamAnalyser.Said?
      if decoder.decodeHeaders(bytes.span.bytes, wireLength: bytes.count, into: &segment) {
        common += 1
        segment.record.timeNS = Int64(frame) * 100_000
        segment.record.frame = frame
        said = one.add(segment)
      } else {
        said = one.add(packet)
      }
      if expected?.analysis.flags.isEmpty == false { flagged += 1 }
      guard "\(said as Any)" == "\(expected as Any)" else {
        Issue.record("frame \(frame): \(said as Any), not \(expected as Any)")
        return
      }
    }
    #expect(one.count == other.count && one.count > 100)
    #expect(common > 15_000 && flagged > 5000)
  }
}
