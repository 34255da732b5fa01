import Matching
public import Verdicts

/// What the traffic says of the points' clocks: bounds that assume nothing of the paths, and estimates within them.
///
/// A packet cannot arrive before it was sent. So a packet from point a to point b bounds b's clock against a's from
/// above, and one from b to a from below:
///
///     offset(b) − offset(a)  ≤  tb − ta  of any packet from a to b
///     offset(b) − offset(a)  ≥  tb − ta  of any packet from b to a
///
/// These are difference constraints; the tightest bounds over any chain of points are shortest paths. A bound taken at
/// one time is carried to another by the most that two clocks may drift apart. The middle of the bounds is right if the
/// smallest delays are equal both ways (Paxson 1998).
public struct ClockBounds: Sendable {
  /// The most that two clocks may drift apart; a free-running crystal is within 100 ppm.
  public static let greatestDriftPPM: Int64 = 200

  private let count: Int
  private let segments: [ClockSegment]
  private let rough: [Int64]
  private let start: Int64
  private let end: Int64
  /// What bounds the clocks at equal steps over the whole time, made once for all pairs of clocks.
  private var grid: [[Constraint]] = []

  /// Steps of the grid.
  static let gridSteps: Int64 = 64

  /// Offset of one clock against another: the middle of its bounds and half their distance, in nanoseconds.
  public struct Estimate: Sendable, Equatable {
    /// The middle of the bounds.
    public var offsetNS: Int64
    /// The true offset is no further than this from ``offsetNS``.
    public var errorNS: Int64
  }

  init(count: Int, segments: SegmentTable) {
    self.count = count
    let tallies = Array(segments)
    let rough = Self.roughOffsets(count: count, tallies)
    self.rough = rough
    let spans = tallies.flatMap { _, tally in
      ClockSegment.spans(tally.towardsFar.fastest + tally.towardsNear.fastest)
    }
    let usualSpan = spans.sorted().middle ?? 0
    self.segments = tallies.map { pair, tally in
      ClockSegment(
        pair: pair, far: tally.towardsFar.fastest, near: tally.towardsNear.fastest,
        roughNear: rough[pair.near], roughFar: rough[pair.far], usualSpan: usualSpan)
    }
    let times = self.segments.flatMap { [$0.bounds.first, $0.bounds.last] }.compactMap { $0?.timeNS }
    start = times.min() ?? 0
    end = times.max() ?? 0
    grid = (0...Self.gridSteps).map { constraints(at: start + $0 * gridStep) }
  }

  /// Nanoseconds from one step of the grid to the next.
  var gridStep: Int64 { max(1, (max(start, end) - start) / Self.gridSteps) }

  /// For each position, its clock minus that of the first one from typical packets: good enough to put times in order.
  private static func roughOffsets(count: Int, _ tallies: [(key: PointPair, value: SegmentTally)]) -> [Int64] {
    var rough = [Int64](repeating: 0, count: count)
    for position in 1..<max(1, count) {
      // The segment that reaches this position from the nearest one before it.
      guard
        let (pair, tally) = tallies.last(where: { pair, tally in
          pair.far == position && tally.towardsFar.count + tally.towardsNear.count > 0
        })
      else {
        rough[position] = rough[position - 1]
        continue
      }
      let middles = [tally.towardsFar, tally.towardsNear].compactMap {
        $0.fastest.map(\.differenceNS).sorted().middle
      }
      rough[position] = rough[pair.near].addingSaturated(middles.reduce(0) { $0 + $1 / Int64(middles.count) })
    }
    return rough
  }

  /// A time by the clock at a position, roughly by the reference clock.
  public func referenceTime(_ timeNS: Int64, at position: Int) -> Int64 { timeNS.addingSaturated(-rough[position]) }

  /// The time for which there are bounds, roughly by the reference clock.
  var covered: ClosedRange<Int64> { start...max(start, end) }

