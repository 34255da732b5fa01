import Packets

/// The segments of one place by their stream offset, to find those that share bytes with another without a search of all.
///
/// Nearly all come in the order of the stream, and are found where they lie: of every few transmissions only how far the
/// stream had come before them is kept, and where it goes on. The others, the late ones, are sorted.
///
///     trace:     0–99  ack  100–199  300–399 │ 200–299  ack  400–499 …
///     reached:   –                           │ 300                        before every few of them
///     onward:    ↑                           │               ↑
///     late:                                    200
struct RangeIndex {
  /// Where the place's transmissions lie in the trace.
  private let range: Range<Int>
  /// The highest offset of a segment before each `stretch` transmissions.
  private var reached: [Int64] = []
  /// For each of those, the first segment at or behind it that is not late.
  private var onward: [Int32] = []
  /// Those before whose offset the stream had come further, by offset, those with the same in the order of capture.
  private var late: [Segment] = []
  private var longest: Int64 = 1
  /// The end of what was sent, in the stream; the least number without packets.
  private(set) var end = Int64.min

  private static let stretch = 32

  private struct Segment {
    var offset: Int64
    var index: Int

    static func < (one: Segment, other: Segment) -> Bool {
      one.offset == other.offset ? one.index < other.index : one.offset < other.offset
    }
  }

  /// Indexes what takes sequence space at a place.
  init(_ trace: DirectionTrace, place: Int) {
    range = trace.ranges[place]
    reached.reserveCapacity(range.count / Self.stretch + 1)
    onward.reserveCapacity(range.count / Self.stretch + 1)
    var highest = Int64.min
    for index in range {
      if (index - range.lowerBound) % Self.stretch == 0 { reached.append(highest) }
      end = max(end, trace.transmissions[index].end)
      guard Self.isIndexed(trace, index) else { continue }
      longest = max(longest, Int64(trace.transmissions[index].sequenceLength))
      let offset = trace.transmissions[index].offset
      if offset < highest {
        late.append(Segment(offset: offset, index: index))
      } else {
        highest = offset
        while onward.count < reached.count { onward.append(Int32(index)) }
      }
    }
    while onward.count < reached.count { onward.append(Int32(range.upperBound)) }
    late.sort { $0 < $1 }
  }

  @inline(__always)
  private static func isIndexed(_ trace: DirectionTrace, _ index: Int) -> Bool {
    trace.transmissions[index].takesSequence && !trace.transmissions[index].isICMPError
  }

  /// Calls `body` with each transmission that shares sequence space with `transmission`, by offset, those with the same in
  /// the order of capture, until it returns false.
  func forEachSharing(_ transmission: Transmission, in trace: DirectionTrace, _ body: (Int) -> Bool) {
    let least = transmission.offset - longest
    var inOrder = InOrder(self, from: least)
    var next = inOrder.next(in: trace)
    for segment in late[firstLate(from: least)...] {
      if segment.offset >= transmission.end { break }
      while let candidate = next, candidate < segment {
        if !offer(candidate) { return }
        next = inOrder.next(in: trace)
      }
      if !offer(segment) { return }
    }
    while let candidate = next, offer(candidate) { next = inOrder.next(in: trace) }

    func offer(_ candidate: Segment) -> Bool {
      guard candidate.offset < transmission.end else { return false }
      return trace.transmissions[candidate.index].end <= transmission.offset || body(candidate.index)
    }
  }

  private func firstLate(from offset: Int64) -> Int {
    var (low, high) = (0, late.count)
    while low < high {
      let middle = (low + high) / 2
      if late[middle].offset < offset { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Goes through the segments that are not late, from the first at or behind an offset.
  private struct InOrder {
    private let range: Range<Int>
    private let onward: [Int32]
    private let least: Int64
    private var index: Int
    private var highest: Int64

    init(_ ranges: RangeIndex, from least: Int64) {
      let reached = ranges.reached
      var (low, high) = (0, reached.count)
      while low < high {
        let middle = (low + high) / 2
        if reached[middle] < least { low = middle + 1 } else { high = middle }
      }
      // All before the last stretch that begins below it lie below it.
      let stretch = max(0, low - 1)
      (range, onward, self.least) = (ranges.range, ranges.onward, least)
      index = range.lowerBound + stretch * RangeIndex.stretch
      highest = stretch < reached.count ? reached[stretch] : .min
    }

    mutating func next(in trace: DirectionTrace) -> Segment? {
      while index < range.upperBound {
        let (stretch, place) = (index - range.lowerBound).quotientAndRemainder(dividingBy: RangeIndex.stretch)
        // There may be none in many of them.
        if place == 0 {
          index = Int(onward[stretch])
          if index == range.upperBound { return nil }
        }
        defer { index += 1 }
        guard RangeIndex.isIndexed(trace, index) else { continue }
        let offset = trace.transmissions[index].offset
        if offset < highest { continue }
        highest = offset
        if offset >= least { return Segment(offset: offset, index: index) }
      }
      return nil
    }
  }
}
