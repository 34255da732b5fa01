/// The segments of one direction that are not acknowledged, in the order of sending.
///
///     segments:  x  x │ 1448–2896 │ 2896–4344 │ 4344–5792 │
///                     └ head                             append
///
/// While each begins where the one before it ended or later (`isOrdered`), which is nearly always, an acknowledgement takes
/// segments off the front. Only otherwise every segment is looked at.
struct UnackedSegments {
  struct Segment: BitwiseCopyable {
    var start: UInt32
    /// Sequence number behind it.
    let end: UInt32
    let frame: UInt32
    let timeNS: Int64
  }

  /// What an acknowledgement acknowledges to its last byte.
  struct Acknowledged {
    let frame: UInt32
    let timeNS: Int64
  }

  /// As many as Wireshark keeps; later ones are not remembered until some are acknowledged.
  static let limit = 10_000
  /// Beyond this many bytes from first to last, the ends of the list no longer tell its order.
  private static let orderedSpan: UInt32 = 1 << 30

  private var segments: [Segment] = []
  private var head = 0
  private var isOrdered = true
  /// Lowest and highest sequence number, if not ordered.
  private var lowest: UInt32 = 0
  private var highest: UInt32 = 0

  var count: Int { segments.count - head }
  var isEmpty: Bool { segments.count == head }

  var eldest: Segment? { isEmpty ? nil : segments[head] }

  /// Remembers a segment, of one byte of sequence space or more, unless there are too many.
  ///
  /// - Parameter base: the direction's first sequence number, from which high and low are told.
  @inline(__always)
  mutating func append(_ segment: Segment, base: UInt32) {
    guard count < Self.limit else { return }
    if isEmpty {
      segments.removeAll(keepingCapacity: true)
      head = 0
      isOrdered = segment.end &- segment.start < Self.orderedSpan
      lowest = segment.start
      highest = segment.end
    } else if isOrdered {
      let first = segments[head]
      let last = segments[segments.count - 1]
      if segment.start.isBefore(last.end) || segment.end &- first.start >= Self.orderedSpan {
        isOrdered = false
        lowest = first.start
        highest = last.end
      }
    }
    if !isOrdered { stretch(over: segment, base: base) }
    segments.append(segment)
  }

  private mutating func stretch(over segment: Segment, base: UInt32) {
    if segment.start &- base < lowest &- base { lowest = segment.start }
    if segment.end &- base > highest &- base { highest = segment.end }
  }

  /// Forgets what is acknowledged, wholly or in part; says which segment ends where the acknowledgement does.
  @inline(__always)
  mutating func acknowledge(_ acknowledgement: UInt32, base: UInt32) -> Acknowledged? {
    if isEmpty { return nil }
    return isOrdered ? takeFront(acknowledgement) : sift(acknowledgement, base: base)
  }

  @inline(__always)
  private mutating func takeFront(_ acknowledgement: UInt32) -> Acknowledged? {
    var acknowledged: Acknowledged?
    while head < segments.count {
      let segment = segments[head]
      if segment.end.isAfter(acknowledgement) {
        if acknowledgement.isAfter(segment.start) { segments[head].start = acknowledgement }
        break
      }
      if segment.end == acknowledgement {
        acknowledged = Acknowledged(frame: segment.frame, timeNS: segment.timeNS)
      }
      head += 1
    }
    if head > 64, head * 2 > segments.count {
      segments.removeSubrange(..<head)
      head = 0
    }
    return acknowledged
  }

  @inline(never)
  private mutating func sift(_ acknowledgement: UInt32, base: UInt32) -> Acknowledged? {
    var acknowledged: Acknowledged?
    var kept = head
    isOrdered = true
    for index in head..<segments.count {
      var segment = segments[index]
      if segment.end == acknowledgement {
        // The eldest of several.
        if acknowledged == nil { acknowledged = Acknowledged(frame: segment.frame, timeNS: segment.timeNS) }
        continue
      }
      guard segment.end.isAfter(acknowledgement) else { continue }
      if acknowledgement.isAfter(segment.start) { segment.start = acknowledgement }
      if kept == head {
        lowest = segment.start
        highest = segment.end
      } else {
        if segment.start.isBefore(segments[kept - 1].end) { isOrdered = false }
        stretch(over: segment, base: base)
      }
      segments[kept] = segment
      kept += 1
    }
    segments.removeSubrange(kept...)
    if highest &- lowest >= Self.orderedSpan { isOrdered = false }
    return acknowledged
  }

  /// From the lowest byte to the highest, in bytes.
  @inline(__always)
  var span: UInt32 {
    if isEmpty { return 0 }
    return isOrdered ? segments[segments.count - 1].end &- segments[head].start : highest &- lowest
  }
}
