import Flows
import Matching
import Packets
import Verdicts

/// Follows one connection along its path: joins its transmissions point by point, then judges what became of them.
struct ConnectionCorrelator {
  let path: PathContext
  /// The traces of the connection at hand, whose memory the next one takes over.
  private var traces: DirectionPair<DirectionTrace>
  /// Its changes, of which the same holds.
  private var rewrites = RewriteTally()

  init(_ path: PathContext) {
    self.path = path
    traces = DirectionPair(.empty, .empty)
  }

  var matched: MatchedTraffic { path.matched }
  private var model: PairModel { path.model }

  /// Judges one connection into `tally`.
  mutating func correlate(_ index: Int, into tally: inout CorrelationTally) {
    let group = matched.groups[index]
    guard group.ambiguousWith.isEmpty else {
      tally.ambiguousGroups += 1
      return
    }
    if isOfOneLink(group) { return }
    guard group.headingKnown else {
      tally.groupsWithoutHeading += 1
      return
    }
    let loader = TraceLoader(group: group, points: matched.points)
    rewrites.restart()
    if let own = judgedInParts(index, loader) {
      tally.merge(own)
    } else {
      rewrites.restart()
      loader.load(path.paths(of: group), into: &traces)
      for direction in Direction.allCases { join(&traces[direction], direction) }
      let proxied = ProxiedHandshake.find(traces.serverToClient, group: index)
      if let proxied { tally.proxiedHandshakes.append(proxied) }
      var memories = DirectionPair(JudgesMemory.none, .none)
      judge(index, loader.bases, proxied, &memories, translationsFrom: tally.translations.count, into: &tally)
    }
    tally.rewrites.append(contentsOf: rewrites.rewrites)
  }

  /// Judges a long connection part by part; `nil` if it is not long, or has to be judged as a whole.
  private mutating func judgedInParts(_ index: Int, _ loader: TraceLoader) -> CorrelationTally? {
    guard var rounds = TraceRounds(loader, matched.groups[index], path, into: &traces) else { return nil }
    defer { traces = DirectionPair(.empty, .empty) }
    var tally = CorrelationTally(points: matched.points.count)
    var memories = DirectionPair(
      JudgesMemory(places: traces.clientToServer.path.count), JudgesMemory(places: traces.serverToClient.path.count))
    var isFirst = true
    while true {
      switch rounds.next(&traces) {
      case .outOfStep: return nil
      case .end: return tally
      case .part:
        if isFirst, let proxied = ProxiedHandshake.find(traces.serverToClient, group: index) {
          tally.proxiedHandshakes.append(proxied)
        }
        isFirst = false
        judge(
          index, loader.bases, tally.proxiedHandshakes.first, &memories, translationsFrom: 0, into: &tally)
      }
    }
  }

  /// Judges what is to be judged of the traces.
  ///
  /// - Parameter own: where the connection's translations begin in the tally.
  private mutating func judge(
    _ index: Int, _ bases: SequenceBases, _ proxied: ProxiedHandshake?, _ memories: inout DirectionPair<JudgesMemory>,
    translationsFrom own: Int, into tally: inout CorrelationTally
  ) {
    for direction in Direction.allCases {
      let context = TraceContext(
        group: index, direction: direction, traces: traces, bases: bases, handshakeProxiedAt: proxied?.between,
        path: path)
      FateJudge(context: context).judge(into: &tally, &memories[direction])
      BirthJudge(context: context).judge(into: &tally, &memories[direction])
      ReorderJudge(context: context).judge(into: &tally, &memories[direction])
      LinkComparison(context: context).compare(into: &tally, rewrites: &rewrites)
    }
    AddressComparison(matched: matched, group: index, traces: traces).compare(into: &tally.translations, from: own)
  }

  private func isOfOneLink(_ group: ConnectionGroup) -> Bool {
    group.presentPoints.contains { matched.points[$0].connections[Int(group.members[$0])].staysOnLink }
  }

  /// Links the transmissions of each place with those of the next, and what is missing there with places further on.
  func join(_ trace: inout DirectionTrace, _ direction: Direction) {
    var pending: [(place: Int, left: [Int32])] = []
    for place in trace.path.indices.dropLast() {
      var (leftUp, leftDown) = joinNeighbours(&trace, direction, place)
      if !leftDown.isEmpty {
        for index in pending.indices.reversed() where !leftDown.isEmpty && !pending[index].left.isEmpty {
          (pending[index].left, leftDown) = join(
            &trace, direction, pending[index].place, place + 1, pending[index].left, leftDown)
        }
        CopyFinder.mark(&trace, among: leftDown.filter { trace.transmissions[Int($0)].previous < 0 })
      }
      leftUp.removeAll { trace.transmissions[Int($0)].copyOf >= 0 }
      if !leftUp.isEmpty { pending.append((place, leftUp)) }
    }
  }

  /// Links the transmissions of a place with those of the next one, and returns what is left at both.
  private func joinNeighbours(
    _ trace: inout DirectionTrace, _ direction: Direction, _ place: Int
  ) -> (up: [Int32], down: [Int32]) {
    let (one, two) = (trace.path[place], trace.path[place + 1])
    let general = model.survival(direction, from: one, to: two)
    var (up, down): ([Int32], [Int32])
    // What agrees in everything that survives elsewhere is the same packet here, too; most of the time that is all.
    if general.isSelective {
      (up, down) = TransmissionJoin(general, model, direction, from: one, to: two).joinInOrder(
        &trace, up: trace.ranges[place], down: trace.ranges[place + 1])
    } else {
      (up, down) = (trace.ranges[place].map(Int32.init), trace.ranges[place + 1].map(Int32.init))
    }
    if up.isEmpty || down.isEmpty { return (up, down) }
    // A box may treat one connection unlike the others: what its own packets show comes first.
    var own = FeatureSurvival()
    let usual = model.usualDelta(direction, from: one, to: two)
    for (up, down) in AnchorPairs.find(trace, place, limit: 64, known: usual) {
      own.learn(trace.transmissions, up, down)
    }
    return TransmissionJoin(own.preferred(over: general), model, direction, from: one, to: two).join(
      &trace, up: up, down: down)
  }

  /// Links transmissions of two places that are no neighbours, and returns what is left of both.
  private func join(
    _ trace: inout DirectionTrace, _ direction: Direction, _ place: Int, _ other: Int, _ up: [Int32], _ down: [Int32]
  ) -> (up: [Int32], down: [Int32]) {
    let (one, two) = (trace.path[place], trace.path[other])
    return TransmissionJoin(model.survival(direction, from: one, to: two), model, direction, from: one, to: two).join(
      &trace, up: up, down: down)
  }
}

extension FeatureSurvival {
  /// For each feature, what other connections showed, unless this one's own packets clearly speak otherwise.
  func preferred(over other: FeatureSurvival) -> FeatureSurvival {
    FeatureSurvival(
      ipID: ipID.preferred(over: other.ipID), timestamp: timestamp.preferred(over: other.timestamp),
      acknowledgement: acknowledgement.preferred(over: other.acknowledgement),
      payload: payload.preferred(over: other.payload))
  }
}

extension FeatureSurvival.Count {
  fileprivate func preferred(over other: FeatureSurvival.Count) -> FeatureSurvival.Count {
    if seen == 0 { return other }
    // A single pair may be a wrong one.
    let mostlyDisagrees = seen > 1 && agreed * 2 < seen
    let agreesWhereOthersDoNot = !other.isReliable && agreed == seen
    return other.seen == 0 || mostlyDisagrees || agreesWhereOthersDoNot ? self : other
  }
}
