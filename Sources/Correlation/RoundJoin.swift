import Matching
import Packets
import Verdicts

/// Joins one direction of a long connection while it is loaded, round by round.
///
/// What agrees in order is linked as it comes. What is left is looked at once enough lies behind it, so that a packet whose
/// counterpart is still to come is not taken for lost, nor given to another.
struct RoundJoin {
  private let path: PathContext
  private let direction: Direction
  private var segments: [Segment]
  /// What is known of the segment behind a place.
  private struct Segment {
    let general: FeatureSurvival
    /// The same, where the connection's own packets do not show otherwise, once they are looked at.
    var own: FeatureSurvival?
    /// Those upstream that have no counterpart so far, or only for a part of their bytes.
    var up: [Int32] = []
    /// Those downstream that have none.
    var down: [Int32] = []
    /// Up to which index everything upstream was looked at, and downstream.
    var seen = (up: 0, down: 0)
    var course: Course
  }

  /// How far two places are linked in order.
  private struct Course {
    /// The time that the last packet took, in nanoseconds.
    var delta: Int64?
    /// The furthest that are linked.
    var linked = (up: -1, down: -1)
    /// How many were linked in this round.
    var fresh = 0
    /// How many were loaded in this round.
    var offered = (up: 0, down: 0)

    /// Takes note of what was left of these when they were linked.
    mutating func add(up: [Int32], down: [Int32], left: (up: [Int32], down: [Int32])) {
      fresh += down.count - left.down.count
      linked.up = max(linked.up, RoundJoin.last(of: up, notIn: left.up))
      linked.down = max(linked.down, RoundJoin.last(of: down, notIn: left.down))
    }
  }

  /// How the ends of a segment stand to each other.
  struct Standing {
    /// Packets upstream behind the last that is linked.
    var up: Int
    /// Packets downstream behind the last that is linked.
    var down: Int
    /// How many were linked in this round.
    var fresh: Int
    /// How many were loaded in this round, at the place where those are fewer.
    var offered: Int
  }

  init(_ trace: DirectionTrace, _ direction: Direction, _ path: PathContext) {
    self.path = path
    self.direction = direction
    segments = trace.path.indices.dropLast().map { place in
      let (one, two) = (trace.path[place], trace.path[place + 1])
      return Segment(
        general: path.model.survival(direction, from: one, to: two),
        seen: (trace.ranges[place].upperBound, trace.ranges[place + 1].upperBound),
        course: Course(delta: path.model.usualDelta(direction, from: one, to: two)))
    }
  }

  /// Begins a round: what is linked from now on is linked in it.
  mutating func beginRound() {
    for place in segments.indices {
      (segments[place].course.fresh, segments[place].course.offered) = (0, (0, 0))
    }
  }

  /// Links what was loaded since, and what was left of the rounds before.
  ///
  /// - Parameters:
  ///   - tail: for each place, from which index on what was left is tried again.
  ///   - farTail: the same of what lies behind the last that is linked.
  mutating func linkInOrder(_ trace: inout DirectionTrace, from tail: [Int], unlinkedFrom farTail: [Int]) {
    for place in segments.indices {
      let (seen, ends) = (segments[place].seen, (trace.ranges[place].upperBound, trace.ranges[place + 1].upperBound))
      if seen == ends { continue }
      let linked = segments[place].course.linked
      let upFrom = max(farTail[place], min(tail[place], linked.up + 1))
      let downFrom = max(farTail[place + 1], min(tail[place + 1], linked.down + 1))
      let (keptUp, triedUp) = Self.split(segments[place].up, at: Int32(upFrom))
      let (keptDown, triedDown) = Self.splitWhole(segments[place].down, at: Int32(downFrom), trace)
      let up = triedUp + (seen.up..<ends.0).map(Int32.init)
      let down = triedDown + (seen.down..<ends.1).map(Int32.init)
      // Most of the time what survives elsewhere says enough.
      let general = segments[place].general
      let survival = general.isSelective ? general : survival(trace, place)
      let left = transmissionJoin(trace, survival, place, place + 1).joinInOrder(
        &trace, up: up, down: down, after: &segments[place].course.delta)
      segments[place].course.offered.up += ends.0 - seen.up
      segments[place].course.offered.down += ends.1 - seen.down
      segments[place].course.add(up: up, down: down, left: left)
      segments[place].up = keptUp + left.up
      segments[place].down = Self.joined(keptDown, left.down)
      segments[place].seen = ends
    }
  }

  /// How the ends of the segment behind a place stand to each other.
  func standing(_ place: Int, _ trace: DirectionTrace) -> Standing {
    let course = segments[place].course
    return Standing(
      up: trace.ranges[place].upperBound - max(course.linked.up + 1, trace.ranges[place].lowerBound),
      down: trace.ranges[place + 1].upperBound - max(course.linked.down + 1, trace.ranges[place + 1].lowerBound),
      fresh: course.fresh, offered: min(course.offered.up, course.offered.down))
  }

