import Flows
import Packets

/// Works out which point lies nearer to the clients, from the traffic alone.
///
/// For two points a and b, take the time of a packet from the client from a to b, and of one from the server from a to
/// b, each by the two points' own clocks. Their difference is free of the clocks' offset:
///
///     (tb − ta) of a client's packet  −  (tb − ta) of a server's packet  =  round trip between a and b
///
/// and it is positive exactly if a is nearer to the client. Where a point sees only one direction, the TTL tells, then
/// the clocks if all others are in step, then the names of a box's two sides; each is less sure than the one before.
public struct PathOrdering: Sendable {
  /// The points' indices, nearest to the clients first.
  public let order: [Int]
  /// 0 to 1: of the least sure pair of neighbours.
  public let confidence: Double
  /// What the order rests on, in words.
  public let evidence: [String]

  init(
    points: [PointTraffic], names: [String], groups: [ConnectionGroup], relays: [RelayTie],
    sketches: ConnectionSketches
  ) {
    var votes = PairVotes(points: points, groups: groups, sketches: sketches)
    votes.add(relays, groups: groups, points: points)
    votes.addTieBreakers(names: names)
    let rank = points.indices.map { one in
      points.indices.reduce(0.0) { $0 + votes.preference(one, $1) }
    }
    // A point that shares no connection with any other has no place in the path; it comes last, unless its name says more.
    let isApart = points.indices.map { one in points.count > 1 && !points.indices.contains { votes.meet(one, $0) } }
    let isLast = points.indices.map { one in
      isApart[one] && points.indices.allSatisfy { votes.preference(one, $0) == 0 }
    }
    let ranked = points.indices.sorted {
      (isLast[$0] ? 1 : 0, rank[$1], $0) < (isLast[$1] ? 1 : 0, rank[$0], $1)
    }
    // What its name says of a point must not come between points that packets put in order.
    var order = ranked.filter { !isApart[$0] }
    for apart in ranked where isApart[apart] {
      let place = isLast[apart] ? nil : order.firstIndex { votes.preference(apart, $0) > 0 }
      order.insert(apart, at: place ?? order.endIndex)
    }
    self.order = order
    var confidence = 1.0
    var evidence = order.filter { isApart[$0] }.map { "the place of \(names[$0]) is not known" }
    for (one, other) in zip(order, order.dropFirst()) {
      if isApart[one] || isApart[other] { continue }
      let (sure, basis) = votes.confidence(one, other)
      // Two points that no connection passes both are not on one path, and no verdict rests on their order.
      if basis == .nothing, !votes.meet(one, other) {
        evidence.append("no connection passes both \(names[one]) and \(names[other])")
        continue
      }
      confidence = min(confidence, sure)
      if !evidence.contains(basis.rawValue) { evidence.append(basis.rawValue) }
      if sure < 0.8 { evidence.append("unsure: \(names[one]) before \(names[other])") }
    }
    if evidence.allSatisfy({ $0.hasPrefix("no connection") || $0.hasPrefix("the place") }) {
      // No two neighbours share a connection: what is known of those that do is all there is.
      let known = order.indices.flatMap { place in
        order[(place + 1)...].filter { votes.meet(order[place], $0) }.map { votes.confidence(order[place], $0).0 }
      }
      confidence = known.min() ?? 0.5
    }
    self.confidence = points.count < 2 ? 1 : confidence
    self.evidence = evidence
  }
}

/// What speaks for each pair of points that one is nearer to the client.
struct PairVotes {
  enum Basis: String {
    case roundTrips = "round trips"
    case ttl = "TTL"
    case clocksInStep = "clocks in step"
    case names = "names"
    case nothing = "packets of one direction only"
  }

  private struct Pair {
    /// Connections that both points have.
    var shared = 0
    var ahead = 0
    var behind = 0
    var ttlAhead = 0
    var ttlBehind = 0
    /// Times of packets of one direction, where only one is to be had: positive towards the server from the one.
    var oneWay: [Int64] = []
    var offsets: [Int64] = []
    var tieBreak = 0.0
    var tieBasis = Basis.nothing
  }

  private let count: Int
  private var pairs: [Pair]
  /// Groups looked at: more do not make an order surer.
  static let mostGroups = 5000

  init(points: [PointTraffic], groups: [ConnectionGroup], sketches: ConnectionSketches) {
    count = points.count
    pairs = Array(repeating: Pair(), count: count * count)
    var looked = 0
    for group in groups {
      let present = group.presentPoints
      if looked == Self.mostGroups { break }
      guard present.count > 1 else { continue }
      looked += 1
      let times = AnchorTimes(group: group, points: points, sketches: sketches, at: present)
      for one in present {
        for other in present[present.index(after: one)...] {
          pairs[one * count + other].shared += 1
          vote(one, other, times)
          voteByTTL(one, other, group, points)
        }
      }
    }
  }

