import Packets
import TestSupport
import Testing

@testable import Flows

@Suite struct RecordStoreTests {
  /// More than two chunks of 4 MiB, each record with a number of its own.
  private static let count = 600_000

  private static func build(memoryBudget: Int) -> PointTraffic {
    var builder = PointBuilder(memoryBudget: memoryBudget)
    var frame = fromClient(.ack, payload: 4).ethernet()
    let decoder = PacketDecoder(linkType: .ethernet)
    for number in 0..<count {
      // The sequence number.
      for byte in 0..<4 { frame[38 + byte] = UInt8(truncatingIfNeeded: number >> (24 - 8 * byte)) }
      builder.add(
        timeNS: Int64(number) * 1000, frame: UInt32(number + 1), wireLength: frame.count, bytes: frame.span.bytes,
        decoder: decoder)
    }
    return builder.finish()
  }

  @Test(arguments: [0, 1, 64 << 16, 5 << 20, .max])
  func `records are the same wherever they are kept`(_ memoryBudget: Int) {
    let seen = Self.build(memoryBudget: memoryBudget)
    #expect(seen.captured.count == Self.count)
    let captured = seen.captured
    let wrong = captured.indices.first { number in
      let record = captured[number]
      return record.sequence != UInt32(number) || record.frame != UInt32(number + 1)
        || record.timeNS != Int64(number) * 1000 || record.payloadLength != 4
    }
    #expect(wrong == nil)
  }

  @Test func `copies are marked in a store that was spilled`() {
    let frames = (0..<100).flatMap { number -> [CapturedFrame] in
      let frame = fromClient(.ack, seq: UInt32(number), payload: 4, id: UInt16(number + 1)).ethernet()
      return [0, 2000].map { CapturedFrame(timeNS: Int64(number) * 5_000_000 + $0, bytes: frame) }
    }
    let seen = traffic(frames, memoryBudget: 0)
    #expect(seen.copies == (0..<100).map { $0 * 2 + 1 })
  }

  @Test func `the records of a connection are in the order of capture`() {
    let packets = (0..<30).map { number in
      UDPDatagram(source: Endpoint(address: "10.0.0.1", port: UInt16(1000 + number % 3)), destination: server).ip()
    }
    let seen = traffic(packets)
    for connection in 0..<3 {
      #expect(seen.places(of: connection) == Array(stride(from: connection, to: 30, by: 3)))
    }
  }

  @Test func `a store that has given every line says so, and takes what is lost`() {
    let store = RecordStore(memoryBudget: .max, mostChunks: 1)
    let starts = (0..<64).map { _ in store.open(lines: BlockShape.longest) }
    #expect(starts == stride(from: 0, to: 65_536, by: BlockShape.longest).map(UInt32.init))
    #expect(store.failure == nil)
    #expect(store.open(lines: BlockShape.longest) == 0)
    #expect(store.failure == .tooManyPackets(most: 65_536))
  }
}
