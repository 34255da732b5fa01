import Verdicts
import Glibc

/// Whether two shares differ by more than chance: two-sided, for packets that fail independently of each other.
///
/// Losses that come in bursts are not independent; then the p-value is too small.
public struct ProportionTest: Sendable, Hashable {
  /// How the p-value was found.
  public enum Method: String, Sendable, Hashable, CaseIterable {
    /// Fisher's exact test, where less than 5 of any kind are to be expected (Cochran 1954).
    case fisherExact = "fisher-exact"
    /// The test of two proportions with their pooled variance.
    case twoProportions = "two-proportion-z"
  }

  /// How the p-value was found.
  public var method: Method
  /// How likely a difference at least as unlikely as this one is if nothing changed, 0 to 1.
  public var pValue: Double
  /// The new share minus the old one.
  public var difference: Double
  /// Lower end of the 95 % interval of the difference (Newcombe 1998, method 10).
  public var low: Double
  /// Upper end of that interval.
  public var high: Double

  /// Tests `new` against `old`; `nil` if one of them is of none.
  public init?(old: Proportion, new: Proportion) {
    guard let oldShare = old.share, let newShare = new.share, let oldInterval = old.interval,
      let newInterval = new.interval
    else { return nil }
    difference = newShare - oldShare
    low = difference - Self.length(newShare - newInterval.low, oldInterval.high - oldShare)
    high = difference + Self.length(newInterval.high - newShare, oldShare - oldInterval.low)
    let total = Double(old.count) + Double(new.count)
    let hits = Double(old.hits) + Double(new.hits)
    let fewest = min(Double(old.count), Double(new.count)) * min(hits, total - hits) / total
    method = fewest < 5 ? .fisherExact : .twoProportions
    switch method {
    case .fisherExact: pValue = Self.fisher(old, new)
    case .twoProportions:
      let pooled = hits / total
      let deviation = (pooled * (1 - pooled) * (1 / Double(old.count) + 1 / Double(new.count))).squareRoot()
      pValue = erfc((difference / deviation).magnitude / 2.0.squareRoot())
    }
  }

  private static func length(_ a: Double, _ b: Double) -> Double { (a * a + b * b).squareRoot() }

  /// The sum of the chances of all tables with the same margins that are no more likely than this one.
  private static func fisher(_ old: Proportion, _ new: Proportion) -> Double {
    let hits = old.hits + new.hits
    let table = { (oldHits: Int) -> Double in
      logBinomial(old.count, oldHits) + logBinomial(new.count, hits - oldHits)
        - logBinomial(old.count + new.count, hits)
    }
    let observed = table(old.hits)
    // Tables that are as likely by arithmetic may come out a hair apart.
    let limit = observed + 1e-7
    var sum = 0.0
    for oldHits in max(0, hits - new.count)...min(hits, old.count) {
      let chance = table(oldHits)
      if chance <= limit { sum += exp(chance) }
    }
    return min(1, sum)
  }

  private static func logBinomial(_ count: Int, _ hits: Int) -> Double {
    lgamma(Double(count) + 1) - lgamma(Double(hits) + 1) - lgamma(Double(count - hits) + 1)
  }
}

/// What many tests at once take: one in twenty finds something in nothing.
enum HolmCorrection {
  /// The p-values that there are, adjusted for their number; `nil` stands for no test.
  static func adjusted(known values: [Double?]) -> [Double?] {
    let tested = values.indices.filter { values[$0] != nil }
    let all = Dictionary(zip(tested, adjusted(tested.compactMap { values[$0] }))) { first, _ in first }
    return values.indices.map { all[$0] }
  }

  /// The p-values adjusted so that all together err no more often than one would (Holm 1979), in the same order.
  static func adjusted(_ values: [Double]) -> [Double] {
    var adjusted = values
    var largest = 0.0
    for (rank, index) in values.indices.sorted(by: { (values[$0], $0) < (values[$1], $1) }).enumerated() {
      largest = max(largest, min(1, values[index] * Double(values.count - rank)))
      adjusted[index] = largest
    }
    return adjusted
  }
}
