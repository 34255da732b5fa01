import Packets

/// Pairs packets that carry the same bytes in other pieces: segments cut by a box or a network card, or merged.
///
///     upstream    [──────── 0..4344 ────────]      [── 4344..5792 ──]
///     downstream  [ 0..1448 ][ ..2896 ][ ..4344 ][ 4344..5000 ][ ..5792 ]
///
/// A byte range may have been sent more than once; timestamps tell the copies apart where they survive, and time else.
struct RangeJoin {
  let survival: FeatureSurvival
  let usualDelta: Int64?
  let leastDelta: Int64?

  func join(_ trace: inout DirectionTrace, up: [Int32], down: [Int32]) {
    let senders = up.filter { trace.transmissions[Int($0)].record.payloadLength > 0 }
      .sorted { (trace.transmissions[Int($0)].offset, $0) < (trace.transmissions[Int($1)].offset, $1) }
    guard !senders.isEmpty else { return }
    let starts = senders.map { trace.transmissions[Int($0)].offset }
    let longest = Int64(senders.map { trace.transmissions[Int($0)].record.payloadLength }.max() ?? 0)
    for arrival in down where trace.transmissions[Int(arrival)].record.payloadLength > 0 {
      fill(arrival, from: senders, starts, longest, &trace)
    }
  }

  /// Finds for each byte of an arrival the transmission that brought it.
  private func fill(
    _ arrival: Int32, from senders: [Int32], _ starts: [Int64], _ longest: Int64, _ trace: inout DirectionTrace
  ) {
    let target = trace.transmissions[Int(arrival)]
    let end = target.offset + Int64(target.record.payloadLength)
    var position = target.offset
    while position < end {
      var best: Int32 = -1
      var bestMiss = Int64.max
      var following = end
      var place = Self.firstIndex(in: starts, notBelow: position - longest)
      while place < senders.count, starts[place] < end {
        let sender = senders[place]
        let candidate = trace.transmissions[Int(sender)]
        let candidateEnd = candidate.offset + Int64(candidate.record.payloadLength)
        place += 1
        guard candidateEnd > position, mayCarry(candidate, target) else { continue }
        if candidate.offset > position {
          following = min(following, candidate.offset)
          continue
        }
        let bytes = min(candidateEnd, end) - position
        guard Int64(candidate.bytesFound + candidate.bytesFoundFurther) + bytes <= Int64(candidate.record.payloadLength)
        else { continue }
        let miss = abs(target.record.timeNS - candidate.record.timeNS - (usualDelta ?? 0))
        if miss < bestMiss { (best, bestMiss) = (sender, miss) }
      }
      guard best >= 0 else {
        position = following
        continue
      }
      let sender = trace.transmissions[Int(best)]
      let bytes = min(sender.offset + Int64(sender.record.payloadLength), end) - position
      if sender.next < 0 { trace.transmissions[Int(best)].next = arrival }
      let isNext = trace.transmissions[Int(trace.transmissions[Int(best)].next)].place == target.place
      if isNext {
        trace.transmissions[Int(best)].bytesFound += UInt32(bytes)
      } else {
        trace.transmissions[Int(best)].bytesFoundFurther += UInt32(bytes)
      }
      if trace.transmissions[Int(arrival)].previous < 0 {
        trace.transmissions[Int(arrival)].previous = best
        trace.transmissions[Int(arrival)].link = .range
        trace.transmissions[Int(arrival)].linkConfidence = 0.95
      }
      position += bytes
    }
  }

  /// Whether an arrival can be a piece of this transmission, or hold it.
  private func mayCarry(_ up: Transmission, _ down: Transmission) -> Bool {
    // Equal ranges were compared as packets already.
    if up.offset == down.offset, up.record.payloadLength == down.record.payloadLength { return false }
    if let leastDelta, down.timeNS - up.timeNS < leastDelta - ScoredJoin.impossibleLeadNS, !down.isUntimed {
      return false
    }
    guard up.record.marks.contains(.timestamps), survival.timestamp.isReliable else { return true }
    return up.record.timestampValue == down.record.timestampValue
  }

  /// The first place in ascending `values` that is not below `bound`.
  private static func firstIndex(in values: [Int64], notBelow bound: Int64) -> Int {
    var low = 0
    var high = values.count
    while low < high {
      let middle = (low + high) / 2
      if values[middle] < bound { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
