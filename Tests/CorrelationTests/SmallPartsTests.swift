import Matching
import Packets
import TestSupport
import Testing
import Verdicts

@testable import Correlation

@Suite struct SizeTests {
  @Test func `what there are millions of stays small`() {
    #expect(MemoryLayout<Transmission>.stride == 112)
    #expect(MemoryLayout<PacketEvent>.stride == 104)
    #expect(MemoryLayout<FieldRewrite>.stride == 72)
  }

  @Test func `a record is unpacked to where a transmission begins`() {
    #expect(MemoryLayout<Transmission>.offset(of: \.record) == 0)
  }
}

@Suite struct SequenceUnwrappingTests {
  @Test(arguments: [
    (0 as UInt32, 0 as Int64, 0 as Int64), (5, 0, 5), (.max, 0, -1), (10, 0xFFFF_FFFF, 0x1_0000_000A),
    (0xFFFF_FFF0, 0x1_0000_0005, 0xFFFF_FFF0), (0, 0x2_0000_0000, 0x2_0000_0000), (0x7FFF_FFFF, 0, 0x7FFF_FFFF),
    (0x8000_0000, 0, -0x8000_0000),
  ])
  func `an offset is taken for the nearest with its lower bits`(_ offset: UInt32, _ near: Int64, _ expected: Int64) {
    #expect(Unwrapping.unwrap(offset, near: near) == expected)
  }
}

@Suite struct TransmissionTests {
  @Test func `the edge of a SACK block is kept however far it and the acknowledgement were unwrapped apart`() {
    var random = SplitMix64(seed: 3)
    for _ in 0..<1000 {
      // Both lie within 2³¹ of what had been acknowledged; at this point numbers begin at `base`.
      let acknowledged = Int64(random.next() % (1 << 36))
      let base = UInt32(truncatingIfNeeded: random.next())
      let ack = acknowledged - 1 << 31 + Int64(random.next() % (1 << 32))
      let left = acknowledged - 1 << 31 + Int64(random.next() % (1 << 32))
      var record = PacketRecord()
      record.acknowledgement = UInt32(truncatingIfNeeded: ack) &+ base
      record.sackLeft = UInt32(truncatingIfNeeded: left) &+ base
      record.sackBlocks = 1
      let kept = Transmission(record: record, place: 0, offset: 0, ackOffset: ack, sackOffset: left)
      #expect(kept.sackOffset == left && kept.ackOffset == ack)
    }
  }

  @Test func `how sure a link is is kept to within a thousandth of a hundredth`() {
    var transmission = Transmission(record: PacketRecord(), place: 0, offset: 0, ackOffset: 0, sackOffset: 0)
    #expect(transmission.linkConfidence == 1)
    for hundredths in 0...100 {
      transmission.linkConfidence = Double(hundredths) / 100
      #expect(abs(transmission.linkConfidence - Double(hundredths) / 100) < 0.00001)
    }
  }
}

@Suite struct FeatureSurvivalTests {
  @Test(arguments: [
    (agreed: 2, seen: 2, certain: false, unchanged: true), (8, 8, true, true), (7, 8, false, false),
    (998, 999, false, false), (999, 1000, true, true), (1990, 2000, false, false), (76_799, 76_800, true, true),
  ])
  func `one wrong pair in a thousand does not show that a field changes`(
    _ agreed: Int, _ seen: Int, _ certain: Bool, _ unchanged: Bool
  ) {
    let count = FeatureSurvival.Count(agreed: agreed, seen: seen)
    #expect(count.isCertain == certain && count.isUnchanged == unchanged)
    let others = FeatureSurvival.Count(agreed: 50, seen: 50)
    #expect(count.followed(by: others).isUnchanged == unchanged)
    #expect(others.followed(by: count).isUnchanged == unchanged)
  }

  @Test func `a feature never seen may be required but tells nothing`() {
    let count = FeatureSurvival.Count()
    #expect(count.isUsable && !count.isReliable && count.share == 0.5)
  }

  @Test(arguments: [(20, 0, true), (19, 1, true), (18, 2, false), (0, 1, false), (1, 0, true)])
  func `a feature is reliable from nineteen agreements in twenty on`(_ agreed: Int, _ not: Int, _ reliable: Bool) {
    var count = FeatureSurvival.Count()
    for _ in 0..<agreed { count.add(true) }
    for _ in 0..<not { count.add(false) }
    #expect(count.isReliable == reliable && count.isUsable == reliable)
  }

