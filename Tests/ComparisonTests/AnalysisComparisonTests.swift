import Testing
import Verdicts

@testable import Comparison

@Suite struct AnalysisComparisonTests {
  private func loss(_ comparison: AnalysisComparison) -> LedgerChange? {
    comparison.ledgers.first {
      $0.measure == .loss && $0.place == Place(near: "client", far: "fw") && $0.direction == .clientToServer
    }
  }

  @Test(
    arguments: [
      ((0, 1000), (30, 1000), Verdict.worse), ((30, 1000), (0, 1000), .better), ((30, 1000), (31, 1000), .unclear),
      ((0, 1000), (2, 1000), .unclear), ((0, 0), (30, 1000), .notComparable),
    ])
  func `a loss counts as worse only beyond chance`(old: (Int, Int), new: (Int, Int), verdict: Verdict) throws {
    let comparison = AnalysisComparison(old: SmallReport.make(lostOf: old), new: SmallReport.make(lostOf: new))
    #expect(try #require(loss(comparison)).rate.verdict == verdict)
    #expect(comparison.isWorse == (verdict == .worse))
  }

  @Test func `the same analysis twice differs in nothing`() {
    var report = SmallReport.make(lostOf: (50, 1000))
    report.findings = [SmallReport.finding("loss", .fault, connections: [1, 2, 3])]
    let comparison = AnalysisComparison(old: report, new: report)
    #expect(!comparison.isWorse)
    #expect(comparison.findings.map(\.presence) == [.stayed])
    #expect(comparison.ledgers.allSatisfy { $0.rate.verdict == .unclear })
  }

  @Test func `a finding that hits most connections is worse, one that hits few is not`() {
    let old = SmallReport.make()
    var new = old
    new.findings = [
      SmallReport.finding("loss", .fault, connections: Array(1...15)),
      SmallReport.finding("reorder", .fault, connections: [1]),
    ]
    let findings = AnalysisComparison(old: old, new: new).findings
    #expect(findings.map(\.presence) == [.appeared, .appeared])
    #expect(findings.map(\.verdict) == [.worse, .unclear])
  }

  @Test func `a fault about no connection is worse where it appears, and better where it is gone`() {
    let old = SmallReport.make()
    var new = old
    new.findings = [SmallReport.finding("pmtu-blackhole", .fault, connections: [])]
    #expect(AnalysisComparison(old: old, new: new).findings.map(\.verdict) == [.worse])
    #expect(AnalysisComparison(old: new, new: old).findings.map(\.verdict) == [.better])
  }

  @Test func `a fault on a segment that only one analysis has neither appeared nor went away`() {
    var old = SmallReport.make()
    old.findings = [SmallReport.finding("loss", .fault, connections: [1, 2])]
    var new = SmallReport.make(names: ["client", "other", "server"])
    new.findings = [SmallReport.finding("loss", .fault, connections: Array(1...20))]
    let comparison = AnalysisComparison(old: old, new: new)
    #expect(comparison.findings.map(\.verdict) == [.notComparable, .notComparable])
    #expect(comparison.hasNothingInCommon && !comparison.isWorse && comparison.newFaults.isEmpty)
  }

  @Test func `a new fault that chance may explain is named all the same`() {
    let old = SmallReport.make()
    var new = old
    new.findings = [SmallReport.finding("loss", .fault, connections: [1])]
    let comparison = AnalysisComparison(old: old, new: new)
    #expect(comparison.newFaults.map(\.kind) == ["loss"] && !comparison.hasNothingInCommon)
  }

  @Test func `a note is neither better nor worse`() {
    let old = SmallReport.make()
    var new = old
    new.findings = [SmallReport.finding("nat", .note, connections: Array(1...20))]
    let comparison = AnalysisComparison(old: old, new: new)
    #expect(comparison.findings.map(\.verdict) == [.unclear])
    #expect(!comparison.isWorse)
  }

  @Test func `segments are the same by the names of their points`() {
    let comparison = AnalysisComparison(
      old: SmallReport.make(), new: SmallReport.make(names: ["client", "fw", "web"]))
    #expect(Set(comparison.ledgers.map(\.place)) == [Place(near: "client", far: "fw")])
    #expect(comparison.onlyOld == [Place(near: "fw", far: "server")])
    #expect(comparison.onlyNew == [Place(near: "fw", far: "web")])
  }

  @Test func `a delay is longer only where the clocks leave no doubt`() {
    let doubtful = DelayChange(
      place: Place(near: "a", far: "b"), direction: .clientToServer, measure: .delay, oldNS: 100, oldErrorNS: 30,
      newNS: 150, newErrorNS: 30, verdict: .unclear)
    var sure = doubtful
    sure.newNS = 200
    #expect(doubtful.isLonger == nil)
    #expect(sure.isLonger == true)
  }
}
