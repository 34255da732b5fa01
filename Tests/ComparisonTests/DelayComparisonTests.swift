import Testing
import Verdicts

@testable import Comparison

@Suite struct DelayComparisonTests {
  private static let millisecond: Int64 = 1_000_000

  /// Delays of 500 packets from `base` on, a little spread out.
  private static func delays(_ base: Int64, spread: Int64 = 200_000) -> [Int64] {
    (0..<500).map { base + spread * $0 / 500 }
  }

  /// An analysis in which packets take so long over the first segment, and what it keeps of that.
  private static func analysis(
    _ there: [Int64], _ back: [Int64], errorNS: Int64
  ) -> (report: AnalysisReport, delays: [DelayHistogram]) {
    var report = SmallReport.make()
    var histograms: [DelayHistogram] = []
    for (direction, delays) in zip(Direction.allCases, [there, back]) {
      report.segments[0][direction].delay = DelaySummary(
        minNS: delays[0], p50NS: delays[250], p95NS: delays[475], p99NS: delays[495], maxNS: delays[499],
        errorNS: errorNS)
      let histogram = DelayHistogram(
        between: PointPair(0, 1), direction: direction, sortedNS: delays, classes: 48)
      histograms += histogram.map { [$0] } ?? []
    }
    return (report, histograms)
  }

  private static func compare(
    _ old: (report: AnalysisReport, delays: [DelayHistogram]), _ new: (report: AnalysisReport, delays: [DelayHistogram])
  ) -> AnalysisComparison {
    AnalysisComparison(old: old.report, new: new.report, oldDelays: old.delays, newDelays: new.delays)
  }

  private static func verdict(
    _ comparison: AnalysisComparison, _ measure: DelayChange.Measure, _ direction: Direction?
  ) -> Verdict? {
    comparison.delays.first { $0.measure == measure && $0.direction == direction }?.verdict
  }

  @Test func `the same delays twice differ in nothing`() {
    let one = Self.analysis(Self.delays(Self.millisecond), Self.delays(Self.millisecond), errorNS: 10_000)
    let comparison = Self.compare(one, one)
    #expect(comparison.delays.map(\.measure) == [.roundTrip, .delay, .variation, .delay, .variation])
    #expect(comparison.delays.allSatisfy { $0.verdict == .unclear && $0.test?.superiority == 0.5 })
    #expect(!comparison.isWorse)
  }

  @Test func `a longer delay is worse one way, a shorter one better`() {
    let short = Self.analysis(Self.delays(Self.millisecond), Self.delays(Self.millisecond), errorNS: 10_000)
    let long = Self.analysis(Self.delays(3 * Self.millisecond), Self.delays(Self.millisecond), errorNS: 10_000)
    let worse = Self.compare(short, long)
    #expect(Self.verdict(worse, .delay, .clientToServer) == .worse)
    #expect(Self.verdict(worse, .delay, .serverToClient) == .unclear)
    #expect(Self.verdict(worse, .roundTrip, nil) == .worse)
    #expect(worse.isWorse)
    let better = Self.compare(long, short)
    #expect(Self.verdict(better, .delay, .clientToServer) == .better)
    #expect(!better.isWorse)
  }

  @Test func `what the clocks leave open is no change one way, and still one there and back`() throws {
    let short = Self.analysis(
      Self.delays(Self.millisecond), Self.delays(Self.millisecond), errorNS: 2 * Self.millisecond)
    let long = Self.analysis(
      Self.delays(3 * Self.millisecond), Self.delays(3 * Self.millisecond), errorNS: 2 * Self.millisecond)
    let comparison = Self.compare(short, long)
    #expect(Self.verdict(comparison, .delay, .clientToServer) == .unclear)
    #expect(Self.verdict(comparison, .delay, .serverToClient) == .unclear)
    #expect(Self.verdict(comparison, .roundTrip, nil) == .worse)
    let roundTrip = try #require(comparison.delays.first { $0.measure == .roundTrip })
    #expect((3_900_000...4_100_000).contains(roundTrip.test?.changeNS ?? 0))
  }