  @Test func `features that a packet lacks are not counted`() {
    let bare = Transmission(record: PacketRecord(), place: 0, offset: 1, ackOffset: 0, sackOffset: 0)
    var survival = FeatureSurvival()
    survival.learn(TransmissionBuffer([bare]), 0, 0)
    #expect(survival.ipID.seen == 0 && survival.timestamp.seen == 0 && survival.payload.seen == 0)
    #expect(survival.acknowledgement.seen == 0)
  }

  @Test func `a stripped timestamp did not survive`() {
    var record = PacketRecord()
    record.marks = .timestamps
    let stamped = Transmission(record: record, place: 0, offset: 1, ackOffset: 0, sackOffset: 0)
    let stripped = Transmission(record: PacketRecord(), place: 1, offset: 1, ackOffset: 0, sackOffset: 0)
    var survival = FeatureSurvival()
    survival.learn(TransmissionBuffer([stamped, stripped]), 0, 1)
    #expect(survival.timestamp.seen == 1 && survival.timestamp.agreed == 0)
  }
}

@Suite struct AckHistoryTests {
  private func history(_ acks: [(time: Int64, ack: Int64)], limit: Int64 = .max, flags: UInt8 = TCPFlags.ack)
    -> AckHistory
  {
    let transmissions = acks.map { time, ack in
      var record = PacketRecord()
      record.timeNS = time
      record.flags = flags
      return Transmission(record: record, place: 0, offset: 1, ackOffset: ack, sackOffset: 0)
    }
    let trace = DirectionTrace(
      path: [3], transmissions: TransmissionBuffer(transmissions), ranges: [0..<transmissions.count], isTCP: true)
    return AckHistory(trace, position: 3, limit: limit)
  }

  @Test func `the first acknowledgement that reaches an offset counts`() {
    let history = history([(10, 100), (20, 300), (30, 200), (40, 300), (50, 400)])
    #expect(history.firstTime(reaching: 100) == 10)
    #expect(history.firstTime(reaching: 101) == 20)
    #expect(history.firstTime(reaching: 300) == 20)
    #expect(history.firstTime(reaching: 400) == 50)
    #expect(history.firstTime(reaching: 401) == nil)
  }

  @Test func `acknowledgements of what nobody sent and those of resets are passed over`() {
    #expect(history([(10, 900), (20, 100)], limit: 500).firstTime(reaching: 50) == 20)
    #expect(history([(10, 100)], flags: TCPFlags.ack | TCPFlags.rst).firstTime(reaching: 50) == nil)
  }

  /// Acknowledgements of 100 with a SACK block each, and what they say of a segment that was sent at 15.
  private func acknowledged(_ blocks: [(time: Int64, left: Int64, right: Int64)], _ bytes: Range<Int64>) -> Int64? {
    let acks = blocks.map { time, left, right in
      var record = PacketRecord()
      record.timeNS = time
      record.flags = TCPFlags.ack
      record.sackBlocks = 1
      // The numbers at this point, and so of the acknowledgement, are higher by 7,000.
      record.acknowledgement = 7_100
      record.sackLeft = UInt32(truncatingIfNeeded: 7_000 + left)
      record.sackRight = UInt32(truncatingIfNeeded: 7_000 + right)
      return Transmission(record: record, place: 0, offset: 1, ackOffset: 100, sackOffset: left)
    }
    let trace = DirectionTrace(
      path: [3], transmissions: TransmissionBuffer(acks), ranges: [0..<acks.count], isTCP: true)
    var sent = PacketRecord()
    sent.timeNS = 15
    sent.payloadLength = UInt32(bytes.count)
    let segment = Transmission(record: sent, place: 0, offset: bytes.lowerBound, ackOffset: 0, sackOffset: 0)
    return AckHistory(trace, position: 3, limit: 1_000).firstTime(covering: segment)
  }

  @Test func `a SACK block acknowledges the segments within it, from the first time on`() {
    #expect(acknowledged([(20, 300, 400), (30, 300, 500)], 400..<500) == 30)
    #expect(acknowledged([(20, 300, 400), (30, 300, 500)], 300..<400) == 20)
    #expect(acknowledged([(10, 300, 400), (20, 300, 400)], 300..<400) == 10, "an earlier copy, which counts")
    #expect(acknowledged([(20, 300, 400)], 350..<450) == nil, "a part is not all")
  }

  @Test func `SACK blocks of duplicates and of what nobody sent are passed over`() {
    // All before 100 is acknowledged by the same packet, whatever its block says.
    #expect(acknowledged([(20, 50, 90), (30, 100, 110)], 100..<110) == nil)
    #expect(acknowledged([(20, 300, 40_000)], 300..<400) == nil)
    #expect(acknowledged([(20, 400, 300)], 300..<400) == nil)
  }

