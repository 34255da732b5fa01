import Flows
import Matching
import Packets
import Verdicts

/// Follows one connection along its path: joins its transmissions point by point, then judges what became of them.
struct ConnectionCorrelator {
  let matched: MatchedTraffic
  let visibility: Visibility
  let model: PairModel

  /// Judges one connection into `tally`.
  func correlate(_ index: Int, into tally: inout CorrelationTally) {
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
    var traces = Direction.allCases.map { direction in
      loader.load(
        path: visibility.path(of: group, direction: direction, in: matched),
        fromClient: direction == .clientToServer)
    }
    for direction in Direction.allCases { join(&traces[Int(direction.rawValue)], direction) }
    let proxied = ProxiedHandshake.find(traces[Int(Direction.serverToClient.rawValue)], group: index)
    if let proxied { tally.proxiedHandshakes.append(proxied) }
    var rewrites = RewriteTally()
    for direction in Direction.allCases {
      let trace = traces[Int(direction.rawValue)]
      let context = TraceContext(
        group: index, direction: direction, trace: trace, reverse: traces[Int(direction.opposite.rawValue)],
        matched: matched, model: model, bases: loader.bases, handshakeProxiedAt: proxied?.between)
      FateJudge(context: context).judge(into: &tally)
      BirthJudge(context: context).judge(into: &tally)
      ReorderJudge(context: context).judge(into: &tally)
      LinkComparison(context: context).compare(into: &tally, rewrites: &rewrites)
    }
    AddressComparison(matched: matched, group: index, traces: traces).compare(rewrites: &rewrites)
    tally.rewrites.append(contentsOf: rewrites.rewrites)
  }

  /// Whether its addresses are those of one link, beyond which no router sends: multicast and link-local ones.
  private func isOfOneLink(_ group: ConnectionGroup) -> Bool {
    group.presentPoints.contains { point in
      let connection = matched.points[point].connections[Int(group.members[point])]
      return connection.client.address.staysOnLink || connection.server.address.staysOnLink
    }
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
      CopyFinder.mark(&trace, among: leftDown)
      leftUp.removeAll { trace.transmissions[Int($0)].copyOf >= 0 }
      pending.append((place, leftUp))
    }
  }

  private func join(
    _ trace: inout DirectionTrace, _ direction: Direction, _ place: Int, _ other: Int, _ up: [Int32], _ down: [Int32]
  ) -> (up: [Int32], down: [Int32]) {
    if up.isEmpty || down.isEmpty { return (up, down) }
    let (one, two) = (trace.path[place], trace.path[other])
    var survival = model.survival(direction, from: one, to: two)
    if other == place + 1 {
      // A box may treat one connection unlike the others: what its own packets show comes first.
      var own = FeatureSurvival()
      for (up, down) in AnchorPairs.find(
        trace, place, limit: 64, known: model.usualDelta(direction, from: one, to: two))
      { own.learn(up, down) }
      survival = own.preferred(over: survival)
    }
    let join = TransmissionJoin(
      survival: survival, usualDelta: model.usualDelta(direction, from: one, to: two),
      leastDelta: model.leastDelta(direction, from: one, to: two))
    return join.join(&trace, up: up, down: down)
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

/// Finds further copies of a packet at one point that upstream has only once.
enum CopyFinder {
  /// How far back in the order of capture the first copy is looked for.
  private static let lookBack = 64
  /// Copies further apart than this are not made by a network.
  private static let farthestNS: Int64 = 1_000_000_000

  static func mark(_ trace: inout DirectionTrace, among left: [Int32]) {
    for index in left {
      let transmission = trace.transmissions[Int(index)]
      let start = trace.ranges[Int(transmission.place)].lowerBound
      var back = Int(index) - 1
      while back >= max(start, Int(index) - lookBack) {
        let earlier = trace.transmissions[back]
        if transmission.record.timeNS - earlier.record.timeNS > farthestNS { break }
        if earlier.copyOf < 0, transmission.record.isTwin(of: earlier.record) {
          trace.transmissions[Int(index)].copyOf = Int32(back)
          break
        }
        back -= 1
      }
    }
  }
}
