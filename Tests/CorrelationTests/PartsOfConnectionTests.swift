import Flows
import Matching
import Packets
import Scenarios
import TestSupport
import Testing
import Verdicts

@testable import Correlation

/// A long connection is loaded and judged in rounds; here in so short ones that everything happens at their ends, too.
@Suite struct PartsOfConnectionTests {
  /// What is said of a scenario, in an order of its own.
  private struct Said {
    var events: [String]
    var ledgers: [String]
    var translations: [String]
    var rewrites: [String]

    init(_ tally: CorrelationTally) {
      events = tally.events.map { event in
        var event = event
        // How many overtook a late packet is counted as far back as they are in memory.
        if event.kind == .reorder { (event.count, event.lateNS) = (0, 0) }
        return "\(event)"
      }.sorted()
      translations = tally.translations.map { "\($0)" }.sorted()
      rewrites = tally.rewrites.map { "\($0)" }.sorted()
      ledgers = tally.segments.map { "\($0.key) \($0.value.clientToServer) \($0.value.serverToClient)" }
    }
  }

  private static func matched(_ scenario: Scenario) -> MatchedTraffic {
    let run = scenario.run()
    return MatchedTraffic(inputs: run.traffic(), names: run.names, givenOrder: Array(scenario.points.indices))
  }

  private static func expectSame(_ scenario: Scenario, packets: Int) {
    let matched = matched(scenario)
    let whole = Said(Correlator(matched, rounds: RoundShape(packets: 1 << 20)).correlate())
    let inParts = Said(Correlator(matched, rounds: RoundShape(packets: packets, judged: 2, marginNS: 0)).correlate())
    #expect(inParts.ledgers == whole.ledgers)
    #expect(Set(inParts.events).symmetricDifference(whole.events).sorted() == [])
    #expect(inParts.translations == whole.translations)
    #expect(inParts.rewrites == whole.rewrites)
  }

  /// One connection of some thousands of packets.
  private static func connection(_ headers: Headers, points: Int, isTranslated: Bool = true) -> Scenario {
    var scenario = Scenario(points: points)
    var conversation = TCPConversation(
      script: [.client(120_000), .server(200_000), .client(40_000), .server(120_000)])
    headers.apply(to: &conversation)
    scenario.add(isTranslated ? conversation.translated(from: 1, client: 77, server: 99) : conversation)
    return scenario
  }

  /// The same, with faults of all kinds.
  private static func faulty(seed: UInt64) -> Scenario {
    var generator = SplitMix64(seed: seed)
    let points = Int.random(in: 2...4, using: &generator)
    var scenario = connection([.full, .full, .noIPID, .noTimestamps][Int(seed % 4)], points: points)
    scenario.seed = seed
    for point in 0..<points {
      scenario.points[point].offsetNS = Int64.random(in: -9_000_000_000...9_000_000_000, using: &generator)
      scenario.points[point].driftPPM = Double.random(in: -80...80, using: &generator)
    }
    for segment in 0..<points - 1 {
      let (lost, late, twice) = (generator.next() % 97, generator.next() % 89, generator.next() % 83)
      scenario.on(segment: segment, where: { $0.id % 97 == lost }, .drop)
      scenario.on(segment: segment, where: { $0.id % 890 == late }, .delay(2_000_000))
      scenario.on(segment: segment, where: { $0.id % 830 == twice }, .duplicate(afterNS: 300_000))
    }
    let missed = generator.next() % 101
    scenario.capture(at: Int.random(in: 0..<points, using: &generator), .miss) { $0.id % 101 == missed }
    return scenario
  }

  @Test(arguments: 0..<8 as Range<UInt64>)
  func `one that is judged in parts is judged as if it were as a whole`(seed: UInt64) throws {
    let (scenario, packets) = (Self.faulty(seed: seed), seed.isMultiple(of: 2) ? 64 : 150)
    #expect(try Self.parts(of: scenario, packets: packets) != nil)
    Self.expectSame(scenario, packets: packets)
  }

