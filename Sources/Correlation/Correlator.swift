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

  /// What follows single connections.
  var connections: ConnectionCorrelator {
    ConnectionCorrelator(matched: matched, visibility: visibility, model: model)
  }

  /// For each position, the only direction that its capture holds, if so.
  public var oneWay: [Direction?] { visibility.oneWay }

  /// Correlates all connections.
  public func correlate() -> CorrelationTally {
    var tally = CorrelationTally()
    let correlator = ConnectionCorrelator(matched: matched, visibility: visibility, model: model)
    for group in matched.groups.indices { correlator.correlate(group, into: &tally) }
    tally.settleBirths()
    tally.settleAtTheEnd()
    tally.settleUnproven()
    return tally
  }
}
