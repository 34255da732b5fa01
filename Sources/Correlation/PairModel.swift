import Flows
import Matching
import Packets
import Verdicts

/// What is known beforehand of each pair of points and direction: which features survive, and how long packets take.
///
/// Learned from a fixed sample of connections, so that the result does not depend on how the work is divided.
struct PairModel {
  private let count: Int
  private var survivals: [FeatureSurvival]
  private var deltas: [Int64?]
  private var leastDeltas: [Int64?]
  /// For each position, the time of the first packet from the clients and from the servers, by the point's clock.
  private let firstFromClient: [Int64]
  private let firstFromServer: [Int64]

  /// Connections that are learned from.
  static let sampledGroups = 256
  /// Packets of one connection and point that are learned from.
  static let sampledPackets = 300

  init(matched: MatchedTraffic, visibility: Visibility) {
    count = matched.points.count
    firstFromClient = matched.points.map(\.firstFromClientNS)
    firstFromServer = matched.points.map(\.firstFromServerNS)
    survivals = Array(repeating: FeatureSurvival(), count: 2 * count * count)
    deltas = Array(repeating: nil, count: 2 * count * count)
    leastDeltas = deltas
    var samples: [[Int64]] = Array(repeating: [], count: 2 * count * count)
    let several = matched.groups.indices.filter {
      let present = matched.groups[$0].presentPoints
      return present.first != present.last && matched.groups[$0].ambiguousWith.isEmpty
        && matched.groups[$0].headingKnown
    }
    let step = max(1, (several.count + Self.sampledGroups - 1) / Self.sampledGroups)
    let longest = matched.points.compactMap { $0.coverage.map { $0.upperBound - $0.lowerBound } }.max() ?? 0
    let drift = longest / 1_000_000 * ClockBounds.greatestDriftPPM
    for index in stride(from: 0, to: several.count, by: step) {
      let group = matched.groups[several[index]]
      let loader = TraceLoader(group: group, points: matched.points)
      let paths = DirectionPair(
        visibility.path(of: group, direction: .clientToServer, in: matched),
        visibility.path(of: group, direction: .serverToClient, in: matched))
      let traces = loader.load(paths, limit: Self.sampledPackets)
      for direction in Direction.allCases {
        let (path, trace) = (paths[direction], traces[direction])
        for place in path.indices.dropLast() {
          let slot = slot(direction, path[place], path[place + 1])
          for (up, down) in AnchorPairs.find(trace, place, limit: Self.sampledPackets) {
            survivals[slot].learn(trace.transmissions, up, down)
            samples[slot].append(trace.transmissions[down].timeNS - trace.transmissions[up].timeNS)
          }
        }
      }
    }
    for slot in samples.indices where !samples[slot].isEmpty {
      samples[slot].sort()
      deltas[slot] = samples[slot][samples[slot].count / 2]
      leastDeltas[slot] = samples[slot][0] - drift
    }
    composeOthers()
  }

  /// Fills in the pairs with points between them, which a packet that the captures between missed is looked for at: what
  /// survives from one to the next all the way survives, and times add up.
  private mutating func composeOthers() {
    for span in 2..<max(2, count) {
      for near in 0..<count - span {
        for (one, other, before) in [(near, near + span, near + span - 1), (near + span, near, near + 1)] {
          for direction in Direction.allCases {
            let (whole, first, last) = (
              slot(direction, one, other), slot(direction, one, before), slot(direction, before, other)
            )
            guard deltas[whole] == nil, let start = deltas[first], let end = deltas[last],
              let leastStart = leastDeltas[first], let leastEnd = leastDeltas[last]
            else { continue }
            // Times of a hostile capture may lie so far apart that they do not add up.
            guard let usual = Self.sum(start, end), let least = Self.sum(leastStart, leastEnd) else { continue }
            deltas[whole] = usual
            leastDeltas[whole] = least
            survivals[whole] = survivals[first].followed(by: survivals[last])
          }
        }
      }
    }
  }

  /// The sum of two times, if it is one between packets: further apart than 1970 and 2096 none are.
  private static func sum(_ one: Int64, _ other: Int64) -> Int64? {
    let (sum, isTooLong) = one.addingReportingOverflow(other)
    return isTooLong || sum.magnitude > 4_000_000_000_000_000_000 ? nil : sum
  }

  /// When a point first saw a packet that goes against this direction, by its clock; `Int64.max` if it never did.
  func firstAgainst(_ direction: Direction, at position: Int) -> Int64 {
    direction == .clientToServer ? firstFromServer[position] : firstFromClient[position]
  }

  private func slot(_ direction: Direction, _ one: Int, _ other: Int) -> Int {
    (Int(direction.rawValue) * count + one) * count + other
  }

  /// Which features survive from one position to another in this direction.
  func survival(_ direction: Direction, from one: Int, to other: Int) -> FeatureSurvival {
    survivals[slot(direction, one, other)]
  }

  /// The least time from one position to another, less what the clocks may have drifted, in nanoseconds.
  func leastDelta(_ direction: Direction, from one: Int, to other: Int) -> Int64? {
    leastDeltas[slot(direction, one, other)]
  }

  /// The usual time from one position to another by their own clocks, in nanoseconds.
  func usualDelta(_ direction: Direction, from one: Int, to other: Int) -> Int64? {
    deltas[slot(direction, one, other)]
  }
}

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
