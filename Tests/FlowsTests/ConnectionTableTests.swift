import Packets
import TestSupport
import Testing

@testable import Flows

/// The connections of a point in memory that grows.
@Suite struct ConnectionTableTests {
  private func connection(_ number: Int) -> PointConnection {
    PointConnection(
      transport: TransportProtocol.tcp, orientation: .syn, firstNS: Int64(number), lastNS: Int64(number) * 3,
      client: Endpoint(address: IPAddress(v4: UInt32(number)), port: 1), server: Endpoint(address: "10.0.0.1", port: 2))
  }

  @Test(arguments: [0, 1, 75, 76, 1000, 60_000])
  func `connections are as they were added and changed, however many follow`(_ count: Int) {
    let table = ConnectionTable()
    for number in 0..<count {
      table.append(connection(number))
      table[at: number / 2].clientSide.packets += 1
    }
    #expect(table.count == count && table.isEmpty == (count == 0) && table.indices == 0..<count)
    for (number, connection) in table.enumerated() {
      #expect(connection.firstNS == Int64(number) && connection.lastNS == Int64(number) * 3)
      #expect(connection.client.address == IPAddress(v4: UInt32(number)))
      #expect(connection.clientSide.packets == UInt32(max(0, min(count, 2 * number + 2) - 2 * number)))
    }
  }
}
