import Packets

/// The segments of one place by their stream offset, to find those that share bytes with another without a search of all.
struct RangeIndex {
  /// By offset, those with the same in the order of capture.
  private let segments: [Segment]
  private var longest: Int64 = 1
  /// The end of what was sent, in the stream; the least number without packets.
  private(set) var end = Int64.min

  private struct Segment {
    var offset: Int64
    var index: Int32

    static func < (one: Segment, other: Segment) -> Bool {
      one.offset == other.offset ? one.index < other.index : one.offset < other.offset
    }
  }

  /// Indexes what takes sequence space at a place.
  init(_ trace: DirectionTrace, place: Int) {
    // Nearly all segments come in the order of the stream: only the others are sorted.
    var inOrder: [Segment] = []
    var late: [Segment] = []
    inOrder.reserveCapacity(trace.ranges[place].count)
    for index in trace.ranges[place] {
      let transmission = trace.transmissions[index]
      end = max(end, transmission.end)
      guard transmission.takesSequence, !transmission.isICMPError else { continue }
      longest = max(longest, Int64(transmission.sequenceLength))
      let segment = Segment(offset: transmission.offset, index: Int32(index))
      if let last = inOrder.last, segment.offset < last.offset { late.append(segment) } else { inOrder.append(segment) }
    }
    late.sort { $0 < $1 }
    segments = Self.merge(inOrder, late)
  }

  private static func merge(_ inOrder: [Segment], _ late: [Segment]) -> [Segment] {
    if late.isEmpty { return inOrder }
    var merged: [Segment] = []
    merged.reserveCapacity(inOrder.count + late.count)
    var next = 0
    for segment in late {
      while next < inOrder.count, inOrder[next] < segment {
        merged.append(inOrder[next])
        next += 1
      }
      merged.append(segment)
    }
    merged.append(contentsOf: inOrder[next...])
    return merged
  }

  /// Calls `body` with each transmission that shares sequence space with `transmission`, until it returns false.
  func forEachSharing(_ transmission: Transmission, in trace: DirectionTrace, _ body: (Int) -> Bool) {
    var low = 0
    var high = segments.count
    while low < high {
      let middle = (low + high) / 2
      if segments[middle].offset < transmission.offset - longest { low = middle + 1 } else { high = middle }
    }
    while low < segments.count, segments[low].offset < transmission.end {
      let candidate = Int(segments[low].index)
      if trace.transmissions[candidate].end > transmission.offset, !body(candidate) { return }
      low += 1
    }
  }
}

/// The range indexes of one trace, each made when it is first asked for.
final class RangeIndexes {
  private var made: [RangeIndex?]
  private let trace: DirectionTrace

  init(_ trace: DirectionTrace) {
    self.trace = trace
    made = Array(repeating: nil, count: trace.path.count)
  }

  subscript(place: Int) -> RangeIndex {
    if let index = made[place] { return index }
    let index = RangeIndex(trace, place: place)
    made[place] = index
    return index
  }
}
