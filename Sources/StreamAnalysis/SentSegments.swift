/// The segments of one direction that are not acknowledged yet, in the order of sending, to tell when bytes were sent.
///
/// Acknowledgements take segments off the front, but for a few; one that was sent out of its place stays until those
/// before it go.
struct SentSegments {
  struct Segment: BitwiseCopyable {
    let start: UInt32
    /// Sequence number behind it.
    let end: UInt32
    let timeNS: Int64
    let ipID: UInt16
  }

  private var segments: [Segment] = []
  private var head = 0

  /// So many that were acknowledged are kept: a copy of one may come late.
  private static let kept = 64

  /// Remembers a segment, unless there are too many.
  mutating func append(_ segment: Segment) {
    guard segments.count - head < UnackedSegments.limit else { return }
    if head > 2 * Self.kept, head * 2 > segments.count {
      segments.removeSubrange(..<(head - Self.kept))
      head = Self.kept
    }
    segments.append(segment)
  }

  /// Forgets what lies below a sequence number.
  mutating func remove(below limit: UInt32) {
    while head < segments.count, segments[head].end.isAtOrBefore(limit) { head += 1 }
  }

  /// The last segment that carried some of these bytes, if it is not long acknowledged.
  func last(from start: UInt32, to end: UInt32) -> Segment? {
    segments[max(0, head - Self.kept)...].last { $0.start.isBefore(end) && $0.end.isAfter(start) }
  }
}
