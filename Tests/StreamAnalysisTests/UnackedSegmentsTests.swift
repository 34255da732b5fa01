import TestSupport
import Testing

@testable import StreamAnalysis

/// Against a list that looks at every segment every time.
struct UnackedSegmentsTests {
  struct Plain {
    var segments: [UnackedSegments.Segment] = []

    mutating func acknowledge(_ acknowledgement: UInt32) -> UInt32 {
      var frame: UInt32 = 0
      var kept: [UnackedSegments.Segment] = []
      for var segment in segments.reversed() {
        if segment.end == acknowledgement {
          frame = segment.frame
        } else if segment.end.isAfter(acknowledgement) {
          if acknowledgement.isAfter(segment.start) { segment.start = acknowledgement }
          kept.append(segment)
        }
      }
      segments = kept.reversed()
      return frame
    }

    func span(base: UInt32) -> UInt32 {
      let low = segments.map { $0.start &- base }.min() ?? 0
      return (segments.map { $0.end &- base }.max() ?? 0) &- low
    }
  }

  @Test(arguments: [(1 as UInt64, false), (2, true), (3, true), (4, false)])
  func `it says what a plain list says, in order or not`(seed: UInt64, isShuffled: Bool) {
    var random = SplitMix64(seed: seed)
    let base: UInt32 = 0xFFFF_F000
    var next = base
    var fast = UnackedSegments()
    var plain = Plain()
    for frame in 1...5000 as ClosedRange<UInt32> {
      if random.next() % 3 < 2 {
        let back = isShuffled && random.next() % 8 == 0 ? UInt32(random.next() % 2000) : 0
        let gap = isShuffled && random.next() % 16 == 0 ? UInt32(random.next() % 500) : 0
        let start = (next &- base > 5000 ? next &- back : next) &+ gap
        let segment = UnackedSegments.Segment(
          start: start, end: start &+ 1 &+ UInt32(random.next() % 1460), frame: frame, timeNS: Int64(frame))
        fast.append(segment, base: base)
        plain.segments.append(segment)
        if segment.end.isAfter(next) { next = segment.end }
      } else {
        let ends = plain.segments.map(\.end)
        let some = ends.isEmpty ? next : ends[Int(random.next() % UInt64(ends.count))]
        let acknowledgement = random.next() % 3 == 0 ? some &+ UInt32(random.next() % 20) : some
        let acknowledged = fast.acknowledge(acknowledgement, base: base)?.frame ?? 0
        let plainly = plain.acknowledge(acknowledgement)
        #expect(acknowledged == plainly)
      }
      #expect(fast.count == plain.segments.count)
      #expect(fast.span == plain.span(base: base))
      #expect(fast.eldest?.frame == plain.segments.first?.frame)
    }
  }

  @Test func `no more than ten thousand are kept`() {
    var segments = UnackedSegments()
    for index in 0..<12_000 as Range<UInt32> {
      segments.append(
        UnackedSegments.Segment(start: index * 10, end: index * 10 + 10, frame: index, timeNS: 0), base: 0)
    }
    #expect(segments.count == 10_000)
    let acknowledged = segments.acknowledge(100_000, base: 0)
    #expect(acknowledged?.frame == 9999)
    #expect(segments.isEmpty)
  }
}
