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
    loader.load(path.paths(of: group), into: &traces)
    for direction in Direction.allCases { join(&traces[direction], direction) }
    let proxied = ProxiedHandshake.find(traces.serverToClient, group: index)
    if let proxied { tally.proxiedHandshakes.append(proxied) }
    rewrites.restart()
    for direction in Direction.allCases {
      let context = TraceContext(
        group: index, direction: direction, traces: traces, bases: loader.bases,
        handshakeProxiedAt: proxied?.between, path: path)
      FateJudge(context: context).judge(into: &tally)
      BirthJudge(context: context).judge(into: &tally)
      ReorderJudge(context: context).judge(into: &tally)
      LinkComparison(context: context).compare(into: &tally, rewrites: &rewrites)
    }
    AddressComparison(matched: matched, group: index, traces: traces).compare(into: &tally.translations)
    tally.rewrites.append(contentsOf: rewrites.rewrites)
  }

  private func isOfOneLink(_ group: ConnectionGroup) -> Bool {
    group.presentPoints.contains { matched.points[$0].connections[Int(group.members[$0])].staysOnLink }
  }

  /// Links the transmissions of each place with those of the next, and what is missing there with places further on.
  func join(_ trace: inout DirectionTrace, _ direction: Direction) {
    var pending: [(place: Int, left: [Int32])] = []
    for place in trace.path.indices.dropLast() {
      let up = trace.ranges[place].map(Int32.init)
      var (leftUp, leftDown) = join(&trace, direction, place, place + 1, up, trace.ranges[place + 1].map(Int32.init))
      for index in pending.indices.reversed() where !leftDown.isEmpty && !pending[index].left.isEmpty {
        (pending[index].left, leftDown) = join(
          &trace, direction, pending[index].place, place + 1, pending[index].left, leftDown)
      }
      CopyFinder.mark(&trace, among: leftDown.filter { trace.transmissions[Int($0)].previous < 0 })
      leftUp.removeAll { trace.transmissions[Int($0)].copyOf >= 0 }
      pending.append((place, leftUp))
    }
  }

  private func join(
    _ trace: inout DirectionTrace, _ direction: Direction, _ place: Int, _ other: Int, _ up: [Int32], _ down: [Int32]
  ) -> (up: [Int32], down: [Int32]) {
    if up.isEmpty || down.isEmpty { return (up, down) }
    let (one, two) = (trace.path[place], trace.path[other])
    let usual = model.usualDelta(direction, from: one, to: two)
    let general = model.survival(direction, from: one, to: two)
    func join(_ survival: FeatureSurvival, _ trace: inout DirectionTrace, _ up: [Int32], _ down: [Int32])
      -> (up: [Int32], down: [Int32])
    {
      TransmissionJoin(
        survival: survival, usualDelta: usual, leastDelta: model.leastDelta(direction, from: one, to: two)
      ).join(&trace, up: up, down: down)
    }
    guard other == place + 1 else { return join(general, &trace, up, down) }
    // What agrees in everything that survives elsewhere is the same packet here, too; most of the time that is all.
    var (leftUp, leftDown) = (up, down)
    if general.isSelective {
      (leftUp, leftDown) = TransmissionJoin(
        survival: general, usualDelta: usual, leastDelta: model.leastDelta(direction, from: one, to: two)
      ).joinInOrder(&trace, up: up, down: down)
      if leftUp.isEmpty || leftDown.isEmpty { return (leftUp, leftDown) }
    }
    // A box may treat one connection unlike the others: what its own packets show comes first.
    var own = FeatureSurvival()
    for (up, down) in AnchorPairs.find(trace, place, limit: 64, known: usual) { own.learn(up, down) }
    return join(own.preferred(over: general), &trace, leftUp, leftDown)
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
