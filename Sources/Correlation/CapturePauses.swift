import Flows
import Verdicts

/// Finds the pauses of captures: silences in which packets passed that the capture surely missed.
///
/// A capture that misses packets at some rate misses several in a row now and then; a pause is a run that chance does not
/// explain.
struct CapturePauses {
  let points: [PointTraffic]
  let model: PairModel
  let tally: CorrelationTally

  /// Misses in one silence that make it a pause at the least.
  private static let fewestMisses = 5
  /// Pauses expected by chance in a whole capture, at most.
  private static let chance = 1e-3
  /// A packet whose time is only estimated may lie this far outside the silence and still belong to it.
  private static let marginNS: Int64 = 1_000_000

  /// For each position, the pauses of its capture, by its own clock.
  func find() -> [[ClosedRange<Int64>]] {
    var counts = points.map { [Int](repeating: 0, count: $0.silences.count) }
    for event in tally.events where event.kind == .notCaptured {
      guard let point = event.point, let silence = silence(of: event, at: point) else { continue }
      counts[point][silence] += 1
    }
    return points.indices.map { position in
      let inSilences = counts[position].reduce(0, +)
      return counts[position].indices.filter { isPause(position, misses: counts[position][$0], of: inSilences) }
        .map { index in
          let silence = points[position].silences[index]
          return silence.lowerBound - Self.marginNS...silence.upperBound + Self.marginNS
        }
    }
  }

  private func isPause(_ position: Int, misses: Int, of inSilences: Int) -> Bool {
    guard misses >= Self.fewestMisses else { return false }
    let elsewhere = Double((tally.missed[position] ?? 0) - inSilences) + 0.5
    let passed = Double(tally.seen[position] ?? 0) + elsewhere
    var byChance = passed
    for _ in 0..<min(misses, 64) { byChance *= elsewhere / passed }
    return byChance < Self.chance
  }

  /// The silence in which the packet should have been seen at a point that missed it; where a clock was set meanwhile, by
  /// its time before and after.
  private func silence(of event: PacketEvent, at point: Int) -> Int? {
    let places = expectedTimes(of: event, at: point).map { Self.index(of: $0, in: points[point].silences) }
    guard let first = places.first, places.allSatisfy({ $0 == first }) else { return nil }
    return first
  }

  private func expectedTimes(of event: PacketEvent, at point: Int) -> [Int64] {
    if let upstream = event.upstream, model.usualDelta(event.direction, from: upstream.position, to: point) != nil {
      return model.deltas(event.direction, from: upstream.position, to: point, at: upstream.timeNS)
        .map { upstream.timeNS.addingSaturated($0) }
    }
    guard event.upstream == nil, let downstream = event.downstream,
      let delta = model.usualDelta(event.direction, from: point, to: downstream.position)
    else { return [] }
    return [downstream.timeNS.differenceSaturated(from: delta)]
  }

  private static func index(of timeNS: Int64, in silences: [ClosedRange<Int64>]) -> Int? {
    silences.firstIndex { $0.lowerBound - marginNS <= timeNS && timeNS <= $0.upperBound + marginNS }
  }
}
