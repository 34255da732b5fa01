import Packets
import Testing

@testable import Findings
@testable import Flows

/// Connections that one capture holds before and after a translation, told by both initial sequence numbers.
@Suite struct TranslatedTwinsTests {
  /// Connections of these numbers, each from a client of its own, this long after one another.
  private func twins(_ numbers: [(UInt32, UInt32)], apartNS: Int64 = 1_000_000, sameClient: Bool = false) -> Int {
    let connections = numbers.indices.map { index in
      let client = IPAddress(v4: 0x0A00_0001 + UInt32(sameClient ? 0 : index))
      var connection = PointConnection(
        transport: TransportProtocol.tcp, orientation: .syn, firstNS: Int64(index) * apartNS,
        lastNS: Int64(index) * apartNS, client: Endpoint(address: client, port: 40_000),
        server: Endpoint(address: IPAddress(v4: 0xC633_6407), port: 443))
      (connection.clientSide.sawSYN, connection.serverSide.sawSYN) = (true, true)
      (connection.clientSide.initialSequence, connection.serverSide.initialSequence) = numbers[index]
      return connection
    }
    return TranslatedTwins(connections).count
  }

  @Test func `the same two numbers under other addresses are one connection twice`() {
    #expect(twins([(5_000, 9_000), (5_000, 9_000), (7, 8)]) == 1)
  }

  @Test func `one number alone, other numbers, or the same addresses are no sign of it`() {
    #expect(twins([(5_000, 9_000), (5_000, 9_001), (4_999, 9_000)]) == 0)
    #expect(twins([(5_000, 9_000), (5_000, 9_000)], sameClient: true) == 0)
  }

  @Test func `numbers that begin at 0 or 1, come again and again, or come again much later are not random`() {
    #expect(twins([(1, 9_000), (1, 9_000)]) == 0)
    #expect(twins([(5_000, 9_000), (5_000, 9_000), (5_000, 9_000)]) == 0)
    #expect(twins([(5_000, 9_000), (5_000, 9_000)], apartNS: 2_000_000_000) == 0)
  }
}
