import Findings
import Flows
import Scenarios
import Testing
import Verdicts

@Suite struct DetailTests {
  private func detail(_ scenario: Scenario, budget: DetailBudget = .page) -> (AnalysisReport, AnalysisDetail) {
    Analysed.inDetail(scenario, budget: budget)
  }

  private func lossy() -> Scenario {
    var scenario = Scenario.usual()
    scenario.hit(1, .serverToClient, .init(.data, 1), .drop)
    return scenario
  }

  @Test func `pictures change nothing of the report`() {
    #expect(detail(lossy()).0 == Analysed(lossy()).report)
  }

  @Test func `a ladder shows where a packet was seen, and where it was lost`() throws {
    let (report, detail) = detail(lossy())
    let ladder = try #require(detail.ladders.first)
    #expect(ladder.connection == 1 && ladder.packets.count == ladder.packetsInAll)
    let lost = try #require(ladder.packets.first { $0.fate == .lost })
    #expect(lost.direction == .serverToClient && lost.sightings.map(\.frame.point) == [2])
    let event = try #require(lost.events.first.map { report.events[$0] })
    #expect(event.kind == .drop && event.upstream == lost.sightings.first?.frame)
    #expect(ladder.packets.count { $0.fate == .lost } == 1)
    for packet in ladder.packets where packet.fate != .lost {
      #expect(packet.fate == .arrived && packet.events.isEmpty)
      let path = packet.direction == .clientToServer ? [0, 1, 2] : [2, 1, 0]
      #expect(packet.sightings.map(\.frame.point) == path)
    }
  }

  @Test func `sightings are in order of time by the reference clock, whatever the clocks say`() throws {
    var scenario = lossy()
    scenario.points[1].offsetNS = -7_000_000_000
    scenario.points[2].offsetNS = 3_000_000_000
    for packet in try #require(detail(scenario).1.ladders.first).packets {
      #expect(zip(packet.sightings, packet.sightings.dropFirst()).allSatisfy { $0.timeNS <= $1.timeNS })
    }
  }

  @Test func `a repeated packet is a line of its own`() throws {
    let ladder = try #require(detail(lossy()).1.ladders.first)
    let lost = try #require(ladder.packets.first { $0.fate == .lost })
    let same = ladder.packets.filter { $0.direction == lost.direction && $0.offset == lost.offset && $0.length > 0 }
    #expect(same.map(\.fate) == [.lost, .arrived])
  }

  @Test func `an event belongs to the packet that it is about`() throws {
    var scenario = Scenario.usual()
    scenario.hit(0, .clientToServer, .init(.data, 1), .duplicate(afterNS: 50_000))
    scenario.hit(1, .serverToClient, .init(.data, 0), .delay(4_000_000))
    let (report, detail) = detail(scenario)
    let shown = detail.ladders.flatMap(\.packets).flatMap(\.events)
    #expect(!report.events.isEmpty)
    #expect(shown.sorted() == Array(report.events.indices))
  }

  @Test func `of a long connection the packets around the trouble are shown, and the others counted`() throws {
    let (_, detail) = detail(lossy(), budget: .page(\.packetsPerConnection, 9))
    let ladder = try #require(detail.ladders.first)
    #expect(ladder.packets.count <= 9 && ladder.packetsInAll > 9)
    #expect(ladder.packets.contains { $0.fate == .lost })
    let times = ladder.packets.compactMap { $0.sightings.first?.timeNS }
    #expect(times == times.sorted())
    #expect(ladder.packets.reduce(ladder.packets.count) { $0 + $1.skipped } <= ladder.packetsInAll)
  }

  @Test(arguments: [(0, 0), (1, 1), (40, 3)])
  func `no more connections than the budget says get a ladder`(most: Int, ladders: Int) {
    #expect(detail(lossy(), budget: .page(\.connections, most)).1.ladders.count == ladders)
  }

  @Test func `connections of more packets than the budget says get none`() {
    #expect(detail(lossy(), budget: .page(\.recordsPerConnection, 3)).1.ladders.isEmpty)
  }

  @Test func `the timeline has every packet of the upstream point and every event`() throws {
    let (report, detail) = detail(lossy())
    let timeline = try #require(detail.timeline)
    #expect(timeline.tracks.count == 4)
    for track in timeline.tracks {
      let ledger = try #require(report.segments.first { $0.between == track.between })[track.direction]
      #expect(track.packets.reduce(0, +) == ledger.offered)
      #expect(track[.drop].reduce(0, +) == ledger.lost)
    }
  }

  @Test func `delays are those of the report`() throws {
    let (report, detail) = detail(lossy())
    #expect(detail.delays.count == 4)
    for histogram in detail.delays {
      let delay = try #require(report.segments.first { $0.between == histogram.between }?[histogram.direction].delay)
      #expect(histogram.counts.reduce(histogram.longer, +) == histogram.sampled && histogram.sampled > 10)
      #expect(histogram.lowNS >= delay.minNS && histogram.lowNS <= delay.p50NS)
    }
  }

  @Test func `captures without packets have no pictures`() {
    let empty = (0..<2).map { _ in PointBuilder().finish() }
    let sources = ["a", "b"].map { PointSource(name: $0, files: [], linkTypes: []) }
    #expect(Analysis.analyseInDetail(empty, sources: sources, givenOrder: nil, budget: .page).detail == .none)
  }
}

extension DetailBudget {
  /// The page's, but for one number.
  fileprivate static func page(_ number: WritableKeyPath<DetailBudget, Int>, _ value: Int) -> DetailBudget {
    var budget = DetailBudget.page
    budget[keyPath: number] = value
    return budget
  }
}
