import Packets
import TestSupport
import Testing

@testable import Flows

/// Records that are packed and unpacked again.
@Suite struct PackedRecordTests {
  private static let marks: [PacketRecord.Marks] = [
    [], .timestamps, .badChecksum, .payloadCut, .fragment, .icmpError, .ipv6, .headerCut, .untimed, .captureCopy,
    PacketRecord.Marks(rawValue: 0xFFFE),
  ]
  private static let numbers: [UInt64] = [
    0, 1, 0x7F, 0xFF, 0x100, 0xFFFF, 0x1_0000, 0xFF_FFFF, 0x100_0000, 0x7FFF_FFFF, 0xFFFF_FFFF, 0x1_0000_0000, .max,
  ]

  /// A number at the edge of some length, or any.
  private static func number(_ random: inout SplitMix64) -> UInt64 {
    UInt.random(in: 0..<4, using: &random) == 0
      ? UInt64.random(in: 0 ... .max, using: &random) : numbers.randomElement(using: &random) ?? 0
  }

  /// A record of which each field is as it was in another one, or what no capture would have.
  private static func record(like last: PacketRecord, changing: Int, _ random: inout SplitMix64) -> PacketRecord {
    var record = last
    func change<Field: FixedWidthInteger>(_ field: WritableKeyPath<PacketRecord, Field>, _ random: inout SplitMix64) {
      if Int.random(in: 0..<100, using: &random) >= changing { return }
      record[keyPath: field] = Field(truncatingIfNeeded: number(&random))
    }
    change(\.timeNS, &random)
    change(\.digest, &random)
    change(\.frame, &random)
    for field: WritableKeyPath<PacketRecord, UInt32> in [
      \.sequence, \.acknowledgement, \.payloadLength, \.timestampValue, \.timestampEcho, \.sackLeft, \.sackRight,
    ] { change(field, &random) }
    for field: WritableKeyPath<PacketRecord, UInt16> in [\.ipID, \.window, \.payloadSum] { change(field, &random) }
    for field: WritableKeyPath<PacketRecord, UInt8> in [\.flags, \.ttl, \.trafficClass, \.sackBlocks] {
      change(field, &random)
    }
    if Int.random(in: 0..<100, using: &random) < changing { record.marks = marks.randomElement(using: &random) ?? [] }
    if Bool.random(using: &random) {
      record.marks.insert(.fromClient)
    } else {
      record.marks.remove(.fromClient)
    }
    return record
  }

  private static func bytes(_ record: PacketRecord) -> [UInt8] { withUnsafeBytes(of: record) { Array($0) } }

  private static func unpacked(_ store: RecordStore, _ line: UInt32, _ connection: Int, _ count: Int) -> [PacketRecord]
  {
    Array(ConnectionRecords(RecordUnpacker(store, firstLine: line, connection: connection, count: count)))
  }

  private static func skimmed(_ store: RecordStore, _ line: UInt32, _ count: Int, atOnce: Int) -> [PacketGlance] {
    var skimmer = RecordSkimmer(store, firstLine: line, count: count)
    var some = [PacketGlance](repeating: PacketGlance(), count: atOnce)
    var all: [PacketGlance] = []
    while true {
      let taken = skimmer.skim(into: &some)
      if taken == 0 { return all }
      all += some.prefix(taken)
    }
  }

  @Test(arguments: [0, 2, 20, 100])
  func `records are unpacked as they were packed, whatever is in them`(_ changing: Int) {
    var random = SplitMix64(seed: UInt64(changing))
    let store = RecordStore()
    var packers = [RecordPacker](repeating: RecordPacker(), count: 3)
    var lines = [UInt32?](repeating: nil, count: 3)
    var packed = [[PacketRecord]](repeating: [], count: 3)
    // Three connections that take turns, of which one is long enough for blocks of every length.
    for _ in 0..<30_000 {
      let connection = [0, 0, 0, 0, 0, 0, 0, 1, 1, 2].randomElement(using: &random) ?? 0
      var record = Self.record(like: packed[connection].last ?? PacketRecord(), changing: changing, &random)
      record.connection = UInt32(connection)
      if let line = packers[connection].pack(record, in: store) {
        #expect(lines[connection] == nil)
        lines[connection] = line
      }
      packed[connection].append(record)
    }
    for connection in 0..<3 {
      guard let line = lines[connection] else { continue }
      let unpacked = Self.unpacked(store, line, connection, packed[connection].count)
      let wrong = zip(unpacked, packed[connection]).enumerated().first { Self.bytes($1.0) != Self.bytes($1.1) }
      #expect(unpacked.count == packed[connection].count)
      #expect(wrong == nil)
      for atOnce in [1, 7, 256] {
        let skimmed = Self.skimmed(store, line, unpacked.count, atOnce: atOnce)
        #expect(skimmed == packed[connection].map(PacketGlance.init))
      }
      for most in [0, 1, 2, 17, 500] where most <= unpacked.count {
        let few = Self.unpacked(store, line, connection, most)
        #expect(few.map(Self.bytes) == packed[connection].prefix(most).map(Self.bytes))
      }
    }
    #expect(store.failure == nil)
  }

