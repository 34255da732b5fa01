import Scenarios
import TestSupport
import Testing
import Verdicts

@testable import Correlation

@Suite struct ClockTests {
  /// A long exchange over clocks that differ.
  private func scenario(seed: UInt64, farthestNS: Int64 = 7_200_000_000_000) -> Scenario {
    var generator = SplitMix64(seed: seed)
    var scenario = Scenario(points: 4)
    scenario.seed = seed
    for number in 0..<12 {
      var conversation = TCPConversation(
        script: Array(repeating: [.client(100), .server(300)], count: 2).flatMap { $0 })
      conversation.number = number
      conversation.clientISN = UInt32(truncatingIfNeeded: generator.next())
      conversation.serverISN = UInt32(truncatingIfNeeded: generator.next())
      conversation.startsAfterNS = Int64(number) * 5_000_000_000
      scenario.add(conversation)
    }
    for point in 1..<4 {
      scenario.points[point].offsetNS = Int64.random(in: -farthestNS...farthestNS, using: &generator)
      scenario.points[point].driftPPM = Double.random(in: -100...100, using: &generator)
    }
    for segment in 0..<3 {
      scenario.segments[segment].towardsServerNS = Int64.random(in: 20_000...30_000_000, using: &generator)
      scenario.segments[segment].towardsClientNS = Int64.random(in: 20_000...30_000_000, using: &generator)
      scenario.segments[segment].jitterNS = Int64.random(in: 0...5_000_000, using: &generator)
    }
    return scenario
  }

  @Test(arguments: 0..<6 as Range<UInt64>)
  func `the bounds contain the true offset whatever the delays`(_ seed: UInt64) throws {
    let scenario = scenario(seed: seed)
    let judgement = Judgement(scenario)
    let bounds = judgement.tally.clockBounds(points: 4)
    for point in 1..<4 {
      for seconds in [0, 30, 55] as [Int64] {
        let time = Scenario.start + seconds * 1_000_000_000
        // Bounds are asked for at a time by a clock near them; hours of offset matter to no crystal.
        let estimate = try #require(bounds.offset(of: point, against: 0, at: time))
        let truth = scenario.points[point].clock(time) - scenario.points[0].clock(time)
        #expect(abs(estimate.offsetNS - truth) <= estimate.errorNS, "point \(point) at \(seconds) s")
      }
    }
    #expect(judgement.tally.events.isEmpty)
  }

  @Test(arguments: [1_000_000_000, 7_200_000_000_000] as [Int64], 5..<7 as Range<UInt64>)
  func `equal delays give an estimate near the truth and the drift`(_ farthestNS: Int64, _ seed: UInt64) throws {
    var scenario = scenario(seed: seed, farthestNS: farthestNS)
    for segment in 0..<3 {
      scenario.segments[segment] = Scenario.Segment()
      scenario.segments[segment].jitterNS = 20_000
    }
    let bounds = Judgement(scenario).tally.clockBounds(points: 4)
    for point in 1..<4 {
      let estimate = try #require(bounds.offset(of: point, against: 0, at: Scenario.start))
      let truth = scenario.points[point].clock(Scenario.start) - scenario.points[0].clock(Scenario.start)
      #expect(abs(estimate.offsetNS - truth) < 300_000)
      let drift = try #require(bounds.drift(of: point, against: 0))
      // Sparse traffic is taken for the middle of its window of time.
      #expect(abs(drift.ppm - scenario.points[point].driftPPM) < 10)
    }
  }

  @Test(arguments: UInt64(1)...6)
  func `the scatter of delays is not taken for drift`(_ seed: UInt64) {
    var scenario = scenario(seed: seed, farthestNS: 1_000_000_000)
    for point in 0..<4 { scenario.points[point].driftPPM = 0 }
    for segment in 0..<3 {
      scenario.segments[segment] = Scenario.Segment()
      scenario.segments[segment].jitterNS = 400_000
    }
    let bounds = Judgement(scenario).tally.clockBounds(points: 4)
    for point in 1..<4 {
      guard let drift = bounds.drift(of: point, against: 0), drift.isKnown else { continue }
      #expect(abs(drift.ppm) < 0.5)
    }
  }

  @Test func `nothing is said of a clock that only one direction is seen at`() {
    var scenario = Scenario.usual()
    scenario.points[2].only = .clientToServer
    let judgement = Judgement(scenario)
    let bounds = judgement.tally.clockBounds(points: 3)
    #expect(bounds.offset(of: 2, against: 0, at: Scenario.start) == nil)
    #expect(bounds.offset(of: 1, against: 0, at: Scenario.start) != nil)
  }

  @Test func `a clock that was set by hours contradicts itself and is not estimated`() {
    var segment = SegmentTally()
    segment.towardsFar.add([
      .init(nearNS: 0, differenceNS: 1_000_000),
      .init(nearNS: 60_000_000_000, differenceNS: -3_600_000_000_000),
    ])
    segment.towardsNear.add([.init(nearNS: 30_000_000, differenceNS: -1_000_000)])
    var segments = SegmentTable(points: 2)
    segments[PointPair(0, 1), default: SegmentTally()] = segment
    let bounds = ClockBounds(count: 2, segments: segments)
    #expect(bounds.offset(of: 1, against: 0, at: 0) == nil)
  }

  @Test(arguments: [0, 7_200_000_000_000, -86_400_000_000_000] as [Int64])
  func `an offset of hours costs no precision`(_ offset: Int64) throws {
    var scenario = Scenario.usual()
    scenario.points[1].offsetNS = offset
    scenario.points[2].offsetNS = offset / 2
    let bounds = Judgement(scenario).tally.clockBounds(points: 3)
    for point in 1..<3 {
      let time = bounds.referenceTime(scenario.points[point].clock(Scenario.start), at: point)
      let estimate = try #require(bounds.offset(of: point, against: 0, at: time))
      #expect(estimate.errorNS < 20_000_000)
    }
  }
}
