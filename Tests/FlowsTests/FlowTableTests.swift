import Flows
import Packets
import TestSupport
import Testing

@Suite struct FlowTableTests {
  @Test func `more than a hundred thousand connections are all found again`() {
    let count = 110_000
    var builder = PointBuilder()
    var frame = TCPSegment(source: "10.0.0.0:1000", destination: "198.51.100.80:80", seq: 1, flags: .ack)
      .ipv4().ethernet()
    let decoder = PacketDecoder(linkType: .ethernet)
    for round in 0..<2 {
      for connection in 0..<count {
        // The lower bytes of the source address, and of its port.
        frame[28] = UInt8(connection >> 16 & 0xFF)
        frame[29] = UInt8(connection >> 8 & 0xFF)
        frame[35] = UInt8(connection & 0xFF)
        builder.add(
          timeNS: Int64(connection), frame: UInt32(round * count + connection + 1), wireLength: frame.count,
          bytes: frame.span.bytes, decoder: decoder)
      }
    }
    let seen = builder.finish()
    #expect(seen.connections.count == count)
    #expect(seen.connections.allSatisfy { $0.packets == 2 })
    let connections = seen.connectionOfEach
    #expect((0..<count).allSatisfy { connections[$0] == connections[count + $0] })
    #expect((0..<count).allSatisfy { seen.places(of: $0) == [$0, count + $0] })
  }

  @Test func `the newest of many connections on one pair of endpoints gets the packets`() {
    let reuses: UInt32 = 3000
    let packets = (1...reuses).flatMap { time in
      [fromClient(.syn, seq: time * 100_000), fromClient(.ack, seq: time * 100_000 + 1)]
    }
    let seen = traffic(packets)
    #expect(seen.connections.count == Int(reuses))
    #expect(seen.connectionOfEach == (0..<reuses).flatMap { [$0, $0] })
  }
}
