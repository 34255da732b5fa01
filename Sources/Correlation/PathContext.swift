import Matching
import Packets
import Verdicts

/// What is known of all connections of a path before any of them is judged.
///
/// A class, as every connection is judged with it: one reference is counted then, not one for each of its parts.
final class PathContext: Sendable {
  let matched: MatchedTraffic
  let visibility: Visibility
  let model: PairModel
  /// For each position, when it was capturing; `nil` without frames.
  let coverage: [Coverage?]
  /// How long connections are divided.
  let rounds: RoundShape
  /// For each position, fragments without the first one of their datagram; `nil` if there are none.
  private let loneFragments: [LoneFragments?]
  /// The paths of connections that every point has: towards the end of the path, and against it.
  private let whole: (towardsEnd: DirectionPair<[Int]>, towardsStart: DirectionPair<[Int]>)

  init(matched: MatchedTraffic, visibility: Visibility, model: PairModel, coverage: [Coverage?], rounds: RoundShape) {
    self.matched = matched
    self.visibility = visibility
    self.model = model
    self.coverage = coverage
    self.rounds = rounds
    loneFragments = matched.points.map { LoneFragments($0) }
    func path(_ direction: Direction, reversed: Bool) -> [Int] {
      let positions = matched.points.indices.filter { visibility.oneWay[$0] != direction.opposite }
      return (direction == .clientToServer) != reversed ? positions : positions.reversed()
    }
    func paths(reversed: Bool) -> DirectionPair<[Int]> {
      DirectionPair(path(.clientToServer, reversed: reversed), path(.serverToClient, reversed: reversed))
    }
    whole = (paths(reversed: false), paths(reversed: true))
  }

  /// The positions that each direction of a connection passes, upstream first.
  func paths(of group: ConnectionGroup) -> DirectionPair<[Int]> {
    if group.members.allSatisfy({ $0 >= 0 }) { return group.reversed ? whole.towardsStart : whole.towardsEnd }
    func path(_ direction: Direction) -> [Int] {
      visibility.path(of: group, direction: direction, in: matched) { passedUnseen($0, $1, $2) }
    }
    return DirectionPair(path(.clientToServer), path(.serverToClient))
  }

  /// Whether a packet seen at one position is a fragment that is at another one without the first of its datagram.
  func isLone(_ record: PacketRecord, _ direction: Direction, from position: Int, at other: Int) -> Bool {
    guard let fragments = loneFragments[other] else { return false }
    let usual = model.usualDelta(direction, from: position, to: other)
    return fragments.contains(record, expectedNS: usual.map { record.timeNS.addingSaturated($0) })
  }

  /// Whether an answer, seen at a time and point, passed the point beyond while that was not capturing.
  private func passedUnseen(_ answerNS: Int64, _ point: Int, _ beyond: Int) -> Bool {
    guard let coverage = coverage[beyond] else { return false }
    if let delta = model.usualDelta(.serverToClient, from: beyond, to: point) {
      return !coverage.contains(answerNS &- delta)
    }
    guard let delta = model.usualDelta(.clientToServer, from: point, to: beyond) else { return false }
    return !coverage.contains(answerNS &+ delta)
  }
}
