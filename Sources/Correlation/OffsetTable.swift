import Verdicts

/// The offset of one clock against another over time, as estimates at equal steps and straight lines between them.
///
/// Every estimate lies within its bounds, so that delays computed by it are negative by no more than clocks drift within
/// one step.
public struct OffsetTable: Sendable {
  private let start: Int64
  private let step: Int64
  private let offsets: [Int64]
  /// When one of the clocks was set.
  private let steps: [Int64]
  /// The largest distance of the true offset from the table, in nanoseconds.
  public let errorNS: Int64

  /// The table for the clock at `position` minus that at `reference`; `nil` where the traffic does not bound it.
  public init?(_ bounds: ClockBounds, of position: Int, against reference: Int) {
    start = bounds.covered.lowerBound
    step = bounds.gridStep
    var offsets: [Int64] = []
    var error: Int64?
    for index in 0...Int(ClockBounds.gridSteps) {
      guard let estimate = bounds.offset(of: position, against: reference, atStep: index) else { return nil }
      offsets.append(estimate.offsetNS)
      error = max(error ?? 0, estimate.errorNS)
    }
    guard let error else { return nil }
    self.offsets = offsets
    steps = bounds.steps(of: position, against: reference).map(\.timeNS)
    errorNS = error
  }

  /// The offset at a time as ``ClockBounds/referenceTime(_:at:)`` gives it, in nanoseconds.
  public func offset(at timeNS: Int64) -> Int64 {
    let place = min(max(0, timeNS - start), step * ClockBounds.gridSteps)
    let index = Int(place / step)
    guard index + 1 < offsets.count else { return offsets[offsets.count - 1] }
    let (before, after) = (offsets[index], offsets[index + 1])
    // Across a step of a clock there is no line to follow.
    if steps.contains(where: { $0 >= start + Int64(index) * step && $0 <= start + Int64(index + 1) * step }) {
      return place % step * 2 < step ? before : after
    }
    return before + Int64(Double(after - before) * (Double(place % step) / Double(step)))
  }
}
