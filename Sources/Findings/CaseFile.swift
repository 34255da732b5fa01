import Correlation
import Flows
import Matching
import Packets
import Verdicts

/// Everything that rules read: the matched traffic, what correlating it gave, and how to name things.
struct CaseFile {
  let matched: MatchedTraffic
  let tally: CorrelationTally
  let oneWay: [Direction?]
  /// The sources by position.
  let sources: [PointSource]
  let clocks: ClockTable
  let frames: FrameNumbers
  /// For each group, its id in the report; the two connections of a proxy share one.
  let connectionIDs: [Int]
  /// For each group that a proxy opened, the group that it carries on.
  let frontOfBack: [Int: Int]
  /// Events in the order of ``CorrelationTally/events``, by group.
  let eventsByGroup: [Int: [Int]]
  /// The segments and directions with enough losses to have a pattern, with what their packets tell.
  private(set) var lossSamples: [LossSample] = []

  init(
    matched: MatchedTraffic, tally: CorrelationTally, oneWay: [Direction?], sources: [PointSource], threads: Int
  ) {
    self.matched = matched
    self.tally = tally
    self.oneWay = oneWay
    self.sources = sources
    frames = FrameNumbers(sources)
    clocks = ClockTable(matched: matched, bounds: tally.clockBounds(points: matched.points.count))
    var byGroup: [Int: [Int]] = [:]
    for (index, event) in tally.events.enumerated() { byGroup[event.group, default: []].append(index) }
    eventsByGroup = byGroup
    frontOfBack = Dictionary(uniqueKeysWithValues: matched.relays.map { ($0.back, $0.front) })
    connectionIDs = ConnectionRanking.ids(
      matched: matched, tally: tally, eventsByGroup: byGroup, frontOfBack: frontOfBack)
    lossSamples = LossSampling.all(of: self, threads: threads)
  }

  /// Name of the point at a position.
  func name(_ position: Int) -> String { matched.names[position] }

  /// The frame of a packet at a point, as Wireshark numbers it.
  func frame(_ sighting: PacketEvent.Sighting) -> FrameReference { frames[sighting] }

  /// The frame with this running number at a position.
  func frame(_ position: Int, _ frame: UInt32) -> FrameReference { frames[position, frame] }

  /// Ids of the connections of these events, each once, ascending.
  func connections(of events: [PacketEvent]) -> [Int] {
    Array(Set(events.map { connectionIDs[$0.group] })).sorted()
  }

  /// Events of one kind by segment, the segments in path order.
  func eventsBySegment(where isWanted: (PacketEvent) -> Bool) -> [(pair: PointPair, events: [PacketEvent])] {
    var found: [PointPair: [PacketEvent]] = [:]
    for event in tally.events where isWanted(event) { found[event.between, default: []].append(event) }
    return found.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// Changes of packets by segment, the segments in path order: what a box changes, it changes at one place.
  func changesBySegment(where isWanted: (PacketEvent) -> Bool) -> [(pair: PointPair, events: [PacketEvent])] {
    var found: [PointPair: [PacketEvent]] = [:]
    for event in tally.events where isWanted(event) { found[event.between, default: []].append(event) }
    return Self.folded(found).map { ($0.key, $0.value) }
  }

  /// Puts what is known only between distant points, as captures between them lack the packet, to the narrowest segment
  /// within where the same is seen, if there is just one such.
  static func folded<Item>(_ bySegment: [PointPair: [Item]]) -> [(key: PointPair, value: [Item])] {
    var folded = bySegment
    for (pair, items) in bySegment.sorted(by: { $0.key < $1.key }) {
      let within = bySegment.keys.filter { $0 != pair && $0.lies(within: pair) }
      let narrowest = within.filter { one in !within.contains { $0 != one && $0.lies(within: one) } }
      guard narrowest.count == 1, let narrower = narrowest.first else { continue }
      folded[pair] = nil
      folded[narrower, default: []] += items
    }
    return folded.sorted { $0.key < $1.key }
  }

  /// Rewrites of some fields, but of no addresses and ports, by segment, the segments in path order.
  func rewritesBySegment(where isWanted: (FieldRewrite) -> Bool) -> [(pair: PointPair, rewrites: [FieldRewrite])] {
    var found: [PointPair: [FieldRewrite]] = [:]
    for rewrite in tally.rewrites where isWanted(rewrite) { found[rewrite.between, default: []].append(rewrite) }
    return Self.folded(found).map { ($0.key, $0.value) }
  }

  /// The only direction of these, if there is only one.
  static func onlyDirection(_ directions: some Sequence<Direction>) -> Direction? {
    let all = Set(directions)
    return all.count == 1 ? all.first : nil
  }
}

extension PointPair {
  fileprivate func lies(within other: PointPair) -> Bool { near >= other.near && far <= other.far }
}

/// The points' clocks against the first point's, as tables for converting times.
struct ClockTable {
  private(set) var reports: [ClockReport] = []
  private let bounds: ClockBounds
  private let tables: [OffsetTable?]

