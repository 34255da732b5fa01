import Findings
import Flows
import Scenarios
import Testing
import Verdicts

@Suite struct AnalysisTests {
  @Test func `nothing to analyse gives a report of nothing`() {
    let report = Analysis.analyse([], sources: [], givenOrder: nil)
    #expect(report.points.isEmpty && report.segments.isEmpty && report.findings.isEmpty)
  }

  @Test(arguments: [1, 3])
  func `captures without packets give a report without findings`(_ points: Int) {
    let traffic = (0..<points).map { _ in PointBuilder().finish() }
    let sources = (0..<points).map { PointSource(name: "p\($0)", files: [], linkTypes: []) }
    let report = Analysis.analyse(traffic, sources: sources, givenOrder: nil)
    #expect(report.points.count == points && report.findings.isEmpty)
  }

  @Test func `one point alone has no segment and no fault`() {
    let analysed = Analysed(.usual(), inputs: [1], order: nil)
    #expect(analysed.report.segments.isEmpty && analysed.faults.isEmpty)
    #expect(analysed.report.connections.count == 3)
  }

  @Test func `the same traffic gives the same report`() {
    var scenario = Scenario.usual()
    scenario.hit(0, .serverToClient, .init(.data, 4), .drop)
    scenario.hit(1, .clientToServer, .init(.data, 0), .delay(500_000))
    #expect(Analysed(scenario).report == Analysed(scenario).report)
  }

  @Test(arguments: [[0, 1, 2], [2, 0, 1], [1, 2, 0], [2, 1, 0]])
  func `the order of the points is found and loss put where it was`(_ inputs: [Int]) {
    var scenario = Scenario.usual()
    scenario.points[1].offsetNS = -5_000_000_000
    scenario.hit(1, .clientToServer, .init(.data, 1), .drop)
    let analysed = Analysed(scenario, inputs: inputs, order: nil)
    #expect(analysed.report.points.map(\.name) == ["p0", "p1", "p2"])
    #expect(analysed.findings("loss").map(\.between) == [PointPair(1, 2)])
  }

  @Test func `a connection may run against the order that was given`() {
    var scenario = Scenario.usual()
    scenario.hit(0, .clientToServer, .init(.data, 1), .drop)
    let analysed = Analysed(scenario, inputs: [2, 1, 0])
    #expect(analysed.report.points.map(\.name) == ["p2", "p1", "p0"])
    // Between p0 and p1, which are the far ones now.
    #expect(analysed.findings("loss").map(\.between) == [PointPair(1, 2)])
    #expect(analysed.findings("loss").map(\.direction) == [.clientToServer])
    #expect(analysed.frames("loss").map { $0[0] } == [2])
    #expect(analysed.faults == ["loss"])
  }

  @Test func `delays are those of the path`() throws {
    var scenario = Scenario.usual()
    scenario.segments[0].towardsServerNS = 4_000_000
    scenario.segments[0].towardsClientNS = 4_000_000
    scenario.points[1].offsetNS = 333_000_000
    let report = Analysed(scenario).report
    for direction in Direction.allCases {
      let delay = try #require(report.segments[0][direction].delay)
      #expect((3_900_000...4_200_000).contains(delay.minNS))
      #expect(delay.minNS <= delay.p50NS && delay.p50NS <= delay.p95NS && delay.p99NS <= delay.maxNS)
      #expect(delay.errorNS >= 4_000_000)
    }
  }

  @Test func `delays are not given where only one direction is seen`() {
    var scenario = Scenario.usual()
    scenario.points[2].only = .clientToServer
    let report = Analysed(scenario).report
    let segment = report.segments.first { $0.between == PointPair(1, 2) }
    #expect(segment?.clientToServer.delay == nil && segment?.serverToClient.delay == nil)
    #expect(report.points[2].clock.offsetNS == nil)
    #expect(report.segments.first { $0.between == PointPair(0, 1) }?.clientToServer.delay != nil)
  }

  @Test(arguments: [3_600_000_000_000, -3_600_000_000_000, 700_000_000] as [Int64])
  func `a clock that is set while capturing makes no fault`(_ step: Int64) {
    let analysed = Analysed(.usual()) { point, frame, time in point == 1 && frame > 25 ? time + step : time }
    #expect(analysed.faults.isEmpty)
  }

  @Test func `ports may be used again by another connection`() {
    let scenario = Scenario.usual { $0.number = 0 }
    let analysed = Analysed(scenario)
    #expect(analysed.kinds.isEmpty)
    #expect(analysed.report.connections.count == 3)
    #expect(analysed.report.connections.allSatisfy { $0.legs.count == 3 })
  }

  @Test func `two sides of a box are known by the topology or by their names`() {
    #expect(Analysed(.usual(), boxes: ["fw1", "fw1", nil]).report.segments.map(\.inside) == ["fw1", nil])
    var scenario = Scenario.usual()
    scenario.points[1].name = "lb-in"
    scenario.points[2].name = "lb-out"
    #expect(Analysed(scenario).report.segments.map(\.inside) == [nil, "lb"])
  }

  @Test func `a time beyond the year 2262 in a damaged file traps nowhere`() async {
    await withKnownIssue("Times are added up without a care for overflow") {
      await #expect(processExitsWith: .success) {
        _ = Analysed(.usual()) { point, frame, time in point == 1 && frame == 25 ? .max : time }
      }
    }
  }
}
