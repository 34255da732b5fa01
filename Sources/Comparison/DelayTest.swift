import Verdicts
import Glibc

/// Whether packets take longer, or shorter, than before by more than chance and the clocks explain.
///
/// The rank-sum test (Mann and Whitney 1947) in its normal approximation, on the hundred classes of equal size that an
/// analysis keeps of each distribution. Packets count as independent of each other, which those of one queue are not;
/// so a change counts only from ``leastSuperiority`` and ``leastChangeNS(old:)`` on, however small the p-value is.
public struct DelayTest: Sendable, Hashable {
  /// How likely it is that a packet of the newer analysis took longer than one of the older, 0 to 1; 0.5 if they are alike.
  ///
  /// After what the clocks leave open was given to the other side.
  public var superiority: Double
  /// How likely a difference at least as large as this one is if nothing changed, 0 to 1; two-sided.
  public var pValue: Double
  /// By how much the median changed beyond what the clocks leave open, in nanoseconds; 0 if not.
  public var changeNS: Int64

  /// A small effect by the measure of Vargha and Delaney (2000).
  public static let leastSuperiority = 0.56

  /// The change of a median of so many nanoseconds from which on it matters: a tenth of it, and 0.1 ms.
  public static func leastChangeNS(old: Int64) -> Int64 { max(100_000, Int64(old.magnitude / 10)) }

  /// Tests `new` against `old`; `nil` where an analysis keeps no distribution.
  ///
  /// - Parameter leftOpenNS: by how much one may be shifted against the other, as far as the clocks go, in nanoseconds.
  init?(old: DelaySample, new: DelaySample, leftOpenNS: Int64) {
    guard let before = old.classes, let after = new.classes else { return nil }
    let longer = Self.superiority(of: after, over: before, shift: -leftOpenNS)
    let shorter = Self.superiority(of: after, over: before, shift: leftOpenNS)
    // Of the two ends that the clocks allow, the one that says less; between them nothing can be said.
    superiority = longer > 0.5 ? longer : shorter < 0.5 ? shorter : 0.5
    let (one, other) = (Double(old.count), Double(new.count))
    let deviation = ((one + other + 1) / (12 * one * other)).squareRoot()
    // A class of a hundredth may hide half of one on each side.
    let distance = max(0, (superiority - 0.5).magnitude - 0.01)
    pValue = erfc(distance / deviation / 2.0.squareRoot())
    let change = new.medianNS &- old.medianNS
    changeNS = change > leftOpenNS ? change - leftOpenNS : change < -leftOpenNS ? change + leftOpenNS : 0
  }

  /// Which way it went, if the effect is large enough to matter.
  func verdict(oldMedianNS: Int64) -> Verdict {
    guard changeNS.magnitude >= Self.leastChangeNS(old: oldMedianNS).magnitude else { return .unclear }
    if superiority >= Self.leastSuperiority, changeNS > 0 { return .worse }
    return superiority <= 1 - Self.leastSuperiority && changeNS < 0 ? .better : .unclear
  }

  /// The share of pairs in which the one of `these`, shifted, is greater; equal ones count half.
  ///
  /// Both are ascending.
  private static func superiority(of these: [Int64], over others: [Int64], shift: Int64) -> Double {
    var (below, upTo, sum) = (0, 0, 0)
    for value in these {
      let shifted = value &+ shift
      while below < others.count, others[below] < shifted { below += 1 }
      while upTo < others.count, others[upTo] <= shifted { upTo += 1 }
      sum += below + upTo
    }
    return Double(sum) / Double(2 * these.count * others.count)
  }
}

/// How long packets took, or how far above what the quickest of them usually take, or there and back.
struct DelaySample {
  /// Packets.
  let count: Int
  /// Ascending middles of a hundred classes with equally many packets; `nil` without packets.
  let classes: [Int64]?

  /// The middle of the classes; 0 without packets.
  var medianNS: Int64 { classes.map { $0[$0.count / 2] } ?? 0 }

  /// The delays of one direction, less the one that is given.
  init(_ histogram: DelayHistogram, above least: Int64 = 0) {
    let percentiles = histogram.percentilesNS
    count = histogram.sampled
    let isWhole = percentiles.count > 1 && histogram.sampled > 0
    classes = isWhole ? zip(percentiles, percentiles.dropFirst()).map { $0 &+ ($1 &- $0) / 2 &- least } : nil
  }

  /// There and back, as if every packet were answered at once: what the one clock adds, the other takes away.
  init?(_ there: DelayHistogram, _ back: DelayHistogram) {
    let (one, other) = (DelaySample(there), DelaySample(back))
    guard let out = one.classes, let home = other.classes else { return nil }
    count = min(one.count, other.count)
    let sums = out.flatMap { delay in home.map { delay &+ $0 } }.sorted()
    classes = out.indices.map { sums[$0 * home.count + home.count / 2] }
  }
}

extension DelayHistogram {
  /// The delay that a twentieth of the packets stay below, in nanoseconds: the least but for outliers; 0 without packets.
  ///
  /// The least one of all is a single packet, and a wrong one moves all others away from it.
  var usualLeastNS: Int64 { percentilesNS.count > 5 ? percentilesNS[5] : 0 }
}
