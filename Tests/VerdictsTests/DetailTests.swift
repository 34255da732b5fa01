import Testing
import Verdicts

@Suite struct DetailTests {
  @Test(arguments: [(999, 0), (1_000, 0), (1_099, 0), (1_100, 1), (1_999, 9), (2_000, 9), (Int64.max, 9), (.min, 0)])
  func `a time has a slice, and what lies outside belongs to the first or last`(time: Int64, slice: Int) {
    let timeline = Timeline(startNS: 1_000, sliceNS: 100, slices: 10, tracks: [])
    #expect(timeline.slice(of: time) == slice)
  }

  @Test func `a histogram counts every delay once, those beyond its classes by themselves`() throws {
    let delays = (0..<1_000).map { Int64($0) } + [1_000_000]
    let histogram = try #require(
      DelayHistogram(between: PointPair(0, 1), direction: .clientToServer, sortedNS: delays, classes: 10))
    #expect(histogram.counts.reduce(0, +) + histogram.longer == 1_001)
    #expect(histogram.lowNS == 0 && histogram.counts.count == 10 && histogram.widthNS == 100)
    #expect(histogram.longer == 1)
  }

  @Test(arguments: [[7], [-5, -5, -5]] as [[Int64]])
  func `equal delays are one class`(delays: [Int64]) throws {
    let histogram = try #require(
      DelayHistogram(between: PointPair(0, 1), direction: .serverToClient, sortedNS: delays, classes: 4))
    #expect(histogram.counts == [delays.count, 0, 0, 0] && histogram.longer == 0)
  }

  @Test func `without delays there is no histogram`() {
    #expect(DelayHistogram(between: PointPair(0, 1), direction: .serverToClient, sortedNS: [], classes: 4) == nil)
  }
}