  /// Offset of the clock at `position` minus that at `reference`, at a time as ``referenceTime(_:at:)`` gives it.
  ///
  /// `nil` if the traffic bounds it from one side only, or contradicts itself (a clock was set meanwhile).
  public func offset(of position: Int, against reference: Int, at timeNS: Int64) -> Estimate? {
    estimate(of: position, against: reference, constraints(at: timeNS))
  }

  /// Offset of the clock at `position` minus that at `reference`, at a step of the grid.
  func offset(of position: Int, against reference: Int, atStep step: Int) -> Estimate? {
    estimate(of: position, against: reference, grid[step])
  }

  private func estimate(of position: Int, against reference: Int, _ edges: [Constraint]) -> Estimate? {
    if position == reference { return Estimate(offsetNS: 0, errorNS: 0) }
    let upper = tightest(from: reference, to: position, edges)
    let lower = tightest(from: position, to: reference, edges)
    guard let upper, let lower, upper >= -lower, upper < .max / 2, lower < .max / 2 else { return nil }
    return Estimate(offsetNS: -lower + (upper + lower) / 2, errorNS: (upper + lower + 1) / 2)
  }

  /// The least upper bound of offset(to) − offset(from): Bellman and Ford's shortest path over the constraints.
  private func tightest(from: Int, to: Int, _ edges: [Constraint]) -> Int64? {
    var best = [Int64?](repeating: nil, count: count)
    best[from] = 0
    for _ in 0..<count {
      for edge in edges {
        guard let reached = best[edge.from] else { continue }
        let through = reached.addingSaturated(edge.bound)
        if let held = best[edge.to], held <= through { continue }
        best[edge.to] = through
      }
    }
    return best[to]
  }

  private struct Constraint {
    var from: Int
    var to: Int
    var bound: Int64
  }

  /// offset(to) − offset(from) ≤ bound, for each segment and direction.
  private func constraints(at timeNS: Int64, window: ClosedRange<Int64>? = nil) -> [Constraint] {
    var edges: [Constraint] = []
    for segment in segments {
      // A bound from before a step of a clock says nothing of the time after it.
      let epoch = segment.epoch(at: timeNS)
      var upper = Int64.max
      var lower = Int64.min
      for bound in segment.bounds
      where epoch.contains(bound.timeNS) && (window.map { $0.contains(bound.timeNS) } ?? true) {
        let slack = Self.slack(bound.timeNS, timeNS)
        if bound.isUpper {
          upper = min(upper, bound.offsetNS.addingSaturated(slack))
        } else {
          lower = max(lower, bound.offsetNS.addingSaturated(-slack))
        }
      }
      if upper < .max { edges.append(Constraint(from: segment.pair.near, to: segment.pair.far, bound: upper)) }
      if lower > .min { edges.append(Constraint(from: segment.pair.far, to: segment.pair.near, bound: -lower)) }
    }
    return edges
  }

  static func slack(_ sampled: Int64, _ timeNS: Int64) -> Int64 {
    abs(sampled.addingSaturated(-timeNS)) / 1_000_000 * greatestDriftPPM
  }
}

extension ClockBounds {
  /// Drift of one clock against another, and how far it can be trusted.
  public struct Drift: Sendable, Equatable {
    /// Parts per million; positive if the clock runs fast.
    public var ppm: Double
    /// Standard error in parts per million.
    public var uncertaintyPPM: Double
    /// What round trips that changed may account for, if all of the change was in one direction, in parts per million.
    public var asymmetryPPM: Double

    /// Whether it is clearly greater than what scatter or a queue that grew in one direction would look like, or both are
    /// too small to matter.
    public var isKnown: Bool {
      if max(uncertaintyPPM, asymmetryPPM) <= Self.negligiblePPM { return true }
      return uncertaintyPPM <= 5 && abs(ppm) >= Self.clearly * uncertaintyPPM && abs(ppm) >= 2 * asymmetryPPM
    }