  init(matched: MatchedTraffic, bounds: ClockBounds) {
    self.bounds = bounds
    tables = matched.points.indices.map { OffsetTable(bounds, of: $0, against: 0) }
    for position in matched.points.indices {
      guard position > 0 else {
        reports.append(ClockReport(offsetNS: 0, driftPPM: 0, errorNS: 0))
        continue
      }
      let first = matched.points[position].coverage?.lowerBound ?? 0
      let estimate = bounds.offset(of: position, against: 0, at: bounds.referenceTime(first, at: position))
      let drift = bounds.drift(of: position, against: 0).flatMap { $0.isKnown ? $0.ppm : nil }
      reports.append(
        ClockReport(
          offsetNS: estimate?.offsetNS, driftPPM: estimate == nil ? nil : drift, errorNS: estimate?.errorNS,
          steps: bounds.steps(of: position, against: 0)))
    }
  }

  /// A time at a point, by the reference clock; by the point's own where nothing is known of it.
  func reference(_ timeNS: Int64, at position: Int) -> Int64 {
    guard let table = tables[position] else { return timeNS - (reports[position].offsetNS ?? 0) }
    return timeNS - table.offset(at: bounds.referenceTime(timeNS, at: position))
  }

  /// Offset of the far point's clock minus the near one's, with its bound; `nil` where the traffic does not tell.
  func between(_ pair: PointPair) -> (errorNS: Int64, offset: (Int64) -> Int64)? {
    guard let table = OffsetTable(bounds, of: pair.far, against: pair.near) else { return nil }
    let bounds = bounds
    return (table.errorNS, { table.offset(at: bounds.referenceTime($0, at: pair.near)) })
  }
}

/// Numbers the connections, those with most trouble first.
enum ConnectionRanking {
  static func ids(
    matched: MatchedTraffic, tally: CorrelationTally, eventsByGroup: [Int: [Int]], frontOfBack: [Int: Int]
  ) -> [Int] {
    let keys = matched.groups.indices.map { group -> (lost: Int, events: Int, start: Int64) in
      let events = eventsByGroup[group] ?? []
      let lost = events.count { tally.events[$0].kind == .drop }
      let first = matched.groups[group].presentPoints.first
      let start = first.map { matched.points[$0].connections[Int(matched.groups[group].members[$0])].firstNS } ?? 0
      return (lost, events.count, start)
    }
    let ranked = matched.groups.indices.filter { frontOfBack[$0] == nil }.sorted {
      (keys[$1].lost, keys[$1].events, keys[$0].start, $0) < (keys[$0].lost, keys[$0].events, keys[$1].start, $1)
    }
    var ids = [Int](repeating: 0, count: matched.groups.count)
    for (rank, group) in ranked.enumerated() { ids[group] = rank + 1 }
    for (back, front) in frontOfBack { ids[back] = ids[front] }
    return ids
  }
}
