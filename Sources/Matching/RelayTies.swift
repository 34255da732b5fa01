import Flows
import Packets

/// Two connections of which one carries the other's bytes on: a proxy ends the one and opens the other.
public struct RelayTie: Sendable {
  /// Index of the group on the client's side.
  public var front: Int
  /// Index of the group on the server's side.
  public var back: Int
  /// 0 to 1.
  public var confidence: Double
}

/// Ties the two connections of a proxy: by payload that both carry, then by time where some pairs are sure.
///
/// Which one is nearer to the client shows without clocks: it waits longer from its first request to the first answer,
/// as its waiting includes the other's.
struct RelayTies {
  let points: [PointTraffic]
  let groups: [ConnectionGroup]

  /// A back connection that begins so far from where the sure pairs let expect it is not tied by time.
  private static let timeToleranceNS: Int64 = 50_000_000

  /// Two payloads that both carry; one alone may be a question that everybody asks.
  private static let requiredBits = 2 * 20.0
  /// The longest that a proxy is taken to think before it opens its own connection.
  private static let usualLagToleranceNS: Int64 = 2_000_000_000

  /// When a group's first request and first answer passed a point.
  private struct Exchange {
    var requestNS: Int64
    var answerNS: Int64
    var wait: Int64 { answerNS - requestNS }
  }

  func find(_ edges: [CandidateEdge]) -> [RelayTie] {
    guard !edges.isEmpty else { return [] }
    let groupOf = indexGroups()
    var scores: [Pair: Double] = [:]
    for edge in edges {
      let left = Int(groupOf[Int(edge.left.point)][Int(edge.left.connection)])
      let right = Int(groupOf[Int(edge.right.point)][Int(edge.right.connection)])
      guard left >= 0, right >= 0, left != right,
        !groups[left].presentPoints.contains(where: { groups[right].members[$0] >= 0 }),
        let pair = order(left, right)
      else { continue }
      // The same bytes are found once for each two points; more of them, not more points, make a tie surer.
      scores[pair] = max(scores[pair] ?? 0, edge.score)
    }
    var tied: Set<Int> = []
    var ties: [RelayTie] = []
    for (pair, score) in scores.sorted(by: {
      ($1.value, $0.key.front, $0.key.back) < ($0.value, $1.key.front, $1.key.back)
    })
    where score >= Self.requiredBits && !tied.contains(pair.front) && !tied.contains(pair.back) {
      tied.formUnion([pair.front, pair.back])
      ties.append(RelayTie(front: pair.front, back: pair.back, confidence: 0.95))
    }
    ties = consistent(ties)
    tied = Set(ties.flatMap { [$0.front, $0.back] })
    return ties + byTime(ties, tied)
  }

  /// A proxy takes about equally long to open its own connection each time, whatever the clocks' offset; two strangers
  /// that ask the same question do not.
  private func consistent(_ ties: [RelayTie]) -> [RelayTie] {
    guard let usual = ties.compactMap({ lag($0.front, $0.back) }).sorted().middle else { return [] }
    return ties.filter { tie in lag(tie.front, tie.back).map { abs($0 - usual) <= Self.usualLagToleranceNS } ?? false }
  }

  private struct Pair: Hashable {
    var front: Int
    var back: Int
  }

  /// For each point and each of its connections, the index of the group; −1 for one that is no member of any.
  private func indexGroups() -> [[Int32]] {
    var groupOf = points.map { [Int32](repeating: -1, count: $0.connections.count) }
    for (index, group) in groups.enumerated() {
      for point in group.presentPoints { groupOf[point][Int(group.members[point])] = Int32(index) }
    }
    return groupOf
  }

  /// The two groups as front and back; `nil` if one of them has no exchange.
  private func order(_ left: Int, _ right: Int) -> Pair? {
    guard let one = exchange(left), let other = exchange(right), one.wait != other.wait else { return nil }
    return one.wait > other.wait ? Pair(front: left, back: right) : Pair(front: right, back: left)
  }

  /// The exchange at the group's point where the wait is shortest, that is nearest to the server.
  private func exchange(_ group: Int) -> Exchange? {
    groups[group].presentPoints.compactMap { exchange(group, at: $0) }.min { $0.wait < $1.wait }
  }

  private func exchange(_ group: Int, at point: Int) -> Exchange? {
    let times = FirstExchange.times(groups[group], points, point)
    return times.map { Exchange(requestNS: $0.requestNS, answerNS: $0.answerNS) }
  }

  /// Ties what is left between the same two sets of points, each back connection to the front one that fits in time.
  private func byTime(_ sure: [RelayTie], _ tied: Set<Int>) -> [RelayTie] {
    guard let model = sure.first, sure.count >= 2 else { return [] }
    let frontPoints = groups[model.front].presentPoints
    let backPoints = groups[model.back].presentPoints
    let lags = sure.compactMap { lag($0.front, $0.back) }.sorted()
    guard let usual = lags.middle else { return [] }
    var candidates: [(miss: Int64, front: Int, back: Int)] = []
    let fronts = groups.indices.filter { !tied.contains($0) && groups[$0].presentPoints == frontPoints }
      .compactMap { group in exchange(group).map { (group, $0.requestNS) } }.sorted { $0.1 < $1.1 }
    let backs = groups.indices.filter { !tied.contains($0) && groups[$0].presentPoints == backPoints }
      .compactMap { group in exchange(group).map { (group, $0.requestNS) } }.sorted { $0.1 < $1.1 }
    var low = 0
    for (back, time) in backs {
      while low < fronts.count, time - fronts[low].1 - usual > Self.timeToleranceNS { low += 1 }
      var place = low
      while place < fronts.count, fronts[place].1 + usual - time <= Self.timeToleranceNS {
        candidates.append((abs(time - fronts[place].1 - usual), fronts[place].0, back))
        place += 1
      }
    }
    var taken: Set<Int> = []
    var ties: [RelayTie] = []
    for candidate in candidates.sorted(by: { ($0.miss, $0.front, $0.back) < ($1.miss, $1.front, $1.back) })
    where !taken.contains(candidate.front) && !taken.contains(candidate.back) {
      taken.formUnion([candidate.front, candidate.back])
      ties.append(RelayTie(front: candidate.front, back: candidate.back, confidence: 0.75))
    }
    return ties
  }

  /// From the front's request to the back's, by the two points' own clocks.
  private func lag(_ front: Int, _ back: Int) -> Int64? {
    guard let one = exchange(front), let other = exchange(back) else { return nil }
    return other.requestNS - one.requestNS
  }
}

/// The first data of the client and the first data of the server after it, at one point.
enum FirstExchange {
  private static let mostPackets = 256

  static func times(
    _ group: ConnectionGroup, _ points: [PointTraffic], _ point: Int
  ) -> (requestNS: Int64, answerNS: Int64)? {
    guard group.members[point] >= 0 else { return nil }
    let traffic = points[point]
    var request: Int64?
    for record in traffic.packets(of: Int(group.members[point]), most: mostPackets) {
      guard record.payloadLength > 0, !record.marks.contains(.icmpError) else { continue }
      let fromClient = record.marks.contains(.fromClient) != group.flipped[point]
      if fromClient, request == nil { request = record.timeNS }
      if !fromClient, let request { return (request, record.timeNS) }
    }
    return nil
  }
}
