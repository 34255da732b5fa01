import Testing

@testable import Comparison

@Suite struct ProportionTestTests {
  /// Expected values: sums of hypergeometric chances in whole numbers, and erfc(|z|/√2), both worked out in Python.
  @Test(
    arguments: [
      (1, 10, 8, 10, ProportionTest.Method.fisherExact, 0.005477494641581),
      (0, 20, 3, 20, .fisherExact, 0.230769230769),
      (5, 5, 0, 5, .fisherExact, 0.007936507936508), (0, 100, 0, 100, .fisherExact, 1),
      (15, 1000, 45, 1000, .twoProportions, 0.00008409539445968804), (100, 1000, 100, 1000, .twoProportions, 1),
    ])
  func `p-values are those of the tables`(
    oldHits: Int, oldCount: Int, newHits: Int, newCount: Int, method: ProportionTest.Method, pValue: Double
  ) throws {
    let test = try #require(
      ProportionTest(old: Proportion(hits: oldHits, of: oldCount), new: Proportion(hits: newHits, of: newCount)))
    #expect(test.method == method)
    #expect((test.pValue - pValue).magnitude <= 1e-9, "\(test.pValue)")
  }

  @Test func `the interval of the difference is that of Newcombe's example`() throws {
    // Newcombe 1998, table II: 56/70 − 48/80, method 10: 0.0524 to 0.3339.
    let test = try #require(ProportionTest(old: Proportion(hits: 48, of: 80), new: Proportion(hits: 56, of: 70)))
    #expect((test.low - 0.0524).magnitude < 0.0001)
    #expect((test.high - 0.3339).magnitude < 0.0001)
  }

  @Test func `nothing is tested against nothing`() {
    #expect(ProportionTest(old: Proportion(hits: 0, of: 0), new: Proportion(hits: 1, of: 2)) == nil)
  }

  @Test func `many tests raise each p-value, and keep their order`() {
    let adjusted = HolmCorrection.adjusted([0.01, 0.04, 0.03, 0.005])
    #expect(zip(adjusted, [0.03, 0.06, 0.06, 0.02]).allSatisfy { ($0 - $1).magnitude < 1e-12 }, "\(adjusted)")
  }
}