    /// A tenth of a millisecond in a quarter of an hour.
    private static let negligiblePPM = 0.1
    private static let clearly = 5.0
  }

  private static let driftWindows: Int64 = 12

  /// Drift of the clock at `position` against that at `reference`: least squares over estimates from separate windows of
  /// time, whose scatter says how sure it is; `nil` where too few windows have packets both ways.
  public func drift(of position: Int, against reference: Int) -> Drift? {
    let width = (end - start) / Self.driftWindows
    guard width > 0 else { return nil }
    var series: [(time: Double, offset: Double, roundTrip: Double)] = []
    let stepTimes = steps(of: position, against: reference)
    for index in 0..<Self.driftWindows {
      let window = (start + index * width)...(start + (index + 1) * width)
      let middle = start + index * width + width / 2
      let edges = constraints(at: middle, window: window)
      guard let upper = tightest(from: reference, to: position, edges),
        let lower = tightest(from: position, to: reference, edges),
        // Bounds of damaged times may lie so far apart that they do not add up.
        upper.magnitude < .max / 4, lower.magnitude < .max / 4
      else { continue }
      // What a clock was set by is no drift.
      let set = stepTimes.reduce(Int64(0)) { $1.timeNS <= middle ? $0.addingSaturated($1.byNS) : $0 }
      let offset = ((upper - lower) / 2).differenceSaturated(from: set)
      series.append((Double(middle - start), Double(offset), Double(upper + lower)))
    }
    guard series.count >= 6 else { return nil }
    let n = Double(series.count)
    let meanTime = series.reduce(0) { $0 + $1.time } / n
    let meanOffset = series.reduce(0) { $0 + $1.offset } / n
    let spread = series.reduce(0) { $0 + ($1.time - meanTime) * ($1.time - meanTime) }
    let slope = series.reduce(0) { $0 + ($1.time - meanTime) * ($1.offset - meanOffset) } / spread
    let residual = series.reduce(0) {
      let miss = $1.offset - meanOffset - slope * ($1.time - meanTime)
      return $0 + miss * miss
    }
    // A queue that grows in one direction moves the middle of the bounds by half of what it adds to the round trip.
    let meanRoundTrip = series.reduce(0) { $0 + $1.roundTrip } / n
    let trend = series.reduce(0) { $0 + ($1.time - meanTime) * ($1.roundTrip - meanRoundTrip) } / spread
    return Drift(
      ppm: slope * 1e6, uncertaintyPPM: (residual / (n - 2) / spread).squareRoot() * 1e6,
      asymmetryPPM: abs(trend) / 2 * 1e6)
  }

  /// Sudden changes of the clock at `position` against that at `reference`, by time.
  ///
  /// The steps of all segments between the two, added up: what one clock does appears on both of its sides with opposite
  /// signs, and cancels for all clocks but its own.
  public func steps(of position: Int, against reference: Int) -> [ClockStep] {
    var found: [ClockStep] = []
    for segment in segments where segment.pair.far == segment.pair.near + 1 {
      let isBetween = segment.pair.near >= min(position, reference) && segment.pair.far <= max(position, reference)
      guard isBetween else { continue }
      for step in segment.steps {
        let signed = position > reference ? step.byNS : -step.byNS
        if let same = found.firstIndex(where: { abs($0.timeNS - step.timeNS) < ClockSegment.sameStepNS }) {
          found[same].byNS += signed
        } else {
          found.append(ClockStep(timeNS: step.timeNS, byNS: signed))
        }
      }
    }
    return found.filter { abs($0.byNS) >= ClockSegment.smallestStepNS }.sorted { $0.timeNS < $1.timeNS }
  }
}

extension Int64 {
  /// The sum, or the nearest value there is: clocks in damaged files may be anywhere.
  func addingSaturated(_ other: Int64) -> Int64 {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? (other < 0 ? -Int64.max : Int64.max) : sum
  }
}