  /// Lets the two connections of each proxy speak: the one nearer to the client waits longer for its first answer.
  ///
  /// Only between points where no connection speaks for itself.
  mutating func add(_ relays: [RelayTie], groups: [ConnectionGroup], points: [PointTraffic]) {
    let silent = pairs.map { $0.ahead + $0.behind == 0 }
    for relay in relays.prefix(Self.mostGroups) {
      for front in groups[relay.front].presentPoints {
        for back in groups[relay.back].presentPoints {
          let index = min(front, back) * count + max(front, back)
          pairs[index].shared += 1
          guard silent[index], let near = FirstExchange.times(groups[relay.front], points, front),
            let far = FirstExchange.times(groups[relay.back], points, back)
          else { continue }
          let frontWaitsLonger = near.answerNS - near.requestNS > far.answerNS - far.requestNS
          if frontWaitsLonger == (front < back) { pairs[index].ahead += 1 } else { pairs[index].behind += 1 }
        }
      }
    }
  }

  private mutating func vote(_ one: Int, _ other: Int, _ times: AnchorTimes) {
    let (fromClient, fromServer) = times.differences(one, other)
    let index = one * count + other
    if let c = fromClient, let s = fromServer {
      let roundTrip = c - s
      if roundTrip > 0 { pairs[index].ahead += 1 }
      if roundTrip < 0 { pairs[index].behind += 1 }
      pairs[index].offsets.append(s + roundTrip / 2)
    } else if let difference = fromClient ?? fromServer {
      pairs[index].oneWay.append(fromServer == nil ? difference : -difference)
    }
  }

  private mutating func voteByTTL(_ one: Int, _ other: Int, _ group: ConnectionGroup, _ points: [PointTraffic]) {
    for fromClient in [true, false] {
      guard let left = Self.ttl(group, points, one, fromClient), let right = Self.ttl(group, points, other, fromClient),
        left != right, abs(left - right) < 32
      else { continue }
      // A client's packet has the higher TTL where it is nearer to the client.
      if (left > right) == fromClient {
        pairs[one * count + other].ttlAhead += 1
      } else {
        pairs[one * count + other].ttlBehind += 1
      }
    }
  }

  static func ttl(_ group: ConnectionGroup, _ points: [PointTraffic], _ point: Int, _ fromClient: Bool) -> Int? {
    let traffic = points[point]
    for record in traffic.packets(of: Int(group.members[point]), most: 8) {
      guard !record.marks.contains(.icmpError) else { continue }
      if (record.marks.contains(.fromClient) != group.flipped[point]) == fromClient { return Int(record.ttl) }
    }
    return nil
  }

  /// Settles what neither round trips nor TTL decide.
  mutating func addTieBreakers(names: [String]) {
    // Clocks are in step if the offsets that can be told are far smaller than the times between the points in question.
    let offsets = pairs.flatMap { $0.offsets.sorted().middle.map { [abs($0)] } ?? [] }.sorted()
    let typicalOffset = offsets.isEmpty ? Int64.max : offsets[offsets.count * 9 / 10]
    for one in 0..<count {
      for other in (one + 1)..<max(count, one + 1) {
        let index = one * count + other
        let pair = pairs[index]
        if let middle = pair.oneWay.sorted().middle, typicalOffset < abs(middle) / 4 {
          pairs[index].tieBreak = middle > 0 ? 0.8 : -0.8
          pairs[index].tieBasis = .clocksInStep
        } else if let sides = NameOrder.sides(names[one], names[other]) ?? NameOrder.numbers(names[one], names[other]) {
          pairs[index].tieBreak = sides
          pairs[index].tieBasis = .names
        }
      }
    }
  }

  /// −1 to 1: positive if `one` is nearer to the client than `other`.
  func preference(_ one: Int, _ other: Int) -> Double {
    if one == other { return 0 }
    if one > other { return -preference(other, one) }
    let pair = pairs[one * count + other]
    let votes = pair.ahead + pair.behind
    if votes > 0 { return Double(pair.ahead - pair.behind) / (Double(votes) + 0.05) }
    let hops = pair.ttlAhead + pair.ttlBehind
    if hops > 0 { return 0.9 * Double(pair.ttlAhead - pair.ttlBehind) / Double(hops) }
    return pair.tieBreak
  }

  /// Whether any connection was seen at both points.
  func meet(_ one: Int, _ other: Int) -> Bool {
    one != other && pairs[min(one, other) * count + max(one, other)].shared > 0
  }

  /// How sure it is that `one` is before `other`, and by what.
  func confidence(_ one: Int, _ other: Int) -> (Double, Basis) {
    let pair = pairs[min(one, other) * count + max(one, other)]
    let lean = preference(one, other)
    let votes = pair.ahead + pair.behind
    let hops = pair.ttlAhead + pair.ttlBehind
    let basis: Basis = votes > 0 ? .roundTrips : hops > 0 ? .ttl : pair.tieBasis
    return (0.5 + lean / 2, basis)
  }
}

extension Array where Element == Int64 {
  /// The median of sorted values; `nil` if there are none.
  package var middle: Int64? { isEmpty ? nil : self[count / 2] }
}
