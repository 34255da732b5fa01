import Packets

/// How long the packets of one direction of a connection took from one place to the next, by the clocks of the two points.
///
/// A capture begins and ends while packets are under way: those near its edges may have passed it outside, with the delay of
/// the fastest or the slowest of the others.
struct TravelTimes {
  /// The fastest and the slowest, in nanoseconds; `nil` if no packet was captured at both places.
  let range: ClosedRange<Int64>?

  /// Packets at each end of a connection that are looked at.
  private static let most = 1000

  /// Looks at the packets between a place and the next, but for repeated ones, of which it may be another that arrived.
  init(_ trace: DirectionTrace, from place: Int, _ ranges: RangeIndex) {
    var (fastest, slowest) = (Int64.max, Int64.min)
    let indices = trace.ranges[place]
    let later = indices.suffix(max(0, min(Self.most, indices.count - Self.most)))
    for index in [indices.prefix(Self.most), later].joined() {
      let transmission = trace.transmissions[index]
      let next = Int(transmission.next)
      guard next >= 0, Int(trace.transmissions[next].place) == place + 1,
        !ranges.isRepeated(transmission, in: trace)
      else { continue }
      let time = trace.transmissions[next].record.timeNS - transmission.record.timeNS
      (fastest, slowest) = (min(fastest, time), max(slowest, time))
    }
    range = fastest <= slowest ? fastest...slowest : nil
  }
}

extension RangeIndex {
  /// Whether some of the bytes of a segment are in another one of its place, too.
  fileprivate func isRepeated(_ transmission: Transmission, in trace: DirectionTrace) -> Bool {
    guard transmission.takesSequence, trace.isTCP else { return false }
    var sharing = 0
    forEachSharing(transmission, in: trace) { _ in
      sharing += 1
      return sharing < 2
    }
    return sharing > 1
  }
}

extension Coverage {
  /// Packets that take longer than this do not arrive any more.
  static let longestQueueNS: Int64 = 500_000_000

  /// Whether the capture began or ended so shortly after or before a time that a packet may have been under way.
  func isNearEdge(_ timeNS: Int64) -> Bool {
    timeNS - whole.lowerBound < Self.longestQueueNS || whole.upperBound - timeNS < Self.longestQueueNS
  }
}