  @Test func `a point off the path has no history`() {
    let trace = DirectionTrace(path: [1], transmissions: TransmissionBuffer(), ranges: [0..<0], isTCP: true)
    #expect(AckHistory(trace, position: 2, limit: .max).firstTime(reaching: 0) == nil)
  }
}

@Suite struct TimeDifferencesTests {
  @Test(arguments: [true, false])
  func `the fastest packet of each slice of time is kept`(_ smallerIsFaster: Bool) {
    var differences = TimeDifferences(smallerIsFaster: smallerIsFaster)
    for (time, difference) in [(0, 50), (1, 20), (2, 90), (1 << 30, 60)] as [(Int64, Int64)] {
      differences.add([.init(nearNS: time, differenceNS: difference)])
    }
    let kept = differences.fastest.map(\.differenceNS).sorted()
    #expect(kept == (smallerIsFaster ? [20, 60] : [60, 90]))
  }

  @Test func `memory is bounded and the extremes survive`() {
    var differences = TimeDifferences(smallerIsFaster: true)
    for packet in 0..<200_000 as Range<Int64> {
      differences.add([
        .init(nearNS: packet * 100_000_000, differenceNS: packet == 123_457 ? 7 : 1000 + packet % 13)
      ])
    }
    #expect(differences.count == 200_000)
    #expect(differences.samples.count < TimeDifferences.mostSamples)
    #expect(differences.fastest.count <= TimeDifferences.mostSlices)
    #expect(differences.fastest.contains { $0.differenceNS == 7 })
  }

  @Test func `samples are spread over all packets`() {
    var differences = TimeDifferences(smallerIsFaster: true)
    for packet in 0..<100_000 as Range<Int64> { differences.add([.init(nearNS: packet, differenceNS: packet)]) }
    let half = differences.samples.count { $0.nearNS < 50_000 }
    #expect(abs(half * 2 - differences.samples.count) <= differences.samples.count / 10)
  }
}

@Suite struct DividedTimeDifferencesTests {
  @Test func `what is kept does not depend on how the packets were divided`() {
    let times = (0..<60_000).map { packet -> TimeDifferences.Sample in
      .init(nearNS: Int64(packet) * 40_000_000, differenceNS: Int64(packet &* 7919 % 1013))
    }
    var whole = TimeDifferences(smallerIsFaster: true)
    whole.add(times)
    var parts = TimeDifferences(smallerIsFaster: true)
    for start in [0, 2, 1] {
      var part = TimeDifferences(smallerIsFaster: true)
      part.add(stride(from: start, to: times.count, by: 3).map { times[$0] })
      parts.merge(part)
    }
    #expect(parts.count == whole.count)
    #expect(parts.fastest == whole.fastest)
    #expect(parts.samples.sorted { $0.nearNS < $1.nearNS } == whole.samples)
  }
}

@Suite struct RangeJoinTests {
  private func segment(_ place: Int32, _ offset: Int64, _ length: UInt32, at time: Int64, stamp: UInt32? = nil)
    -> Transmission
  {
    var record = PacketRecord()
    record.payloadLength = length
    record.timeNS = time
    record.flags = TCPFlags.ack
    if let stamp {
      record.timestampValue = stamp
      record.marks = .timestamps
    }
    return Transmission(record: record, place: place, offset: offset, ackOffset: 1, sackOffset: 0)
  }

  private func joined(_ up: [Transmission], _ down: [Transmission]) -> [Transmission] {
    var trace = DirectionTrace(
      path: [0, 1], transmissions: TransmissionBuffer(up + down),
      ranges: [0..<up.count, up.count..<up.count + down.count], isTCP: true)
    var survival = FeatureSurvival()
    survival.timestamp.add(true)
    RangeJoin(survival: survival, usualDelta: 10, leastDelta: 10).join(
      &trace, up: (0..<Int32(up.count)).map { $0 }, down: (Int32(up.count)..<Int32(up.count + down.count)).map { $0 })
    return (0..<trace.transmissions.count).map { trace.transmissions[$0] }
  }

  @Test func `pieces of a segment are found to their last byte`() {
    let found = joined([segment(0, 1, 300, at: 0)], [1, 101, 201].map { segment(1, $0, 100, at: 10) })
    #expect(found[0].bytesFound == 300 && found[0].next == 1)
    #expect(found[1...].allSatisfy { $0.previous == 0 && $0.link == .range })
  }

