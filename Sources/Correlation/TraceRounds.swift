import Matching
import Verdicts

/// Loads a long connection round by round, joins it, and says which part may be judged; of the rest only so much is in
/// memory as the judges look at.
///
///     judged before        to be judged now              joined      loaded
///     ░░░░░░░░░░▒▒▒▒▒▒▒▒▒▒▒████████████████████████▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒│
///               └ margin ┘                        └      margin       ┘
///
/// The points are kept in step by what they have in common, not by their clocks: a round ends where the last packets of
/// each point are linked with those of the next. While they are not, the one that lags loads more; what cannot be brought
/// in step is loaded as a whole.
struct TraceRounds {
  private let shape: RoundShape
  private let path: PathContext
  private var sources: [Source] = []
  private var joins: DirectionPair<RoundJoin>
  /// For each round, where it ended at each place.
  private var ends: DirectionPair<[[Int]]>
  /// Rounds that were judged.
  private var judged = 0
  /// Rounds on each side of what is judged that have to be there.
  private(set) var margin = 1

  /// Margins are so many times as wide as what was sent and not acknowledged, both ways.
  private static let marginOfFlight = 16
  /// Margins are not wider, in rounds: acknowledgements may be missing altogether.
  private static let widest = 64

  /// One point's packets.
  private struct Source {
    let position: Int
    /// The point's place in the path of each direction.
    let places: DirectionPair<Int?>
    var cursor: PointCursor
    /// Its packets of each direction.
    let counts: DirectionPair<Int>
    /// Packets in a round.
    let share: Int
    /// The round in which the last of them were loaded.
    var endedIn: Int?
  }

  /// Begins the traces, if the connection is so long and the system has such memory; else `nil`, and they are as they were.
  init?(
    _ loader: TraceLoader, _ group: ConnectionGroup, _ path: PathContext,
    into traces: inout DirectionPair<DirectionTrace>
  ) {
    let shape = path.rounds
    let positions = group.presentPoints
    func packets(_ position: Int) -> Int {
      loader.packets(at: position, fromClient: true) + loader.packets(at: position, fromClient: false)
    }
    let most = positions.map(packets).max() ?? 0
    guard most > shape.longest, !positions.contains(where: { loader.hasLeaks(at: $0) }) else { return nil }
    let paths = path.paths(of: group)
    for direction in Direction.allCases {
      var end = 0
      var rooms = Array(repeating: 0..<0, count: paths[direction].count)
      for position in positions {
        guard let place = paths[direction].firstIndex(of: position) else { continue }
        let room = loader.packets(at: position, fromClient: direction == .clientToServer)
        rooms[place] = end..<end + room
        end += room
      }
      // Transmissions know each other by 32 bits.
      guard end <= Int(Int32.max),
        traces[direction].restartInParts(paths[direction], isTCP: loader.isTCP, rooms: rooms)
      else { return nil }
    }
    self.shape = shape
    self.path = path
    joins = DirectionPair(
      RoundJoin(traces.clientToServer, .clientToServer, path), RoundJoin(traces.serverToClient, .serverToClient, path))
    ends = DirectionPair([], [])
    for position in positions {
      let places = DirectionPair(
        paths.clientToServer.firstIndex(of: position), paths.serverToClient.firstIndex(of: position))
      sources.append(
        Source(
          position: position, places: places,
          cursor: loader.cursor(at: position, places.clientToServer, places.serverToClient),
          counts: DirectionPair(
            loader.packets(at: position, fromClient: true), loader.packets(at: position, fromClient: false)),
          share: max(1, Int(Double(shape.packets) * Double(packets(position)) / Double(most)))))
    }
  }

  /// Loads and joins until a part may be judged, and marks it; `false` if all was.
  mutating func next(_ traces: inout DirectionPair<DirectionTrace>) -> Bool {
    if judged > 0 {
      if isAtEnd { return false }
      forgetJudged(&traces)
    }
    repeat { addRound(&traces) } while !isAtEnd && rounds < judged + shape.judged + margin
    judged = isAtEnd ? rounds : rounds - margin
    for direction in Direction.allCases {
      let (part, last) = (ends[direction][judged - 1], ends[direction][rounds - 1])
      // What is about to be judged is joined with what lies behind it, if it may be the same.
      joins[direction].linkRest(&traces[direction], upTo: zip(part, last).map { $0 + ($1 - $0) / 2 })
      traces[direction].judge(to: part)
    }
    return true
  }

  private var rounds: Int { ends.clientToServer.count }

  private var isAtEnd: Bool { sources.allSatisfy { $0.cursor.left == 0 } }

  private mutating func forgetJudged(_ traces: inout DirectionPair<DirectionTrace>) {
    let kept = judged - margin
    guard kept > 0 else { return }
    for direction in Direction.allCases {
      let floors = ends[direction][kept - 1]
      for place in floors.indices {
        traces[direction].ranges[place] = floors[place]..<traces[direction].ranges[place].upperBound
      }
      joins[direction].forget(before: floors)
    }
  }

