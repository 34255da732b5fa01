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
      guard let point = event.point, let time = expectedTime(of: event, at: point),
        let silence = Self.index(of: time, in: points[point].silences)
      else { continue }
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

  /// When the packet should have been seen at a point that missed it.
  private func expectedTime(of event: PacketEvent, at point: Int) -> Int64? {
    if let upstream = event.upstream {
      return model.usualDelta(event.direction, from: upstream.position, to: point).map { upstream.timeNS + $0 }
    }
    guard let downstream = event.downstream else { return nil }
    return model.usualDelta(event.direction, from: point, to: downstream.position).map { downstream.timeNS - $0 }
  }

  private static func index(of timeNS: Int64, in silences: [ClosedRange<Int64>]) -> Int? {
    silences.firstIndex { $0.lowerBound - marginNS <= timeNS && timeNS <= $0.upperBound + marginNS }
  }
}
