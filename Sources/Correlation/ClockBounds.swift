import Verdicts

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
  private let segments: [(pair: PointPair, far: [TimeDifferences.Sample], near: [TimeDifferences.Sample])]
  private let start: Int64
  private let end: Int64

  /// Offset of one clock against another: the middle of its bounds and half their distance, in nanoseconds.
  public struct Estimate: Sendable, Equatable {
    /// The middle of the bounds.
    public var offsetNS: Int64
    /// The true offset is no further than this from ``offsetNS``.
    public var errorNS: Int64
  }

  init(count: Int, segments: [PointPair: SegmentTally]) {
    self.count = count
    self.segments = segments.sorted { $0.key < $1.key }.map { pair, tally in
      (
        pair, tally.towardsFar.fastest.values.sorted { $0.nearNS < $1.nearNS },
        tally.towardsNear.fastest.values.sorted { $0.nearNS < $1.nearNS }
      )
    }
    let times = self.segments.flatMap { [$0.far.first, $0.far.last, $0.near.first, $0.near.last] }
      .compactMap { $0?.nearNS }
    start = times.min() ?? 0
    end = times.max() ?? 0
  }

  /// Offset of the clock at `position` minus that at `reference`, at a time by the clock of any point near it.
  ///
  /// `nil` if the traffic bounds it from one side only, or contradicts itself (a clock was set meanwhile).
  public func offset(of position: Int, against reference: Int, at timeNS: Int64) -> Estimate? {
    if position == reference { return Estimate(offsetNS: 0, errorNS: 0) }
    let upper = tightest(from: reference, to: position, at: timeNS)
    let lower = tightest(from: position, to: reference, at: timeNS)
    guard let upper, let lower, upper >= -lower else { return nil }
    return Estimate(offsetNS: -lower + (upper + lower) / 2, errorNS: (upper + lower + 1) / 2)
  }

  /// The least upper bound of offset(to) − offset(from): Bellman and Ford's shortest path over the constraints.
  private func tightest(from: Int, to: Int, at timeNS: Int64) -> Int64? {
    var best = [Int64?](repeating: nil, count: count)
    best[from] = 0
    let edges = constraints(at: timeNS)
    for _ in 0..<count {
      for edge in edges {
        guard let reached = best[edge.from] else { continue }
        let through = reached + edge.bound
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
  private func constraints(at timeNS: Int64) -> [Constraint] {
    var edges: [Constraint] = []
    for segment in segments {
      if let upper = segment.far.map({ $0.differenceNS + Self.slack($0.nearNS, timeNS) }).min() {
        edges.append(Constraint(from: segment.pair.near, to: segment.pair.far, bound: upper))
      }
      if let lower = segment.near.map({ $0.differenceNS - Self.slack($0.nearNS, timeNS) }).max() {
        edges.append(Constraint(from: segment.pair.far, to: segment.pair.near, bound: -lower))
      }
    }
    return edges
  }

  private static func slack(_ sampled: Int64, _ timeNS: Int64) -> Int64 {
    (abs(sampled - timeNS) / 1_000_000).multipliedReportingOverflow(by: greatestDriftPPM).partialValue
  }

  /// Drift of the clock at `position` against that at `reference` in parts per million, by least squares over the
  /// estimates at equal steps of time; `nil` where their scatter hides it.
  public func drift(of position: Int, against reference: Int) -> Double? {
    let steps: Int64 = 16
    guard end - start > 1_000_000_000 else { return nil }
    var series: [(time: Double, offset: Double)] = []
    for step in 0...steps {
      let time = start + (end - start) / steps * step
      guard let estimate = offset(of: position, against: reference, at: time) else { return nil }
      series.append((Double(time - start), Double(estimate.offsetNS)))
    }
    let n = Double(series.count)
    let meanTime = series.reduce(0) { $0 + $1.time } / n
    let meanOffset = series.reduce(0) { $0 + $1.offset } / n
    let spread = series.reduce(0) { $0 + ($1.time - meanTime) * ($1.time - meanTime) }
    let slope = series.reduce(0) { $0 + ($1.time - meanTime) * ($1.offset - meanOffset) } / spread
    let residual = series.reduce(0) {
      let miss = $1.offset - meanOffset - slope * ($1.time - meanTime)
      return $0 + miss * miss
    }
    let uncertainty = (residual / (n - 2) / spread).squareRoot()
    // Below a part per million nothing that a report says would change.
    guard uncertainty * 1e6 < 5 else { return nil }
    return slope * 1e6
  }
}