  /// Loads a round at every point, and more at those that lag, until all are in step.
  private mutating func addRound(_ traces: inout DirectionPair<DirectionTrace>) {
    for direction in Direction.allCases { joins[direction].beginRound() }
    var amounts = sources.map { max($0.share / 2, $0.share - lead(of: $0, traces)) }
    var more = 1
    while amounts.contains(where: { $0 > 0 }) {
      load(amounts, &traces)
      for direction in Direction.allCases {
        joins[direction].linkInOrder(
          &traces[direction], from: start(of: 1, direction, traces[direction]),
          unlinkedFrom: start(of: 3, direction, traces[direction]),
          hasEnded: traces[direction].path.map { left(at: $0) == 0 })
      }
      // What is tried again and again would take time with the square of its length.
      let lagging = lagging(traces, unknown: more * shape.packets)
      more *= 2
      for (place, source) in sources.enumerated() {
        amounts[place] = min(source.cursor.left, lagging[source.position] ?? 0)
      }
    }
    for place in sources.indices where sources[place].cursor.left == 0 && sources[place].endedIn == nil {
      sources[place].endedIn = rounds
    }
    for direction in Direction.allCases { ends[direction].append(traces[direction].ranges.map(\.upperBound)) }
    widenMargin(traces)
  }

  private mutating func load(_ amounts: [Int], _ traces: inout DirectionPair<DirectionTrace>) {
    for direction in Direction.allCases {
      var kept = traces[direction].ranges
      for (source, amount) in zip(sources, amounts) {
        guard let place = source.places[direction] else { continue }
        let end = min(kept[place].upperBound + amount, traces[direction].transmissions.count)
        kept[place] = kept[place].lowerBound..<end
      }
      traces[direction].transmissions.keep(kept)
    }
    for index in sources.indices where amounts[index] > 0 {
      let places = sources[index].places
      for direction in Direction.allCases {
        guard let place = places[direction] else { continue }
        traces[direction].transmissions.goOn(at: traces[direction].ranges[place].upperBound)
      }
      sources[index].cursor.load(amounts[index], into: &traces)
      for direction in Direction.allCases {
        guard let place = places[direction] else { continue }
        traces[direction].ranges[place] =
          traces[direction].ranges[place].lowerBound..<traces[direction].transmissions.end
      }
    }
  }

  /// For each place, where so many rounds began before this one, or before the last one of a point that has no more.
  private func start(of earlier: Int, _ direction: Direction, _ trace: DirectionTrace) -> [Int] {
    trace.path.indices.map { place in
      let source = sources.first { $0.position == trace.path[place] }
      let before = (source?.endedIn ?? rounds) - earlier - 1
      return before < 0 ? trace.ranges[place].lowerBound : ends[direction][before][place]
    }
  }

  /// Packets at a point's end that none of the points next to it has so far; those do not count whose captures have ended.
  private func lead(of source: Source, _ traces: DirectionPair<DirectionTrace>) -> Int {
    var least = Int.max
    for direction in Direction.allCases {
      for (place, other) in next(traces[direction]) {
        guard let standing = joins[direction].standing(place, other, traces[direction]) else { continue }
        if source.places[direction] == other, left(at: traces[direction].path[place]) > 0 {
          least = min(least, standing.down)
        }
        if source.places[direction] == place, left(at: traces[direction].path[other]) > 0 {
          least = min(least, standing.up)
        }
      }
    }
    return least == .max ? 0 : least
  }

  // MARK: In step

  /// Places that are neighbours, or would be but for those that have ended.
  private func next(_ trace: DirectionTrace) -> [(Int, Int)] {
    let going = trace.path.indices.filter { left(at: trace.path[$0]) > 0 }
    let across = zip(going, going.dropFirst()).filter { $1 > $0 + 1 }
    return zip(trace.path.indices, trace.path.indices.dropFirst()) + across
  }

  /// The positions at which more has to be loaded, and about how many packets.
  ///
  /// - Parameter unknown: so many where nothing tells how many.
  private func lagging(_ traces: DirectionPair<DirectionTrace>, unknown: Int) -> [Int: Int] {
    var found: [Int: Int] = [:]
    for direction in Direction.allCases {
      let trace = traces[direction]
      for (place, other) in next(trace) {
        guard let standing = joins[direction].standing(place, other, trace), !isInStep(standing) else { continue }
        // The other direction may show more, where cards cut and merge what is sent in this one.
        let back = traces[direction.opposite]
        if let one = back.path.firstIndex(of: trace.path[other]), let two = back.path.firstIndex(of: trace.path[place]),
          let shown = joins[direction.opposite].standing(one, two, back), shown.fresh >= slack / 4,
          shown.fresh > standing.fresh || isInStep(shown)
        {
          continue
        }
        let (position, amount) = lagging(place, other, standing, direction, trace) ?? (-1, unknown)
        for lagging in position < 0 ? [trace.path[place], trace.path[other]] : [position] {
          found[lagging] = max(found[lagging] ?? 0, amount ?? unknown)
        }
      }
    }
    return found
  }

