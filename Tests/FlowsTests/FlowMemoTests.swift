import Flows
import Packets
import TestSupport
import Testing

/// Segments whose connection is remembered from the one before.
@Suite struct FlowMemoTests {
  @Test func `segments are sorted as those are that take the long way, behind a tag`() {
    var random = SplitMix64(seed: 5)
    let flows = 3000
    var openings = [UInt32](repeating: 0, count: flows)
    let frames = (0..<30_000).map { time in
      let flow = Int(random.next() % UInt64(flows))
      let client = Endpoint(address: IPAddress(v4: 0x0A00_0000 + UInt32(flow % 7)), port: UInt16(1000 + flow))
      let server = Endpoint(address: "198.51.100.80", port: UInt16(80 + flow % 3))
      let fromClient = random.next() % 2 == 0
      let opens = fromClient && random.next() % 4 == 0
      if opens { openings[flow] += 100_000 }
      let segment = TCPSegment(
        source: fromClient ? client : server, destination: fromClient ? server : client, seq: openings[flow],
        flags: opens ? .syn : .ack, payload: [UInt8](repeating: 1, count: Int(random.next() % 3)))
      return CapturedFrame(timeNS: Int64(time) * 1_000_000, bytes: segment.ipv4().ethernet())
    }
    let tagged = frames.map { frame in
      CapturedFrame(timeNS: frame.timeNS, bytes: frame.bytes[..<12] + [0x81, 0, 0, 1] + frame.bytes[12...])
    }
    let (seen, expected) = (traffic(frames), traffic(tagged))
    #expect(seen.connectionOfEach == expected.connectionOfEach)
    #expect(seen.fromClientOfEach == expected.fromClientOfEach)
    #expect(seen.connections.map(\.packets) == expected.connections.map(\.packets))
    #expect(seen.connections.count > flows)
  }

  @Test func `after another opening neither direction is of the connection before`() {
    let seen = traffic([
      fromClient(.syn, seq: 1000), fromServer([.syn, .ack], seq: 5000, ack: 1001), fromClient(.ack, seq: 1001),
      fromServer(.ack, seq: 5001, payload: 9), fromClient(.syn, seq: 90_000), fromServer(.ack, seq: 70_000),
      fromClient(.ack, seq: 90_001),
    ])
    #expect(seen.connectionOfEach == [0, 0, 0, 0, 1, 1, 1])
    #expect(seen.fromClientOfEach == [true, false, true, false, true, false, true])
  }

  @Test func `an endpoint that speaks to itself is its own client`() {
    let itself = Endpoint(address: "10.0.0.1", port: 5000)
    let flags: [TCPSegment.Flags] = [.syn, [.syn, .ack], .ack, .ack]
    let seen = traffic(
      flags.map { TCPSegment(source: itself, destination: itself, seq: 1000, ack: 1001, flags: $0).ipv4() })
    #expect(Set(seen.connectionOfEach) == [0] && Set(seen.fromClientOfEach) == [true])
  }

  @Test func `a datagram flow between the endpoints of a connection leaves its segments to it`() {
    let (one, other) = (Endpoint(address: "10.0.0.1", port: 5000), Endpoint(address: "10.0.0.2", port: 53))
    let datagram = UDPDatagram(source: other, destination: one).ip()
    func segment(_ flags: TCPSegment.Flags, fromOne: Bool) -> any IPPacket {
      TCPSegment(source: fromOne ? one : other, destination: fromOne ? other : one, seq: 1000, flags: flags).ipv4()
    }
    let seen = traffic([
      segment(.syn, fromOne: true), datagram, segment(.ack, fromOne: false), segment(.ack, fromOne: true), datagram,
    ])
    #expect(seen.connectionOfEach == [0, 1, 0, 0, 1])
    #expect(seen.fromClientOfEach == [true, true, false, true, true])
  }
}
