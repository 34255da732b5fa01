import Flows
public import Matching
public import Verdicts

/// Correlates matched traffic: the fate of every transmission on every segment, and what was changed on the way.
public struct Correlator: Sendable {
  private let matched: MatchedTraffic
  private let visibility: Visibility
  private let model: PairModel

  /// A correlator of this traffic.
  public init(_ matched: MatchedTraffic) {
    self.matched = matched
    visibility = Visibility(matched: matched)
    model = PairModel(matched: matched, visibility: visibility)
  }

  /// For each position, the only direction that its capture holds, if so.
  public var oneWay: [Direction?] { visibility.oneWay }

  /// Correlates all connections.
  ///
  /// What passed while a capture paused is outside its coverage; that it paused only shows once all connections are
  /// judged, and then they are judged again.
  public func correlate() -> CorrelationTally {
    var coverage = matched.points.map { $0.coverage.map { Coverage(whole: $0) } }
    let first = correlate(coverage)
    let pauses = CapturePauses(points: matched.points, model: model, tally: first).find()
    guard pauses.contains(where: { !$0.isEmpty }) else { return first }
    for position in pauses.indices { coverage[position]?.pauses = pauses[position] }
    var second = correlate(coverage)
    second.pauses = pauses
    return second
  }

  private func correlate(_ coverage: [Coverage?]) -> CorrelationTally {
    var tally = CorrelationTally()
    let correlator = ConnectionCorrelator(
      matched: matched, visibility: visibility, model: model, coverage: coverage)
    for group in matched.groups.indices { correlator.correlate(group, into: &tally) }
    tally.settleBirths()
    tally.settleDoubtfulCopies()
    tally.settleAtTheEnd()
    tally.settleUnproven()
    return tally
  }
}
