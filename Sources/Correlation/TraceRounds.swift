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
/// each point are linked with those of the next. That asks for packets that can be told apart and mostly come through as
/// they were sent; where a round finds it otherwise, the connection is to be judged as a whole.
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
  /// One of so many packets may be lacking at a point.
  private static let shareThatMayLack = 20
  /// A round has so many turns in which points that lag load more.
  private static let mostTurns = 8

  /// One point's packets.
  private struct Source {
    let position: Int
    /// The point's place in the path of each direction.
    let places: DirectionPair<Int?>
    var cursor: PointCursor
    /// Packets in a round.
    let share: Int
    /// The round in which the last of them were loaded.
    var endedIn: Int?
  }

  /// What came of going on.
  enum Progress {
    /// A part may be judged.
    case part
    /// All was judged.
    case end
    /// The points are not in step: nothing is known of the connection.
    case outOfStep
  }

  /// Begins the traces, if the connection is so long, if its packets can be told apart and every point has about as many of
  /// them, and if the system has such memory; else `nil`, and they have to begin anew.
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
    guard most > shape.longest,
      positions.allSatisfy({ !loader.hasLeaks(at: $0) && most - packets($0) <= most / Self.shareThatMayLack })
    else { return nil }
    let paths = path.paths(of: group)
    for direction in Direction.allCases {
      let counts = paths[direction].map { loader.packets(at: $0, fromClient: direction == .clientToServer) }
      // Where one has less, it began late, ended early, or cut and merged what is sent.
      guard let (fewest, most) = counts.min().map({ ($0, counts.max() ?? $0) }),
        most - fewest <= most / Self.shareThatMayLack,
        zip(paths[direction], paths[direction].dropFirst()).allSatisfy({ path.model.tellsApart(direction, $0, $1) })
      else { return nil }
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
          share: max(1, Int(Double(shape.packets) * Double(packets(position)) / Double(most)))))
    }
  }

  /// Loads and joins until a part may be judged, and marks it.
  mutating func next(_ traces: inout DirectionPair<DirectionTrace>) -> Progress {
    if judged > 0 {
      if isAtEnd { return .end }
      forgetJudged(&traces)
    }
    repeat {
      guard addRound(&traces) else { return .outOfStep }
    } while !isAtEnd && rounds < judged + shape.judged + margin
    judged = isAtEnd ? rounds : rounds - margin
    for direction in Direction.allCases {
      let (part, last) = (ends[direction][judged - 1], ends[direction][rounds - 1])
      // What is about to be judged is joined with what lies behind it, if it may be the same.
      let ripe = zip(part, last).map { $0 + ($1 - $0) / 2 }
      guard joins[direction].linkRest(&traces[direction], upTo: ripe) else { return .outOfStep }
      traces[direction].judge(to: part)
    }
    return .part
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

  /// Loads a round at every point, and more at those that lag, until all are in step; `false` if they do not get there.
  private mutating func addRound(_ traces: inout DirectionPair<DirectionTrace>) -> Bool {
    for direction in Direction.allCases { joins[direction].beginRound() }
    var amounts = sources.map { max($0.share / 2, $0.share - lead(of: $0, traces)) }
    var isInStep = false
    for _ in 0..<Self.mostTurns where !isInStep {
      load(amounts, &traces)
      for direction in Direction.allCases {
        joins[direction].linkInOrder(
          &traces[direction], from: start(of: 1, direction, traces[direction]),
          unlinkedFrom: start(of: 3, direction, traces[direction]))
      }
      guard let lags = lags(traces) else { return false }
      isInStep = lags.isEmpty
      for (place, source) in sources.enumerated() {
        amounts[place] = min(source.cursor.left, lags[source.position] ?? 0)
      }
      if !isInStep, !amounts.contains(where: { $0 > 0 }) { return false }
    }
    guard isInStep, mostIsLinked(traces) else { return false }
    for place in sources.indices where sources[place].cursor.left == 0 && sources[place].endedIn == nil {
      sources[place].endedIn = rounds
    }
    for direction in Direction.allCases { ends[direction].append(traces[direction].ranges.map(\.upperBound)) }
    widenMargin(traces)
    return true
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

  /// Packets at a point's end that none of its neighbours has so far.
  private func lead(of source: Source, _ traces: DirectionPair<DirectionTrace>) -> Int {
    var least = Int.max
    for direction in Direction.allCases {
      guard let place = source.places[direction] else { continue }
      if place > 0 { least = min(least, joins[direction].standing(place - 1, traces[direction]).down) }
      if place + 1 < traces[direction].path.count {
        least = min(least, joins[direction].standing(place, traces[direction]).up)
      }
    }
    return least == .max ? 0 : least
  }

  // MARK: In step

  /// The positions at which more has to be loaded, and how many packets at least; `nil` if nothing tells which of two.
  private func lags(_ traces: DirectionPair<DirectionTrace>) -> [Int: Int]? {
    var found: [Int: Int] = [:]
    for direction in Direction.allCases {
      let trace = traces[direction]
      for place in trace.path.indices.dropLast() {
        let standing = joins[direction].standing(place, trace)
        // Well within half a margin of the direction.
        let slack = max(Self.few, standing.offered / Self.shareUnlinked)
        if standing.up > slack, standing.down > slack { return nil }
        if standing.down > slack { found[trace.path[place], default: 0] += standing.down }
        if standing.up > slack { found[trace.path[place + 1], default: 0] += standing.up }
      }
    }
    return found
  }

  /// Whether nearly all of what was loaded in this round is linked with the next point in order.
  private func mostIsLinked(_ traces: DirectionPair<DirectionTrace>) -> Bool {
    Direction.allCases.allSatisfy { direction in
      traces[direction].path.indices.dropLast().allSatisfy { place in
        let standing = joins[direction].standing(place, traces[direction])
        return standing.offered < Self.few || standing.fresh >= standing.offered - standing.offered / Self.shareUnlinked
      }
    }
  }

  /// So few packets of a round say nothing.
  private static let few = 16
  /// One of so many packets may be unlike itself at the next point, or lost.
  private static let shareUnlinked = 8

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