  /// What may be behind the last link of two points, in packets.
  private var slack: Int { shape.packets / 4 }

  private func isInStep(_ standing: RoundJoin.Standing) -> Bool { standing.up <= slack && standing.down <= slack }

  /// Which of two points that are not in step lags behind the other, and by how many packets as far as that is known; `nil`
  /// if nothing tells.
  private func lagging(
    _ place: Int, _ other: Int, _ standing: RoundJoin.Standing, _ direction: Direction, _ trace: DirectionTrace
  ) -> (position: Int, amount: Int?)? {
    let (one, two) = (trace.path[place], trace.path[other])
    if standing.up <= slack { return (one, bothWays(standing.down, direction, at: one)) }
    if standing.down <= slack { return (two, bothWays(standing.up, direction, at: two)) }
    // Neither has what the other one has last: one may have paused, or lack what was lost for long.
    guard let delta = path.model.usualDelta(direction, from: one, to: two), let sent = lastTime(trace, place),
      let arrived = lastTime(trace, other)
    else { return nil }
    let first = sent.addingSaturated(delta) < arrived ? one : two
    return left(at: first) > 0 ? (first, nil) : nil
  }

  /// Packets of both directions among which there are so many of one, at a point.
  private func bothWays(_ packets: Int, _ direction: Direction, at position: Int) -> Int {
    guard let counts = sources.first(where: { $0.position == position })?.counts else { return packets }
    let all = counts.clientToServer + counts.serverToClient
    return max(1, Int(Double(packets) * Double(all) / Double(max(1, counts[direction]))))
  }

  private func left(at position: Int) -> Int { sources.first { $0.position == position }?.cursor.left ?? 0 }

  private func lastTime(_ trace: DirectionTrace, _ place: Int) -> Int64? {
    trace.ranges[place].last.map { trace.transmissions[$0].timeNS }
  }

  // MARK: Margins

  /// Makes the margins wide enough for what is under way: what a judge asks, was it acknowledged, was it sent again, did it
  /// come late, shows within some round trips, and within the longest time that a packet is in a queue.
  private mutating func widenMargin(_ traces: DirectionPair<DirectionTrace>) {
    var most = 0
    var wanted = 1
    for source in sources {
      let (client, server) = (source.cursor.client.unwrapping, source.cursor.server.unwrapping)
      if let place = source.places.clientToServer {
        most = max(most, inFlight(traces.clientToServer, place, client.reached, acknowledged: server.acknowledged))
      }
      if let place = source.places.serverToClient {
        most = max(most, inFlight(traces.serverToClient, place, server.reached, acknowledged: client.acknowledged))
      }
      if let took = lastRound(of: source, traces) {
        wanted = max(wanted, Int((shape.marginNS + took - 1) / took))
      }
    }
    wanted = max(wanted, (Self.marginOfFlight * most + shape.packets - 1) / shape.packets)
    margin = min(Self.widest, max(margin, wanted))
  }

  /// The time that the last round took at a point, in nanoseconds; `nil` if its clock does not tell.
  private func lastRound(of source: Source, _ traces: DirectionPair<DirectionTrace>) -> Int64? {
    var times: [Int64] = []
    for direction in Direction.allCases {
      guard let place = source.places[direction] else { continue }
      let start = rounds > 1 ? ends[direction][rounds - 2][place] : traces[direction].ranges[place].lowerBound
      let round = start..<traces[direction].ranges[place].upperBound
      times += [round.first, round.last].compactMap { $0.map { traces[direction].transmissions[$0].timeNS } }
    }
    guard source.cursor.left > 0, let first = times.min(), let last = times.max() else { return nil }
    let took = last.differenceSaturated(from: first)
    return took > 0 ? took : nil
  }

  /// Packets at the end of a place's range that were not acknowledged yet.
  ///
  /// - Parameter reached: the furthest that one of them began in the stream: an acknowledgement begins where data ended.
  private func inFlight(_ trace: DirectionTrace, _ place: Int, _ reached: Int64, acknowledged: Int64) -> Int {
    guard trace.isTCP, acknowledged > 0, reached > acknowledged else { return 0 }
    let range = trace.ranges[place]
    let first = range.reversed().prefix(Self.widest * shape.packets / Self.marginOfFlight).first {
      trace.transmissions[$0].takesSequence && trace.transmissions[$0].end <= acknowledged
    }
    return range.upperBound - (first ?? range.lowerBound) - 1
  }
}