  /// Links what order does not, as far as its counterparts are loaded.
  ///
  /// - Parameter ripe: for each place, up to which index that is so.
  /// - Returns: `false` if bytes were cut or merged on the way: what brought them may lie on both sides of that index.
  mutating func linkRest(_ trace: inout DirectionTrace, upTo ripe: [Int]) -> Bool {
    var areWhole = true
    var unripe: [[Int32]] = []
    for place in segments.indices {
      let survival = survival(trace, place)
      var (up, laterUp) = Self.split(segments[place].up, at: Int32(ripe[place]))
      var (down, laterDown) = Self.split(segments[place].down, at: Int32(ripe[place + 1]))
      let arrivals = down
      if !up.isEmpty, !down.isEmpty {
        (up, down) = transmissionJoin(trace, survival, place, place + 1).join(&trace, up: up, down: down)
      }
      if !down.isEmpty {
        for earlier in (0..<place).reversed() where !down.isEmpty && !segments[earlier].up.isEmpty {
          let survival = path.model.survival(direction, from: trace.path[earlier], to: trace.path[place + 1])
          (segments[earlier].up, down) = transmissionJoin(trace, survival, earlier, place + 1).join(
            &trace, up: segments[earlier].up, down: down)
        }
        CopyFinder.mark(&trace, among: down.filter { trace.transmissions[Int($0)].previous < 0 })
      }
      areWhole = areWhole && !arrivals.contains { trace.transmissions[Int($0)].link == .range }
      up.removeAll { trace.transmissions[Int($0)].copyOf >= 0 }
      down.removeAll { trace.transmissions[Int($0)].copyOf >= 0 }
      segments[place].up = up
      segments[place].down = down + laterDown
      unripe.append(laterUp)
    }
    for place in segments.indices { segments[place].up += unripe[place] }
    return areWhole
  }

  /// Forgets what lies before these indices, one for each place.
  mutating func forget(before floors: [Int]) {
    for place in segments.indices {
      segments[place].up = Self.split(segments[place].up, at: Int32(floors[place])).behind
      segments[place].down = Self.split(segments[place].down, at: Int32(floors[place + 1])).behind
    }
  }

  /// A box may treat one connection unlike the others: what its own packets show comes first.
  private mutating func survival(_ trace: DirectionTrace, _ place: Int) -> FeatureSurvival {
    if let known = segments[place].own { return known }
    var own = FeatureSurvival()
    let usual = path.model.usualDelta(direction, from: trace.path[place], to: trace.path[place + 1])
    for (up, down) in AnchorPairs.find(trace, place, limit: 64, known: usual) {
      own.learn(trace.transmissions, up, down)
    }
    let preferred = own.preferred(over: segments[place].general)
    segments[place].own = preferred
    return preferred
  }

  private func transmissionJoin(
    _ trace: DirectionTrace, _ survival: FeatureSurvival, _ place: Int, _ other: Int
  ) -> TransmissionJoin {
    TransmissionJoin(survival, path.model, direction, from: trace.path[place], to: trace.path[other])
  }

  /// The indices of an ascending list before a bound, and from it on.
  private static func split(_ list: [Int32], at bound: Int32) -> (before: [Int32], behind: [Int32]) {
    var (low, high) = (0, list.count)
    while low < high {
      let middle = (low + high) / 2
      if list[middle] < bound { low = middle + 1 } else { high = middle }
    }
    return (Array(list[..<low]), Array(list[low...]))
  }

  /// The same, but those that have senders for a part of their bytes stay with what lies before.
  private static func splitWhole(
    _ list: [Int32], at bound: Int32, _ trace: DirectionTrace
  ) -> (before: [Int32], behind: [Int32]) {
    let (before, behind) = split(list, at: bound)
    if trace.madeInPart.isEmpty { return (before, behind) }
    return (
      before + behind.filter { trace.madeInPart[$0] != nil }, behind.filter { trace.madeInPart[$0] == nil }
    )
  }

  /// Two ascending lists as one.
  private static func joined(_ one: [Int32], _ other: [Int32]) -> [Int32] {
    guard let last = one.last, let first = other.first, last > first else { return one + other }
    return (one + other).sorted()
  }

  /// The last of an ascending list that another one, of some of its items, lacks; −1 if there is none.
  private static func last(of all: [Int32], notIn some: [Int32]) -> Int {
    var rest = some.count
    for item in all.reversed() {
      if rest == 0 || some[rest - 1] != item { return Int(item) }
      rest -= 1
    }
    return -1
  }
}
