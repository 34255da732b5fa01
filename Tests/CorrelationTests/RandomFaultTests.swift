import Correlation
import Scenarios
import TestSupport
import Testing
import Verdicts

@Suite struct RandomFaultTests {
  /// A small path with a few faults of all kinds.
  static func scenario(seed: UInt64) -> Scenario {
    var generator = SplitMix64(seed: seed)
    let points = Int.random(in: 2...4, using: &generator)
    var scenario = Scenario(points: points)
    scenario.seed = seed
    let headers: [Headers] = [.full, .full, .noIPID, .noTimestamps, .neither]
    let first = headers[Int.random(in: 0..<5, using: &generator)]
    let isCut = seed.isMultiple(of: 4)
    for number in 0..<2 {
      var conversation = TCPConversation(
        script: [
          .client(Int.random(in: 1...800, using: &generator)), .server(Int.random(in: 1...1800, using: &generator)),
          .client(Int.random(in: 1...400, using: &generator)),
        ])
      first.apply(to: &conversation)
      conversation.number = number
      if isCut { conversation.segmentSize = 500 }
      conversation.startsAfterNS = Int64(number) * 40_000_000
      conversation.clientISN = UInt32.random(in: 0 ... .max, using: &generator)
      conversation.serverISN = UInt32.random(in: UInt32.max - 1800 ... .max, using: &generator)
      conversation.usesSACK = Bool.random(using: &generator)
      let isTranslated = first != .neither && Bool.random(using: &generator)
      scenario.add(
        isTranslated
          ? conversation.translated(from: 1, client: UInt32(truncatingIfNeeded: generator.next()), server: 99)
          : conversation)
    }
    for point in 0..<points {
      scenario.points[point].offsetNS = Int64.random(in: -9_000_000_000...9_000_000_000, using: &generator)
      scenario.points[point].driftPPM = Double.random(in: -80...80, using: &generator)
    }
    if isCut {
      scenario.on(segment: 0, where: { $0.direction == .clientToServer }, .split(180))
      scenario.on(segment: points - 2, where: { $0.direction == .serverToClient }, .split(180))
    }
    for _ in 0..<Int.random(in: 1...5, using: &generator) {
      let nth = Int.random(in: 0..<60, using: &generator)
      let action: Impairment.Action =
        switch Int.random(in: 0..<8, using: &generator) {
        case 0...4: .drop
        case 5: .delay(Int64.random(in: 100_000...3_000_000, using: &generator))
        case 6: .duplicate(afterNS: Int64.random(in: 50_000...900_000, using: &generator))
        default: .edit { $0.ack &+= 1_000_000 }
        }
      scenario.on(segment: Int.random(in: 0..<points - 1, using: &generator), where: { $0.id == nth }, action)
    }
    if Bool.random(using: &generator) {
      let nth = Int.random(in: 0..<60, using: &generator)
      scenario.capture(at: Int.random(in: 0..<points, using: &generator), .miss) { $0.id == nth }
    }
    return scenario
  }

  @Test func `every packet has exactly one fate, whatever happens`() {
    for seed in 0..<200 as Range<UInt64> {
      let judgement = Judgement(Self.scenario(seed: seed))
      #expect(judgement.wrongLedgers == [], "seed \(seed)")
      // Where every packet has an IP ID of its own, nothing that is said for sure may be false.
      if !seed.isMultiple(of: 4), judgement.run.truth.packets.values.allSatisfy({ $0.ipID != 0 }) {
        #expect(judgement.falsehoods(above: 0.9) == [], "seed \(seed)")
      }
      for segment in judgement.run.scenario.segments.indices {
        for direction in Direction.allCases {
          let ledger = judgement.ledger(segment, direction)
          #expect(ledger.offered == judgement.captured(segment, direction), "seed \(seed), \(segment), \(direction)")
        }
      }
    }
  }
}
