public import Verdicts

/// So many of so many.
public struct Proportion: Sendable, Hashable {
  /// Packets (or connections) concerned.
  public var hits: Int
  /// Of how many.
  public var count: Int

  /// `hits` of `count`; never more than all.
  public init(hits: Int, of count: Int) {
    self.hits = min(max(0, hits), max(0, count))
    self.count = max(0, count)
  }

  /// 0 to 1; `nil` of none.
  public var share: Double? { count == 0 ? nil : Double(hits) / Double(count) }
  /// 95 % interval of the share; `nil` of none.
  public var interval: WilsonInterval? { WilsonInterval(hits: hits, of: count) }
}
