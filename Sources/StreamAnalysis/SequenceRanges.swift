/// A few ranges of sequence space, in order and without overlap, as SACK blocks tell of them.
struct SequenceRanges {
  struct Range: BitwiseCopyable {
    var start: UInt32
    /// Sequence number behind it.
    var end: UInt32
  }

  /// More than this many holes are not kept apart: the oldest ranges are dropped.
  private static let limit = 256
  private(set) var ranges: [Range] = []

  var isEmpty: Bool { ranges.isEmpty }
  /// Bytes in all ranges.
  var bytes: UInt32 { ranges.reduce(0) { $0 &+ ($1.end &- $1.start) } }
  /// Sequence number behind the last range.
  var end: UInt32? { ranges.last?.end }

  /// Adds a range, joining what it touches.
  mutating func insert(from start: UInt32, to end: UInt32) {
    guard end.isAfter(start) else { return }
    var new = Range(start: start, end: end)
    var kept: [Range] = []
    var isPlaced = false
    for range in ranges {
      if range.end.isBefore(new.start) {
        kept.append(range)
      } else if new.end.isBefore(range.start) {
        if !isPlaced { kept.append(new) }
        isPlaced = true
        kept.append(range)
      } else {
        if range.start.isBefore(new.start) { new.start = range.start }
        if range.end.isAfter(new.end) { new.end = range.end }
      }
    }
    if !isPlaced { kept.append(new) }
    ranges = kept.suffix(Self.limit)
  }

  /// Forgets what lies below a sequence number.
  mutating func remove(below limit: UInt32) {
    while let first = ranges.first, first.end.isAtOrBefore(limit) { ranges.removeFirst() }
    if let first = ranges.first, first.start.isBefore(limit) { ranges[0].start = limit }
  }
}
