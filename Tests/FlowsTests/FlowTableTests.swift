import Packets
import TestSupport
import Testing

@testable import Flows

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

  /// Endpoints that a hash without a key puts together: sums, differences and products of their parts are the same.
  @Test(
    arguments: [
      { number in
        (Endpoint(address: IPAddress(high: 7 + UInt64(number), low: 9), port: 60_000 - number), "[fd00::2]:80")
      },
      { number in
        (
          Endpoint(address: "10.0.0.1", port: 1000 + number), Endpoint(address: "10.0.0.2", port: 60_000 - number)
        )
      },
      { number in
        let odd: UInt64 = 0x9E37_79B9_7F4A_7C15
        return (
          Endpoint(address: IPAddress(high: 0, low: UInt64(number) &* odd), port: number),
          Endpoint(address: IPAddress(high: 0, low: 0 &- UInt64(number) &* odd), port: 0 &- number)
        )
      },
    ] as [@Sendable (UInt16) -> (Endpoint, Endpoint)])
  func `chosen endpoints do not share their place`(_ choose: @Sendable (UInt16) -> (Endpoint, Endpoint)) {
    let table = FlowTable()
    let places = Set(
      (UInt16(0)..<20_000).map { number in
        let (one, other) = choose(number)
        return table.hash(one, other, transport: 6) & 0xFFFF_FFFF
      })
    // Of so many random numbers of 32 bits hardly two are equal.
    #expect(places.count > 19_990)
  }

  @Test func `both directions have one hash, and each table another`() {
    let (table, other) = (FlowTable(), FlowTable())
    #expect(table.hash(client, server, transport: 6) == table.hash(server, client, transport: 6))
    #expect(table.hash(client, server, transport: 6) != other.hash(client, server, transport: 6))
  }
}
