public import Flows

/// The traffic of all points, in path order, with its connections followed from point to point.
///
/// A class, as it is passed on for every connection: a copy of its parts would count a reference to each.
public final class MatchedTraffic: Sendable {
  /// The points in path order, nearest to the clients first.
  public let points: [PointTraffic]
  /// Their names.
  public let names: [String]
  /// For each position in the path, the index of the point as given.
  public let inputIndex: [Int]
  /// 0 to 1; 1 where the order was given and round trips do not contradict it.
  public let orderConfidence: Double
  /// What the order rests on.
  public let orderEvidence: [String]
  /// Whether the order was given.
  public let orderGiven: Bool
  /// Where round trips speak against an order that was given.
  public let orderDoubts: [OrderDoubt]
  /// The connections; members and flips by position in the path.
  public let groups: [ConnectionGroup]
  /// Pairs of connections of which one carries the other's bytes on.
  public let relays: [RelayTie]

  /// Matches the connections of the points and finds the order of the points, unless it is given.
  ///
  /// - Parameters:
  ///   - inputs: the traffic of each point, in any order.
  ///   - names: a name for each.
  ///   - givenOrder: indices into `inputs` in path order, or `nil` to infer the order.
  public init(inputs: [PointTraffic], names inputNames: [String], givenOrder: [Int]? = nil) {
    var (found, relays, sketches) = ConnectionMatcher(points: inputs).match()
    let order: [Int]
    if let givenOrder {
      order = givenOrder
      orderEvidence = []
      orderDoubts = OrderDoubt.all(of: givenOrder, points: inputs, groups: found, sketches: sketches)
      orderConfidence = orderDoubts.map { 1 - Double($0.connections) / Double($0.voting) }.min() ?? 1
    } else {
      let ordering = PathOrdering(points: inputs, names: inputNames, groups: found, relays: relays, sketches: sketches)
      order = ordering.order
      orderConfidence = ordering.confidence
      orderDoubts = []
      orderEvidence = ordering.evidence
    }
    orderGiven = givenOrder != nil
    Headings(points: inputs, order: order, orderGiven: givenOrder != nil, sketches: sketches).set(&found)
    let staysInOrder = order.elementsEqual(inputs.indices)
    for index in found.indices where !staysInOrder {
      let group = found[index]
      found[index].members = order.map { group.members[$0] }
      found[index].flipped = order.map { group.flipped[$0] }
      for leak in group.leaks.indices {
        found[index].leaks[leak].point = order.firstIndex(of: group.leaks[leak].point) ?? 0
      }
    }
    groups = found
    self.relays = relays
    points = order.map { inputs[$0] }
    names = order.map { inputNames[$0] }
    inputIndex = order
  }

  /// Asks for the first records of a connection at all points, which are read soon.
  public func ask(for group: Int) {
    for point in groups[group].presentPoints { points[point].ask(for: Int(groups[group].members[point])) }
  }
}
