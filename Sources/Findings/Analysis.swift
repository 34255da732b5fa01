import Correlation
public import Flows
import Matching
import Synchronization
public import Verdicts

/// The whole way from the traffic of the points to the report.
public enum Analysis {
  /// Analyses the traffic of the points.
  ///
  /// Deterministic: the same traffic gives the same report.
  ///
  /// - Parameters:
  ///   - traffic: what each point saw, in any order.
  ///   - sources: where it came from, in the same order.
  ///   - givenOrder: indices of the points in path order, or `nil` to infer the order.
  ///   - threads: threads to work on; the report does not depend on it.
  ///   - remarks: what was skipped or could not be read so far, in whole sentences.
  public static func analyse(
    _ traffic: [PointTraffic], sources: [PointSource], givenOrder: [Int]?, threads: Int = 1,
    remarks: [String] = []
  ) -> AnalysisReport {
    study(traffic, sources: sources, givenOrder: givenOrder, threads: threads, remarks: remarks).report
  }

  /// Analyses the traffic of the points, and keeps what pictures are drawn from.
  ///
  /// The report is the one that ``analyse(_:sources:givenOrder:remarks:)`` gives. A few connections are looked at once
  /// more, and every packet's time, so this takes a little longer.
  public static func analyseInDetail(
    _ traffic: [PointTraffic], sources: [PointSource], givenOrder: [Int]?, threads: Int = 1,
    remarks: [String] = [], budget: DetailBudget
  ) -> (report: AnalysisReport, detail: AnalysisDetail) {
    let (file, correlator, report) = study(
      traffic, sources: sources, givenOrder: givenOrder, threads: threads, remarks: remarks)
    return (report, detail(file, correlator, report, budget))
  }

  /// Analyses the traffic of the points, and asks what is behind Wireshark's words at each of them.
  ///
  /// The report is the one that ``analyse(_:sources:givenOrder:remarks:)`` gives. All TCP segments are looked at once
  /// more, and the connections of which something is said are followed once more.
  ///
  /// - Parameter detail: how much to keep for pictures; `nil`: none.
  public static func analyseWords(
    _ traffic: [PointTraffic], sources: [PointSource], givenOrder: [Int]?, threads: Int = 1,
    remarks: [String] = [], budget: WordBudget = WordBudget(), detail detailBudget: DetailBudget? = nil
  ) -> (report: AnalysisReport, detail: AnalysisDetail, words: FlagWords) {
    let (file, correlator, report) = study(
      traffic, sources: sources, givenOrder: givenOrder, threads: threads, remarks: remarks)
    let detail = detailBudget.map { Self.detail(file, correlator, report, $0) } ?? .none
    return (report, detail, WordsSection.make(file, correlator, budget: budget))
  }

  private static func detail(
    _ file: CaseFile, _ correlator: Correlator, _ report: AnalysisReport, _ budget: DetailBudget
  ) -> AnalysisDetail {
    AnalysisDetail(
      timeline: TimelineSection.make(file, report, slices: budget.slices), delays: DelaysSection.make(file, report),
      ladders: LaddersSection.make(file, report, correlator, budget: budget))
  }

  private static func study(
    _ traffic: [PointTraffic], sources: [PointSource], givenOrder: [Int]?, threads: Int, remarks: [String]
  ) -> (file: CaseFile, correlator: Correlator, report: AnalysisReport) {
    let matched = MatchedTraffic(inputs: traffic, names: sources.map(\.name), givenOrder: givenOrder)
    let correlator = Correlator(matched, threads: threads)
    let tally = correlator.correlate()
    let file = CaseFile(
      matched: matched, tally: tally, oneWay: correlator.oneWay, sources: matched.inputIndex.map { sources[$0] },
      threads: threads)
    let order = PathOrder(
      source: matched.orderGiven ? .given : .inferred, confidence: matched.orderConfidence, referenceClock: 0,
      evidence: matched.orderEvidence)
    let report = AnalysisReport(
      order: order, points: PointsSection.make(file), segments: [], connections: [], events: [], rewrites: [],
      findings: [], remarks: remarks + RemarksSection.make(file))
    return (file, correlator, complete(report, file, threads: threads))
  }

  /// Makes the parts of the report that take long, side by side.
  private static func complete(_ begun: AnalysisReport, _ file: CaseFile, threads: Int) -> AnalysisReport {
    let report = Mutex(begun)
    let findings = Mutex<[[Finding]]>(Array(repeating: [], count: Rules.all.count))
    var jobs: [@Sendable () -> Void] = [
      {
        let rewrites = RewritesSection.make(file)
        report.withLock { $0.rewrites = rewrites }
      },
      {
        let events = EventsSection.make(file)
        report.withLock { $0.events = events }
      },
      {
        let connections = ConnectionsSection.make(file)
        report.withLock { $0.connections = connections }
      },
      {
        let segments = SegmentsSection.make(file)
        report.withLock { $0.segments = segments }
      },
    ]
    // The later ones of the list look at single packets and take longest: begun last, one would keep the others waiting.
    for (place, rule) in Rules.all.enumerated().reversed() {
      jobs.append {
        let found = rule(file)
        findings.withLock { $0[place] = found }
      }
    }
    SideBySide.run(jobs, threads: threads)
    var completed = report.withLock { $0 }
    completed.findings = findings.withLock { $0 }.flatMap { $0 }.sorted {
      ($0.severity, $1.packets, $0.kind, $0.title) < ($1.severity, $0.packets, $1.kind, $1.title)
    }
    IdleTimeoutRule.leaveOutWhatItExplains(&completed.findings)
    BothSidesRule.weaken(&completed.findings)
    return completed
  }
}
