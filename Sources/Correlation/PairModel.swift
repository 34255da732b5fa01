import Dispatch
import Flows
import Matching
import Packets
import Synchronization
import Verdicts

/// What is known beforehand of each pair of points and direction: which features survive, and how long packets take.
///
/// Learned from a fixed sample of connections, so that the result does not depend on how the work is divided.
struct PairModel {
  private let count: Int
  private var survivals: [FeatureSurvival]
  private var deltas: [Int64?]
  private var leastDeltas: [Int64?]
  /// Where a clock was set meanwhile: the times that packets took, each with when they did, by the clock of the point before.
  private var epochs: [[Epoch]]
  /// For each position, the time of the first packet from the clients and from the servers, by the point's clock.
  private let firstFromClient: [Int64]
  private let firstFromServer: [Int64]

  /// Connections that are learned from.
  static let sampledGroups = 256
  /// Packets of one connection and point that are learned from.
  static let sampledPackets = 300

  /// - Parameter threads: threads that load what is learned from; what is learned does not depend on their number.
  init(matched: MatchedTraffic, visibility: Visibility, threads: Int = 1) {
    count = matched.points.count
    firstFromClient = matched.points.map(\.firstFromClientNS)
    firstFromServer = matched.points.map(\.firstFromServerNS)
    let several = matched.groups.indices.filter {
      let present = matched.groups[$0].presentPoints
      return present.first != present.last && matched.groups[$0].ambiguousWith.isEmpty
        && matched.groups[$0].headingKnown
    }
    let step = max(1, (several.count + Self.sampledGroups - 1) / Self.sampledGroups)
    let groups = stride(from: 0, to: several.count, by: step).map { several[$0] }
    var lesson = Lesson.learn(groups, of: matched, visibility, threads: threads)
    survivals = lesson.survivals
    let longest = matched.points.compactMap { $0.coverage.map { $0.upperBound - $0.lowerBound } }.max() ?? 0
    let drift = longest / 1_000_000 * ClockBounds.greatestDriftPPM
    deltas = Array(repeating: nil, count: 2 * count * count)
    leastDeltas = deltas
    epochs = Array(repeating: [], count: 2 * count * count)
    for slot in lesson.times.indices where !lesson.times[slot].isEmpty {
      lesson.times[slot].sort { ($0.tookNS, $0.sentNS) < ($1.tookNS, $1.sentNS) }
      let times = lesson.times[slot]
      deltas[slot] = times[times.count / 2].tookNS
      leastDeltas[slot] = times[0].tookNS - drift
      epochs[slot] = Epoch.all(times)
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
    Self.slot(direction, one, other, of: count)
  }

  /// The place of a direction and two of so many positions in the lists.
  private static func slot(_ direction: Direction, _ one: Int, _ other: Int, of count: Int) -> Int {
    (Int(direction.rawValue) * count + one) * count + other
  }

  /// What some connections showed.
  private struct Lesson: Sendable {
    var survivals: [FeatureSurvival]
    /// The times that packets took.
    var times: [[TravelTime]]

    /// Nothing yet, of so many points.
    init(points count: Int) {
      survivals = Array(repeating: FeatureSurvival(), count: 2 * count * count)
      times = Array(repeating: [], count: 2 * count * count)
    }

    /// What some groups show, each of which one of so many threads loads.
    static func learn(
      _ groups: [Int], of matched: MatchedTraffic, _ visibility: Visibility, threads: Int
    ) -> Lesson {
      let parts = max(1, min(threads, groups.count))
      let lessons = Mutex<[Lesson]>([])
      DispatchQueue.concurrentPerform(iterations: parts) { part in
        var lesson = Lesson(points: matched.points.count)
        for place in stride(from: part, to: groups.count, by: parts) {
          lesson.learn(matched.groups[groups[place]], of: matched, visibility)
        }
        lessons.withLock { $0.append(lesson) }
      }
      return lessons.withLock { $0.reduce(into: Lesson(points: matched.points.count)) { $0.add($1) } }
    }

    private mutating func learn(_ group: ConnectionGroup, of matched: MatchedTraffic, _ visibility: Visibility) {
      let loader = TraceLoader(group: group, points: matched.points)
      let paths = DirectionPair(
        visibility.path(of: group, direction: .clientToServer, in: matched),
        visibility.path(of: group, direction: .serverToClient, in: matched))
      let traces = loader.load(paths, limit: PairModel.sampledPackets)
      for direction in Direction.allCases {
        let (path, trace) = (paths[direction], traces[direction])
        for place in path.indices.dropLast() {
          let slot = PairModel.slot(direction, path[place], path[place + 1], of: matched.points.count)
          for (up, down) in AnchorPairs.find(trace, place, limit: PairModel.sampledPackets) {
            survivals[slot].learn(trace.transmissions, up, down)
            let sentNS = trace.transmissions[up].timeNS
            times[slot].append(TravelTime(sentNS: sentNS, tookNS: trace.transmissions[down].timeNS - sentNS))
          }
        }
      }
    }

    /// Adds what others showed.
    private mutating func add(_ other: Lesson) {
      for slot in survivals.indices {
        survivals[slot].add(other.survivals[slot])
        times[slot] += other.times[slot]
      }
    }
  }

  /// Which features survive from one position to another in this direction.
  func survival(_ direction: Direction, from one: Int, to other: Int) -> FeatureSurvival {
    survivals[slot(direction, one, other)]
  }

  /// Whether what survives between two positions tells the packets of a direction apart; of a direction of which too little is
  /// known, whether it does so in the other one.
  func tellsApart(_ direction: Direction, _ one: Int, _ other: Int) -> Bool {
    let own = survival(direction, from: one, to: other)
    if own.isSelective { return true }
    let isKnown = max(own.ipID.seen, own.timestamp.seen, own.acknowledgement.seen, own.payload.seen) >= Self.fewPairs
    return !isKnown && survival(direction.opposite, from: other, to: one).isSelective
  }

  /// So few pairs do not show what survives.
  private static let fewPairs = 8

  /// The least time from one position to another, less what the clocks may have drifted, in nanoseconds.
  func leastDelta(_ direction: Direction, from one: Int, to other: Int) -> Int64? {
    leastDeltas[slot(direction, one, other)]
  }

  /// The times that packets took from one position to another when one was sent, in nanoseconds by their own clocks: the
  /// usual one, unless a clock was set.
  func deltas(_ direction: Direction, from one: Int, to other: Int, at sentNS: Int64) -> [Int64] {
    let epochs = epochs[slot(direction, one, other)]
    let usual = [usualDelta(direction, from: one, to: other) ?? 0]
    guard epochs.count > 1 else { return usual }
    let then = epochs.filter { $0.contains(sentNS) }.map(\.deltaNS)
    return then.isEmpty ? usual : then
  }

  /// The usual time from one position to another by their own clocks, in nanoseconds.
  func usualDelta(_ direction: Direction, from one: Int, to other: Int) -> Int64? {
    deltas[slot(direction, one, other)]
  }
}
