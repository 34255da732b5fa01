public import Verdicts

/// A tally for each pair of points that have one, found by its place in a table rather than by a hash: it is looked up
/// for every packet.
public struct SegmentTable: Sendable, Sequence {
  private let points: Int
  /// For each pair, the index of its tally, or −1.
  private var places: [Int32]
  private var pairs: [PointPair] = []
  private var tallies: [SegmentTally] = []

  init(points: Int) {
    self.points = points
    places = Array(repeating: -1, count: points * points)
  }

  /// The tally of a pair, if there is one.
  public subscript(pair: PointPair) -> SegmentTally? {
    let place = places[pair.near * points + pair.far]
    return place < 0 ? nil : tallies[Int(place)]
  }

  /// The tally of a pair, which an access to it makes.
  subscript(pair: PointPair, default tally: @autoclosure () -> SegmentTally) -> SegmentTally {
    get { self[pair] ?? tally() }
    _modify {
      let slot = pair.near * points + pair.far
      if places[slot] < 0 {
        places[slot] = Int32(tallies.count)
        pairs.append(pair)
        tallies.append(tally())
      }
      yield &tallies[Int(places[slot])]
    }
  }

  /// The pairs and their tallies, in path order.
  public func makeIterator() -> some IteratorProtocol<(key: PointPair, value: SegmentTally)> {
    zip(pairs, tallies).sorted { $0.0 < $1.0 }.map { (key: $0.0, value: $0.1) }.makeIterator()
  }

  /// Adds what another table counted.
  mutating func merge(_ other: SegmentTable) {
    for (pair, tally) in zip(other.pairs, other.tallies) {
      self[pair, default: SegmentTally()].merge(tally)
    }
  }
}

/// One direction of a segment.
struct OneWay: Hashable, Sendable {
  var between: PointPair
  var direction: Direction

  init(_ between: PointPair, _ direction: Direction) { (self.between, self.direction) = (between, direction) }
}
