import Packets
import TestSupport
import Testing

@testable import Flows

/// Fragments that came before the first one of their datagram, whose connection is packed anew.
@Suite struct LateFragmentStoreTests {
  private static let pieces = UDPDatagram(source: client, destination: server, payload: Array(repeating: 1, count: 100))
    .ipv4(id: 7).fragments(of: 48)

  /// One datagram comes last piece first; then so many others of its flow.
  private static func build(_ count: Int, store: RecordStore) -> PointTraffic {
    var builder = PointBuilder(store)
    let decoder = PacketDecoder(linkType: .ethernet)
    let whole = UDPDatagram(source: client, destination: server, payload: [1]).ipv4(id: 8).ethernet()
    let frames = [whole, pieces[2].ethernet(), whole, pieces[0].ethernet()]
    for number in 0..<count {
      let frame = number < frames.count ? frames[number] : whole
      builder.add(
        timeNS: Int64(number) * 1000, frame: UInt32(number + 1), wireLength: frame.count, bytes: frame.span.bytes,
        decoder: decoder)
    }
    return builder.finish()
  }

  @Test(arguments: [4, 5, 70_000, 140_000])
  func `however long the connection, each record lies where it was captured`(_ count: Int) {
    let seen = Self.build(count, store: RecordStore())
    #expect(seen.places(of: 0) == Array(0..<count))
  }

  @Test func `a store that has no room for packing anew says so, and nothing is read of it`() async {
    await #expect(processExitsWith: .success) {
      let store = RecordStore(memoryBudget: .max, mostChunks: 1)
      // What is left is less than the connection takes.
      for _ in 0..<24 { _ = store.open(lines: BlockShape.longest) }
      let seen = Self.build(150_000, store: store)
      precondition(seen.records.failure == .tooManyPackets(most: 65_536))
    }
  }
}