  @Test func `a missing piece is missing`() {
    let found = joined([segment(0, 1, 300, at: 0)], [segment(1, 1, 100, at: 10), segment(1, 201, 100, at: 10)])
    #expect(found[0].bytesFound == 200)
  }

  @Test func `segments that were merged are all found`() {
    let found = joined([1, 101, 201].map { segment(0, $0, 100, at: $0) }, [segment(1, 1, 300, at: 300)])
    #expect(found[..<3].allSatisfy { $0.bytesFound == 100 && $0.next == 3 })
    #expect(found[3].previous == 0)
  }

  @Test func `timestamps tell two copies apart`() {
    let found = joined(
      [segment(0, 1, 200, at: 0, stamp: 5), segment(0, 1, 200, at: 50, stamp: 9)],
      [segment(1, 1, 100, at: 60, stamp: 9), segment(1, 101, 100, at: 60, stamp: 9)])
    #expect(found[0].next == -1 && found[0].bytesFound == 0)
    #expect(found[1].bytesFound == 200)
  }

  @Test func `no byte is found twice`() {
    let found = joined(
      [segment(0, 1, 200, at: 0)], [segment(1, 1, 150, at: 10), segment(1, 51, 150, at: 11)])
    #expect(found[0].bytesFound <= 200)
  }

  @Test func `thousands of pieces take no quadratic time`() {
    let up = (0..<4000 as Range<Int64>).map { segment(0, 1 + $0 * 3000, 3000, at: $0) }
    let down = (0..<8000 as Range<Int64>).map { segment(1, 1 + $0 * 1500, 1500, at: $0 / 2 + 10) }
    let clock = ContinuousClock()
    let time = clock.measure { #expect(joined(up, down)[..<4000].allSatisfy { $0.bytesFound == 3000 }) }
    #expect(time < .seconds(4))
  }
}

@Suite struct RepeatedSegmentTests {
  private func packet(_ place: Int32, _ offset: Int64, at timeNS: Int64, stamp: UInt32, id: UInt16 = 0) -> Transmission
  {
    var record = PacketRecord()
    record.timeNS = timeNS
    record.payloadLength = 100
    record.flags = TCPFlags.ack
    record.marks = .timestamps
    record.timestampValue = stamp
    record.ipID = id
    return Transmission(record: record, place: place, offset: offset, ackOffset: 1, sackOffset: 0)
  }

  private func trace(_ up: [Transmission], _ down: [Transmission]) -> DirectionTrace {
    DirectionTrace(
      path: [0, 1], transmissions: TransmissionBuffer(up + down),
      ranges: [0..<up.count, up.count..<up.count + down.count], isTCP: true)
  }

  @Test(arguments: [true, false])
  func `a repeat within the same tick of the timestamps is what arrived, where the original would have come late`(
    _ isLost: Bool
  ) {
    let offsets: [Int64] = [1, 101, 201, 301, 401]
    let sent = offsets.enumerated().map { packet(0, $1, at: 10_000 * Int64($0), stamp: 5) }
    let `repeat` = packet(0, 1, at: 300_000, stamp: 5)
    let last = packet(0, 501, at: 310_000, stamp: 5)
    // Without a loss the repeat was needless, and both arrive.
    let arrived =
      (isLost ? [] : [packet(1, 1, at: 8_000, stamp: 5)])
      + offsets.dropFirst().enumerated().map { packet(1, $1, at: 10_000 * Int64($0) + 18_000, stamp: 5) }
      + [packet(1, 1, at: 309_000, stamp: 5), packet(1, 501, at: 318_000, stamp: 5)]
    var survival = FeatureSurvival()
    survival.timestamp = FeatureSurvival.Count(agreed: 100, seen: 100)
    let join = TransmissionJoin(survival: survival, usualDelta: 8_000, leastDelta: 7_000)
    var trace = trace(sent + [`repeat`, last], arrived)
    _ = join.joinInOrder(&trace, up: trace.ranges[0], down: trace.ranges[1])
    let next = trace.ranges[0].map { Int(trace.transmissions[$0].next) }
    #expect(next == (isLost ? [-1, 7, 8, 9, 10, 11, 12] : [7, 8, 9, 10, 11, 12, 13]))
  }