  @Test func `a clock that is set between the two analyses changes no round trip`() {
    let before = Self.analysis(Self.delays(Self.millisecond), Self.delays(5 * Self.millisecond), errorNS: 10_000)
    let after = Self.analysis(Self.delays(5 * Self.millisecond), Self.delays(Self.millisecond), errorNS: 10_000)
    #expect(Self.verdict(Self.compare(before, after), .roundTrip, nil) == .unclear)
  }

  @Test func `delays that vary more are worse, whatever the clocks`() {
    let steady = Self.analysis(Self.delays(Self.millisecond), Self.delays(Self.millisecond), errorNS: Self.millisecond)
    let shaky = Self.analysis(
      Self.delays(Self.millisecond, spread: 2 * Self.millisecond), Self.delays(Self.millisecond),
      errorNS: Self.millisecond)
    #expect(Self.verdict(Self.compare(steady, shaky), .variation, .clientToServer) == .worse)
    #expect(Self.verdict(Self.compare(steady, shaky), .variation, .serverToClient) == .unclear)
  }

  @Test func `one packet that was too quick makes nothing vary more`() {
    let steady = Self.delays(5 * Self.millisecond)
    let old = Self.analysis(steady, steady, errorNS: Self.millisecond)
    let new = Self.analysis([Self.millisecond] + steady.dropFirst(), steady, errorNS: Self.millisecond)
    let comparison = Self.compare(old, new)
    #expect(Self.verdict(comparison, .variation, .clientToServer) == .unclear)
    #expect(!comparison.isWorse)
  }

  @Test func `a change that no chance explains but nobody feels is called small`() throws {
    let old = Self.analysis(Self.delays(20 * Self.millisecond), Self.delays(20 * Self.millisecond), errorNS: 0)
    let new = Self.analysis(Self.delays(20 * Self.millisecond + 90_000), Self.delays(20 * Self.millisecond), errorNS: 0)
    let change = try #require(
      Self.compare(old, new).delays.first { $0.measure == .delay && $0.direction == .clientToServer })
    #expect(change.adjustedP.map { $0 < 0.001 } == true)
    #expect(change.verdict == .unclear && change.isSmall)
  }

  @Test func `few packets show nothing`() {
    func few(_ base: Int64) -> (report: AnalysisReport, delays: [DelayHistogram]) {
      var analysis = Self.analysis(Self.delays(base), Self.delays(base), errorNS: 0)
      analysis.delays = [Direction.clientToServer, .serverToClient].compactMap {
        DelayHistogram(between: PointPair(0, 1), direction: $0, sortedNS: [base, base + 1, base + 2], classes: 4)
      }
      return analysis
    }
    let comparison = Self.compare(few(Self.millisecond), few(9 * Self.millisecond))
    #expect(comparison.delays.allSatisfy { $0.verdict == .unclear })
  }

  @Test func `an analysis that keeps no distribution is not tested`() {
    let old = Self.analysis(Self.delays(Self.millisecond), Self.delays(Self.millisecond), errorNS: 0)
    let comparison = AnalysisComparison(old: old.report, new: old.report, newDelays: old.delays)
    #expect(comparison.delays.map(\.measure) == [.delay, .delay])
    #expect(comparison.delays.allSatisfy { $0.verdict == .notComparable && $0.test == nil })
  }

  @Test func `many tests of delays do not hide a loss`() throws {
    let old = SmallReport.make(lostOf: (0, 1000))
    let new = SmallReport.make(lostOf: (12, 1000))
    let delays = Self.analysis(Self.delays(Self.millisecond), Self.delays(Self.millisecond), errorNS: 0).delays
    let alone = AnalysisComparison(old: old, new: new)
    let together = AnalysisComparison(old: old, new: new, oldDelays: delays, newDelays: delays)
    #expect(together.ledgers.map(\.rate.adjustedP) == alone.ledgers.map(\.rate.adjustedP))
  }
}