  /// What keeps points from being in step.
  enum Trouble: CaseIterable {
    case startsLate, endsEarly, isShort, pauses, isSet, cutsSegments, mergesSegments, isDown, missesHalf, changesIDs
  }

  private static func troubled(_ trouble: Trouble) -> Scenario {
    var scenario = connection(.full, points: 3)
    scenario.on(segment: 0, where: { $0.id % 97 == 5 }, .drop)
    scenario.on(segment: 1, where: { $0.id % 89 == 7 }, .drop)
    let middle: Int64 = 400_000_000
    switch trouble {
    case .startsLate: scenario.points[1].startsAfterNS = middle
    case .endsEarly: scenario.points[1].endsAfterNS = middle
    case .isShort: (scenario.points[1].startsAfterNS, scenario.points[1].endsAfterNS) = (middle, middle + 20_000_000)
    case .mergesSegments: scenario.on(segment: 0, where: { $0.id % 5 == 2 && $0.payload.count > 100 }, .mergeWithNext)
    case .pauses: scenario.points[1].pausesNS = middle...middle + 300_000_000
    case .isSet: scenario.points[1].clockIsSet = (middle, -3_000_000_000)
    case .cutsSegments: scenario.on(segment: 0, where: { $0.payload.count > 100 }, .split(90))
    case .isDown: scenario.on(segment: 1, where: { (2000..<2040).contains($0.id) }, .drop)
    case .missesHalf: scenario.capture(at: 1, .miss) { $0.id % 2 == 1 }
    case .changesIDs: scenario.transform(segment: 0) { $0.ipID = $0.ipID &* 31 &+ 7 }
    }
    return scenario
  }

  @Test(arguments: Trouble.allCases)
  func `what keeps the points from being in step costs no verdict`(trouble: Trouble) {
    Self.expectSame(Self.troubled(trouble), packets: 64)
  }

  @Test(arguments: Trouble.allCases)
  func `one whose points cannot be kept in step is judged as a whole`(trouble: Trouble) throws {
    let isWhole = try Self.parts(of: Self.troubled(trouble), packets: 150) == nil
    #expect(isWhole == (trouble != .isDown))
  }

  @Test func `one whose packets nothing tells apart is judged as a whole`() throws {
    func parts(_ headers: Headers) throws -> Int? {
      try Self.parts(of: Self.connection(headers, points: 3, isTranslated: false), packets: 150)
    }
    #expect(try parts(.neither) == nil)
    #expect(try parts(.full) != nil)
  }

  /// The parts that a connection is judged in, of which none may hold more than some rounds; `nil` if it is judged as a whole.
  private static func parts(of scenario: Scenario, packets: Int) throws -> Int? {
    let shape = RoundShape(packets: packets, judged: 2, marginNS: 0)
    let matched = matched(scenario)
    let path = Correlator(matched, rounds: shape).connections.path
    let group = try #require(matched.groups.first)
    let loader = TraceLoader(group: group, points: matched.points)
    var traces = DirectionPair(DirectionTrace.empty, .empty)
    guard var rounds = TraceRounds(loader, group, path, into: &traces) else { return nil }
    var judged = Array(repeating: 0, count: matched.points.count)
    var parts = 0
    while true {
      switch rounds.next(&traces) {
      case .outOfStep: return nil
      case .end:
        #expect(
          judged == matched.points.indices.map { matched.points[$0].connections[Int(group.members[$0])].packets })
        #expect(parts > 5)
        return parts
      case .part: parts += 1
      }
      for position in judged.indices {
        var loaded = 0
        for direction in Direction.allCases {
          let place = try #require(traces[direction].path.firstIndex(of: position))
          judged[position] += traces[direction].part(place).count
          loaded += traces[direction].ranges[place].count
        }
        // What is judged, a margin on each side, and what one point is ahead.
        #expect(
          loaded <= (shape.judged + 2 * rounds.margin + 1) * shape.packets, "point \(position), part \(parts)")
      }
    }
  }
}
