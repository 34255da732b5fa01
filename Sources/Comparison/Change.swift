public import Verdicts

/// Which way something went.
public enum Verdict: String, Sendable, Hashable, CaseIterable {
  /// By more than chance explains.
  case worse
  /// By more than chance explains.
  case better
  /// Different or not, chance explains it.
  case unclear
  /// Nothing to compare with on one side.
  case notComparable = "not-comparable"
}

/// What is counted of a segment and direction.
public enum Measure: String, Sendable, Hashable, CaseIterable {
  /// Lost, of the packets whose fate is known.
  case loss
  /// Reordered, of those delivered.
  case reorder
  /// Further copies, of all that arrived.
  case duplicate
  /// With a checksum that no longer holds, of those delivered.
  case corrupt
  /// First seen on the segment, of all that arrived.
  case inject
  /// Changed in a way that harms or varies, of those delivered.
  case rewrite

  /// The share in a ledger.
  public func proportion(in ledger: SegmentLedger) -> Proportion {
    switch self {
    case .loss: Proportion(hits: ledger.lost, of: ledger.decided)
    case .reorder: Proportion(hits: ledger.reordered, of: ledger.delivered)
    case .duplicate: Proportion(hits: ledger.duplicated, of: ledger.delivered + ledger.duplicated)
    case .corrupt: Proportion(hits: ledger.corrupted, of: ledger.delivered)
    case .inject: Proportion(hits: ledger.injected, of: ledger.delivered + ledger.injected)
    case .rewrite: Proportion(hits: ledger.rewritten, of: ledger.delivered)
    }
  }
}

/// Where, by names: positions differ between analyses.
public struct Place: Sendable, Hashable {
  /// The name of the point, or of the one nearer to the client; `nil` for the whole path.
  public var near: String?
  /// The name of the point nearer to the server; `nil` for a single point.
  public var far: String?

  /// The place with these names.
  public init(near: String?, far: String?) {
    self.near = near
    self.far = far
  }
}

/// One share before and after.
public struct RateChange: Sendable, Hashable {
  /// Before.
  public var old: Proportion
  /// After.
  public var new: Proportion
  /// `nil` where one of the two is of none.
  public var test: ProportionTest?
  /// The p-value with regard to how many tests there are (Holm); `nil` without a test.
  public var adjustedP: Double?
  /// Which way it went, by ``adjustedP`` below ``AnalysisComparison/level``.
  public var verdict: Verdict
}

/// One measure of one segment and direction.
public struct LedgerChange: Sendable, Hashable {
  /// The segment.
  public var place: Place
  /// The box that the segment is the inside of, by the newer analysis.
  public var inside: String?
  /// The direction.
  public var direction: Direction
  /// What is counted.
  public var measure: Measure
  /// Before and after.
  public var rate: RateChange
}

/// How long packets take over one segment.
public struct DelayChange: Sendable, Hashable {
  /// What is measured.
  public enum Measure: String, Sendable, Hashable, CaseIterable {
    /// The one-way delay, which may be off by the error of the clocks.
    case delay
    /// By how much the delay exceeds that which 5 % stay below (after RFC 5481, packet delay variation): free of the
    /// clocks' offset, and of single outliers.
    case variation
    /// There and back, both directions added: free of the clocks' offset, which each adds to the one and takes from the other.
    case roundTrip = "round-trip"
  }

  /// The segment.
  public var place: Place
  /// The direction; `nil` for a round trip.
  public var direction: Direction?
  /// What is measured.
  public var measure: Measure
  /// Median before, in nanoseconds.
  public var oldNS: Int64
  /// By how much it may be off, as far as the clocks go.
  public var oldErrorNS: Int64
  /// Median after, in nanoseconds.
  public var newNS: Int64
  /// By how much it may be off, as far as the clocks go.
  public var newErrorNS: Int64
  /// `nil` where an analysis does not keep how delays are distributed, as those of older releases.
  public var test: DelayTest?
  /// The p-value with regard to how many tests of delays there are (Holm); `nil` without a test.
  public var adjustedP: Double?
  /// Which way it went; longer is worse.
  public var verdict: Verdict

  /// Whether the bounds of the clocks leave no room for equal medians; `nil` if they do.
  public var isLonger: Bool? {
    if newNS - newErrorNS > oldNS + oldErrorNS { return true }
    if newNS + newErrorNS < oldNS - oldErrorNS { return false }
    return nil
  }

  /// Whether chance does not explain the difference, but it is too small to matter.
  public var isSmall: Bool {
    verdict == .unclear && (adjustedP.map { $0 < AnalysisComparison.level } ?? false)
  }

  /// Longer or shorter counts if it is both beyond chance and large enough to matter.
  mutating func judge(_ adjusted: Double?) {
    adjustedP = adjusted
    guard let test, let adjusted, adjusted < AnalysisComparison.level else { return }
    verdict = test.verdict(oldMedianNS: oldNS)
  }
}

/// Findings of one kind at one place, before and after.
public struct FindingChange: Sendable, Hashable {
  /// Whether it is in both.
  public enum Presence: String, Sendable, Hashable, CaseIterable {
    /// Only in the newer analysis.
    case appeared
    /// Only in the older one.
    case gone
    /// In both.
    case stayed
  }

  /// A stable name such as `loss`.
  public var kind: String
  /// The worst of both analyses.
  public var severity: Severity
  /// Where.
  public var place: Place
  /// The direction, if it concerns one.
  public var direction: Direction?
  /// One line, from the newer analysis if it is there.
  public var title: String
  /// Whether it is in both.
  public var presence: Presence
  /// Packets before.
  public var oldPackets: Int
  /// Packets after.
  public var newPackets: Int
  /// Connections concerned, of all; `nil` for a finding that is about no connection.
  public var connections: RateChange?
  /// Which way it went.
  ///
  /// Without connections to count, a fault or warning that appeared is worse, one that is gone better.
  public var verdict: Verdict
}
