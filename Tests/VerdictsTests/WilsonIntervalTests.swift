import Testing
import Verdicts

@Suite struct WilsonIntervalTests {
  /// Hits, trials, and the ends as the formula gives them when computed elsewhere, to four digits.
  static let known = [
    (0, 10, 0.0, 0.2775), (1, 10, 0.0179, 0.4042), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0),
    (0, 1, 0.0, 0.7935), (32, 3_054, 0.0074, 0.0148),
  ]

  @Test(arguments: known)
  func `the interval has the known ends`(_ hits: Int, _ count: Int, _ low: Double, _ high: Double) throws {
    let interval = try #require(WilsonInterval(hits: hits, of: count))
    #expect(abs(interval.low - low) < 0.000_06)
    #expect(abs(interval.high - high) < 0.000_06)
  }

  @Test func `there is no interval without a trial`() {
    #expect(WilsonInterval(hits: 0, of: 0) == nil)
  }

  @Test func `the interval holds the share, and narrows with the number of trials`() throws {
    var width = 1.0
    for count in [10, 100, 1_000, 10_000, 1_000_000_000] {
      let interval = try #require(WilsonInterval(hits: count / 10, of: count))
      #expect(interval.low <= 0.1 && 0.1 <= interval.high)
      #expect(interval.high - interval.low < width)
      width = interval.high - interval.low
    }
  }

  @Test func `hits and misses mirror each other`() throws {
    for hits in 0...20 {
      let one = try #require(WilsonInterval(hits: hits, of: 20))
      let other = try #require(WilsonInterval(hits: 20 - hits, of: 20))
      #expect(abs(one.low - (1 - other.high)) < 1e-12)
      #expect(0 <= one.low && one.low < one.high && one.high <= 1)
    }
  }
}