  @Test func `of two equal packets behind one that never arrived the first is the one that did`() {
    // The second of four is overtaken by the third; the fourth is a copy of it, which the network made and lost.
    let sent = [
      packet(0, 1, at: 0, stamp: 5, id: 1), packet(0, 101, at: 10_000, stamp: 5, id: 2),
      packet(0, 201, at: 20_000, stamp: 5, id: 3), packet(0, 101, at: 30_000, stamp: 5, id: 2),
    ]
    let arrived = [packet(1, 201, at: 28_000, stamp: 5, id: 3), packet(1, 101, at: 31_000, stamp: 5, id: 2)]
    var survival = FeatureSurvival()
    survival.ipID = FeatureSurvival.Count(agreed: 100, seen: 100)
    let join = TransmissionJoin(survival: survival, usualDelta: 8_000, leastDelta: 7_000)
    var trace = trace(sent, arrived)
    _ = join.joinInOrder(&trace, up: trace.ranges[0], down: trace.ranges[1])
    #expect(trace.ranges[0].map { Int(trace.transmissions[$0].next) } == [-1, 5, 4, -1])
  }

  @Test func `what most of a connection's packets seem to show is not believed where their times are those of repeats`()
  {
    // Of sixty segments the first copies of forty were lost, and their repeats were sent behind what is looked at.
    let offsets = (0..<60).map { Int64(1 + 100 * $0) }
    let sent = offsets.enumerated().map {
      packet(0, $1, at: 1_000_000 * Int64($0), stamp: UInt32($0), id: UInt16($0 + 1))
    }
    let arrived = offsets.enumerated().map { number, offset in
      let lateNS: Int64 = number % 3 == 0 ? 0 : 300_000_000
      return packet(
        1, offset, at: 1_000_000 * Int64(number) + 15_000 + lateNS, stamp: UInt32(number) + UInt32(lateNS / 1_000_000),
        id: UInt16(number + 1) + UInt16(lateNS / 1_000_000))
    }.sorted { $0.timeNS < $1.timeNS }
    var own = FeatureSurvival()
    let trace = trace(sent, arrived)
    for (up, down) in AnchorPairs.find(trace, 0, limit: 64, known: 15_000) { own.learn(trace.transmissions, up, down) }
    #expect(own.ipID.seen == 20 && own.ipID.agreed == 20)
    #expect(own.timestamp.agreed == own.timestamp.seen)
  }
}

@Suite struct RangeIndexTests {
  @Test(arguments: [0, 1, 3, 40] as [UInt64], [0, 97])
  func `what shares bytes is found as by looking at all, by offset, however many come late or without data`(
    _ late: UInt64, _ acknowledgements: UInt64
  ) {
    var random = SplitMix64(seed: 40 + late)
    var next: Int64 = 1
    let before = 7
    let transmissions = (0..<600).map { time -> Transmission in
      var record = PacketRecord()
      record.timeNS = Int64(time)
      record.flags = random.next() % 40 == 0 ? TCPFlags.fin | TCPFlags.ack : TCPFlags.ack
      let isBare = random.next() % 100 < acknowledgements
      record.payloadLength = isBare ? 0 : UInt32(random.next() % 4) * 50
      if random.next() % 30 == 0 { record.marks.insert(.icmpError) }
      let isLate = late > 0 && random.next() % 100 < late
      let offset = isLate ? max(1, next - Int64(random.next() % 900)) : next
      if !isLate { next += Int64(record.payloadLength) }
      return Transmission(record: record, place: 1, offset: offset, ackOffset: 1, sackOffset: 0)
    }
    let trace = DirectionTrace(
      path: [0, 1], transmissions: TransmissionBuffer(transmissions), ranges: [0..<before, before..<600], isTCP: true)
    let index = RangeIndex(trace, place: 1)
    #expect(index.end == transmissions[before...].map(\.end).max())
    for _ in 0..<400 {
      var record = PacketRecord()
      record.payloadLength = UInt32(random.next() % 400)
      let asked = Transmission(
        record: record, place: 0, offset: Int64(random.next() % UInt64(next + 200)), ackOffset: 1, sackOffset: 0)
      var found: [Int] = []
      index.forEachSharing(asked, in: trace) { place in
        found.append(place)
        return true
      }
      let expected = (before..<600).filter { place in
        let other = transmissions[place]
        return other.takesSequence && !other.isICMPError && other.offset < asked.end && other.end > asked.offset
      }.sorted { (transmissions[$0].offset, $0) < (transmissions[$1].offset, $1) }
      #expect(found == expected)
      var first: [Int] = []
      index.forEachSharing(asked, in: trace) { place in
        first.append(place)
        return false
      }
      #expect(first == Array(expected.prefix(1)))
    }
  }
}
