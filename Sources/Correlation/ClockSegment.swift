import Verdicts

/// The fastest packets of one segment, cut where one of its clocks was set (Paxson 1998).
struct ClockSegment: Sendable {
  /// A bound on the far clock minus the near one.
  struct Bound: Sendable {
    /// When it was taken, roughly by the reference clock, in nanoseconds.
    var timeNS: Int64
    /// The bound in nanoseconds.
    var offsetNS: Int64
    /// Whether it bounds from above: the packet went towards the far point.
    var isUpper: Bool
  }

  let pair: PointPair
  /// The bounds, by time.
  let bounds: [Bound]
  /// When the far clock minus the near one changed, and by how much.
  let steps: [ClockStep]

  /// Smaller steps than this are not told from changes of delay.
  static let smallestStepNS: Int64 = 2_000_000
  /// Steps seen on two segments within this time are one clock's.
  static let sameStepNS: Int64 = 2_000_000_000

  /// - Parameters:
  ///   - far: packets towards the far point.
  ///   - near: packets towards the near point.
  ///   - roughNear: rough offset of the near clock against the reference, in nanoseconds.
  ///   - roughFar: rough offset of the far clock against the reference, in nanoseconds.
  ///   - usualSpan: nanoseconds from the first to the last packet by most clocks.
  init(
    pair: PointPair, far: [TimeDifferences.Sample], near: [TimeDifferences.Sample], roughNear: Int64, roughFar: Int64,
    usualSpan: Int64
  ) {
    self.pair = pair
    // A clock that was set tells times wrongly from then on, and its span shows it; then the other one orders the bounds.
    let byNear = Self.bounds(far, near) { $0.nearNS.addingSaturated(-roughNear) }
    let byFar = Self.bounds(far, near) { ($0.nearNS + $0.differenceNS).addingSaturated(-roughFar) }
    bounds =
      abs(Self.span(byNear).addingSaturated(-usualSpan)) <= abs(Self.span(byFar).addingSaturated(-usualSpan))
      ? byNear : byFar
    steps = Self.findSteps(bounds)
  }

  /// The time from the first to the last bound.
  private static func span(_ bounds: [Bound]) -> Int64 {
    (bounds.last?.timeNS ?? 0).addingSaturated(-(bounds.first?.timeNS ?? 0))
  }

  /// Nanoseconds from the first to the last sample by either clock of the two points.
  static func spans(_ samples: [TimeDifferences.Sample]) -> [Int64] {
    [samples.map(\.nearNS), samples.map { $0.nearNS + $0.differenceNS }].compactMap { times in
      times.min().flatMap { least in times.max().map { $0 - least } }
    }
  }

  private static func bounds(
    _ far: [TimeDifferences.Sample], _ near: [TimeDifferences.Sample], time: (TimeDifferences.Sample) -> Int64
  ) -> [Bound] {
    let upper = far.map { Bound(timeNS: time($0), offsetNS: $0.differenceNS, isUpper: true) }
    let lower = near.map { Bound(timeNS: time($0), offsetNS: $0.differenceNS, isUpper: false) }
    return (upper + lower).sorted {
      ($0.timeNS, $0.isUpper ? 0 : 1, $0.offsetNS) < ($1.timeNS, $1.isUpper ? 0 : 1, $1.offsetNS)
    }
  }

  /// The time around `timeNS` in which neither clock was set.
  func epoch(at timeNS: Int64) -> ClosedRange<Int64> {
    let before = steps.last { $0.timeNS <= timeNS }?.timeNS ?? .min
    let after = steps.first { $0.timeNS > timeNS }.map { $0.timeNS - 1 } ?? .max
    return before...after
  }

  /// Goes through the bounds in time, keeping the offsets that all of them since the last step allow.
  ///
  /// A bound that allows none of these contradicts them: a clock was set, unless later bounds fall back to the old ones.
  private static func findSteps(_ bounds: [Bound]) -> [ClockStep] {
    guard bounds.contains(where: \.isUpper), bounds.contains(where: { !$0.isUpper }) else { return [] }
    var steps: [ClockStep] = []
    var allowed = Allowed()
    for (index, bound) in bounds.enumerated() {
      if allowed.admits(bound) {
        allowed.add(bound)
        continue
      }
      // The offset after the contradiction, from what follows alone.
      var following = Allowed()
      var used = 0
      for later in bounds[index...] where used < 24 && following.admits(later) {
        following.add(later)
        used += 1
      }
      guard let old = allowed.middle, let new = following.middle, abs(new.addingSaturated(-old)) >= smallestStepNS,
        following.isDisjoint(from: allowed)
      else { continue }
      steps.append(ClockStep(timeNS: bound.timeNS, byNS: new.addingSaturated(-old)))
      allowed = Allowed()
      allowed.add(bound)
    }
    return steps
  }

  /// The offsets that the bounds since the last step allow, widening as clocks may drift.
  private struct Allowed {
    private var upper: Bound?
    private var lower: Bound?

    private func upper(at timeNS: Int64) -> Int64? {
      upper.map { $0.offsetNS.addingSaturated(ClockBounds.slack($0.timeNS, timeNS)) }
    }
    private func lower(at timeNS: Int64) -> Int64? {
      lower.map { $0.offsetNS.addingSaturated(-ClockBounds.slack($0.timeNS, timeNS)) }
    }

    /// Whether a bound leaves any offset allowed.
    func admits(_ bound: Bound) -> Bool {
      if bound.isUpper {
        guard let lower = lower(at: bound.timeNS) else { return true }
        return bound.offsetNS >= lower - ClockSegment.smallestStepNS / 4
      }
      guard let upper = upper(at: bound.timeNS) else { return true }
      return bound.offsetNS <= upper + ClockSegment.smallestStepNS / 4
    }

    mutating func add(_ bound: Bound) {
      if bound.isUpper {
        if upper(at: bound.timeNS).map({ bound.offsetNS <= $0 }) ?? true { upper = bound }
      } else if lower(at: bound.timeNS).map({ bound.offsetNS >= $0 }) ?? true {
        lower = bound
      }
    }

    var middle: Int64? {
      guard let upper, let lower else { return nil }
      return lower.offsetNS / 2 + upper.offsetNS / 2
    }

    func isDisjoint(from other: Allowed) -> Bool {
      guard let upper, let lower, let otherUpper = other.upper, let otherLower = other.lower else { return false }
      return lower.offsetNS > otherUpper.offsetNS || upper.offsetNS < otherLower.offsetNS
    }
  }
}
