import Packets
import Testing

@testable import Correlation

@Suite struct DatagramJoinTests {
  private func joined(_ up: [(Int64, UInt32)], _ down: [(Int64, UInt32)]) -> [Transmission] {
    func datagrams(_ place: Int32, _ all: [(Int64, UInt32)]) -> [Transmission] {
      all.map { time, length in
        var record = PacketRecord()
        record.timeNS = time
        record.payloadLength = length
        return Transmission(record: record, place: place, offset: 0, ackOffset: 0, sackOffset: 0)
      }
    }
    let (one, other) = (datagrams(0, up), datagrams(1, down))
    var trace = DirectionTrace(
      path: [0, 1], transmissions: TransmissionBuffer(one + other),
      ranges: [0..<one.count, one.count..<one.count + other.count],
      isTCP: false)
    DatagramJoin(usualDelta: 1000).join(
      &trace, up: one.indices.map(Int32.init), down: other.indices.map { Int32($0 + one.count) })
    return (0..<trace.transmissions.count).map { trace.transmissions[$0] }
  }

  @Test func `datagrams that a card merged are found in the large one`() {
    let found = joined([(0, 1200), (10, 1200), (20, 1200), (30, 300)], [(1030, 3900)])
    #expect(found[..<4].allSatisfy { $0.next == 4 })
    #expect(found[4].previous == 0 && found[4].link == .range)
  }

  @Test func `a datagram that a card cut is found in its parts`() {
    let found = joined([(0, 2500)], [(1000, 1000), (1001, 1000), (1002, 500)])
    #expect(found[0].next == 1 && found[0].bytesFound == 2500)
    #expect(found[1...].allSatisfy { $0.previous == 0 })
  }

  @Test(
    arguments: [
      [(0, 1200), (10, 1100)], [(0, 1200)], [(0, 1200), (500_000_000, 1200)], [(0, 1150), (10, 1250)],
    ] as [[(Int64, UInt32)]])
  func `datagrams that do not make up the large one are not in it`(_ sent: [(Int64, UInt32)]) {
    #expect(joined(sent, [(1010, 2400)]).allSatisfy { $0.next < 0 && $0.previous < 0 })
  }
}
