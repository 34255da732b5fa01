import Matching
import Packets

/// Packets of two places of a trace that cannot be mistaken: the only ones at either place with their bytes.
enum AnchorPairs {
  /// Pairs whose time differs from the usual one by less than this are never doubted.
  private static let toleranceNS: Int64 = 20_000_000

  /// The pairs among the first `limit` packets at either place, by their indices.
  ///
  /// - Parameter known: the usual time between the places, if other connections have shown it.
  ///
  /// Where a box cuts segments, or only a part of the packets is looked at, a retransmission may be the only packet with
  /// its bytes at one place and the original at the other; their time gives them away.
  static func find(
    _ trace: DirectionTrace, _ place: Int, limit: Int, known: Int64? = nil
  ) -> [(up: Int, down: Int)] {
    let upstream = unique(trace, trace.ranges[place].prefix(limit))
    let downstream = unique(trace, trace.ranges[place + 1].prefix(limit))
    var found: [(up: Int, down: Int)] = []
    var next = 0
    for (key, up) in upstream {
      while next < downstream.count, downstream[next].key < key { next += 1 }
      guard next < downstream.count, downstream[next].key == key else { continue }
      let down = downstream[next].index
      // A SYN with another number may be a box's own.
      let packets = trace.transmissions
      if packets[up].record.isSYN, packets[up].record.sequence != packets[down].record.sequence { continue }
      found.append((up, down))
    }
    found.sort { $0.up < $1.up }
    let times = found.map { trace.transmissions[$0.down].timeNS - trace.transmissions[$0.up].timeNS }
    if let known {
      // Of a connection that loses much, most may be originals and repeats.
      let usual = zip(found, times).filter { abs($0.1 - known) <= toleranceNS }.map(\.0)
      if !usual.isEmpty { return usual }
    }
    guard let usual = known ?? times.sorted().middle else { return [] }
    guard let spread = times.map({ abs($0 - usual) }).sorted().middle else { return [] }
    let tolerance = max(toleranceNS, 10 * min(spread, Int64.max / 10))
    return zip(found, times).filter { abs($0.1 - usual) <= tolerance }.map(\.0)
  }

  /// The keys that occur once and their indices, by key.
  private static func unique(_ trace: DirectionTrace, _ range: Range<Int>.SubSequence) -> [(key: UInt64, index: Int)] {
    var all: [(key: UInt64, index: Int)] = []
    all.reserveCapacity(range.count)
    for index in range {
      guard trace.transmissions[index].takesSequence || !trace.isTCP, !trace.transmissions[index].isICMPError,
        !trace.transmissions[index].isUntimed
      else { continue }
      all.append((key(trace, index), index))
    }
    all.sort { ($0.key, $0.index) < ($1.key, $1.index) }
    return all.indices.filter { place in
      (place == 0 || all[place - 1].key != all[place].key)
        && (place + 1 == all.count || all[place + 1].key != all[place].key)
    }.map { all[$0] }
  }

  private static func key(_ trace: DirectionTrace, _ index: Int) -> UInt64 {
    let packets = trace.transmissions
    let size = UInt64(packets[index].record.payloadLength)
    if trace.isTCP {
      return UInt64(bitPattern: packets[index].offset) << 24 ^ size << 8 ^ UInt64(packets[index].record.core)
    }
    return packets[index].record.digest ^ size ^ UInt64(packets[index].record.sequence) << 32
  }
}