  @Test(arguments: [0, 1])
  func `a copy is marked where it lies, and no other record with it`(_ sides: Int) {
    var random = SplitMix64(seed: 7)
    let store = RecordStore()
    var packer = RecordPacker()
    var packed: [PacketRecord] = []
    var first: UInt32?
    for number in 0..<500 {
      var record = Self.record(like: packed.last ?? PacketRecord(), changing: 5, &random)
      record.marks.remove(.captureCopy)
      if sides == 0 { record.marks.insert(.fromClient) }
      record.connection = 9
      first = packer.pack(record, in: store) ?? first
      if number % 3 == 1 { record.marks.insert(.captureCopy) }
      packed.append(record)
    }
    guard let first else { return }
    var records = ConnectionRecords(RecordUnpacker(store, firstLine: first, connection: 9, count: 500)).makeIterator()
    var number = 0
    while records.next() != nil {
      if number % 3 == 1 { store.markCopy(at: records.unpacker.last) }
      number += 1
    }
    #expect(Self.unpacked(store, first, 9, 500).map(Self.bytes) == packed.map(Self.bytes))
    #expect(Self.skimmed(store, first, 500, atOnce: 64) == packed.map(PacketGlance.init))
  }

  @Test func `no record is longer than what there is room for, and one that goes on where the last one ended is short`()
  {
    withUnsafeTemporaryAllocation(byteCount: PackedRecord.mostBytes + PackedRecord.slack, alignment: 1) { room in
      guard let start = room.baseAddress else { return }
      var random = SplitMix64(seed: 3)
      var expected = ExpectedPacket()
      var record = PacketRecord()
      for _ in 0..<20_000 {
        record = Self.record(like: record, changing: 80, &random)
        let afterNS = Self.number(&random)
        let length = expected.pack(
          record, afterNS: afterNS, afterFrames: UInt32(truncatingIfNeeded: afterNS), to: start)
        #expect(length <= PackedRecord.mostBytes && length >= PackedRecord.controlLength + 3)
      }
      record.flags = TCPFlags.ack
      record.marks = .timestamps
      (record.sackLeft, record.sackRight, record.sackBlocks) = (0, 0, 0)
      _ = expected.pack(record, afterNS: 0, afterFrames: 1, to: start)
      record.sequence &+= record.sequenceLength
      record.ipID &+= 1
      record.timestampValue &+= 3
      (record.digest, record.payloadSum) = (.max, .max)
      #expect(expected.pack(record, afterNS: 40_000, afterFrames: 200, to: start) == 3 + 2 + 1 + 1 + 8 + 2)
    }
  }

  @Test(arguments: [1, 3, 4, 5, 8, 9, 63, 64, 65, 127, 128, 129, 255, 256, 257, 1000, 4095, 4096, 4097, 6000])
  func `the records of connections that take turns are each connection's own`(_ count: Int) {
    let packets = (0..<2 * count).map { number in
      UDPDatagram(source: Endpoint(address: "10.0.0.1", port: UInt16(1000 + number % 2)), destination: server).ip()
    }
    let seen = traffic(packets)
    for connection in 0..<2 {
      let frames = seen.packets(of: connection).map { Int($0.frame) }
      #expect(frames == Array(stride(from: connection + 1, through: 2 * count, by: 2)))
      #expect(seen.packets(of: connection).allSatisfy { $0.connection == UInt32(connection) })
      for most in [0, 1, count / 2, count, count + 1] {
        #expect(seen.packets(of: connection, most: most).map { Int($0.frame) } == Array(frames.prefix(most)))
      }
    }
  }

  @Test func `a fragment that waited for its first one lies where it was captured`() {
    let pieces = UDPDatagram(source: client, destination: server, payload: Array(repeating: 1, count: 100))
      .ipv4(id: 7).fragments(of: 48)
    let whole = UDPDatagram(source: client, destination: server, payload: [1]).ipv4(id: 8)
    let seen = traffic([whole, pieces[2], whole, pieces[1], whole, pieces[0], whole])
    #expect(seen.places(of: 0) == [0, 1, 2, 3, 4, 5, 6])
  }

  @Test func `packing goes on in a store that has no room, and the store says so`() {
    let store = RecordStore(memoryBudget: .max, mostChunks: 1)
    var random = SplitMix64(seed: 11)
    var packers = [RecordPacker](repeating: RecordPacker(), count: 40)
    for number in 0..<120_000 {
      _ = packers[number % 40].pack(Self.record(like: PacketRecord(), changing: 100, &random), in: store)
    }
    #expect(store.failure == .tooManyPackets(most: 65_536))
  }
}

extension PacketGlance {
  fileprivate init(_ record: PacketRecord) {
    self.init()
    timeNS = record.timeNS
    frame = record.frame
    marks = record.marks
  }
}
