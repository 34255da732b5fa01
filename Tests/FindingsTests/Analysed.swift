import Findings
import Scenarios
import Verdicts

/// The report on a scenario, next to the truth.
struct Analysed {
  let run: ScenarioRun
  let report: AnalysisReport

  /// Analyses a scenario.
  ///
  /// - Parameters:
  ///   - inputs: the points in the order in which they are handed over.
  ///   - order: indices into `inputs` in path order, or `nil` to let it be inferred.
  ///   - time: the time that stands in the capture for a frame (from 0) of a point.
  init(
    _ scenario: Scenario, boxes: [String?]? = nil, inputs: [Int]? = nil, order: [Int]? = [0, 1, 2],
    time: (_ point: Int, _ frame: Int, _ timeNS: Int64) -> Int64 = { _, _, time in time }
  ) {
    let run = scenario.run()
    self.run = run
    let sources = run.names.indices.map {
      PointSource(
        name: run.names[$0],
        files: [PointSource.File(path: "\(run.names[$0]).pcap", frames: run.captures[$0].count)],
        linkTypes: ["EN10MB"], box: boxes?[$0])
    }
    let traffic = run.traffic(time: time)
    let inputs = inputs ?? Array(traffic.indices)
    report = Analysis.analyse(
      inputs.map { traffic[$0] }, sources: inputs.map { sources[$0] },
      givenOrder: order.map { Array($0.prefix(inputs.count)) })
  }

  /// A scenario's report and pictures, the order of its three points given.
  static func inDetail(
    _ scenario: Scenario, budget: DetailBudget = .page
  ) -> (report: AnalysisReport, detail: AnalysisDetail) {
    let run = scenario.run()
    let sources = run.names.indices.map {
      PointSource(
        name: run.names[$0], files: [.init(path: "\(run.names[$0]).pcap", frames: run.captures[$0].count)],
        linkTypes: ["EN10MB"])
    }
    return Analysis.analyseInDetail(
      run.traffic { _, _, time in time }, sources: sources, givenOrder: [0, 1, 2], budget: budget)
  }

  func findings(_ kind: String) -> [Finding] { report.findings.filter { $0.kind == kind } }

  var faults: [String] { report.findings.filter { $0.severity == .fault }.map(\.kind) }

  var kinds: Set<String> { Set(report.findings.map(\.kind)) }

  /// The frames that a finding shows, as point and frame.
  func frames(_ kind: String) -> [[Int]] {
    findings(kind).flatMap(\.evidence).map { [$0.frame.point, $0.frame.frame] }
  }

  /// Point and frame of a packet, as the findings should show it.
  func frame(_ point: Int, _ way: Direction, _ label: WirePacket.Label) -> [Int] {
    [point, run.frame(point, way, label) ?? -1]
  }
}

extension Scenario {
  /// Three points, one conversation, with an earlier and a later one around it.
  static func usual(
    _ script: [TCPConversation.Turn] = [.client(600), .server(2400), .client(300), .server(400)],
    change: (inout TCPConversation) -> Void = { _ in }
  ) -> Scenario {
    var scenario = Scenario(points: 3)
    for (number, start) in [(0, 1_000_000_000), (1, 0), (2, 9_000_000_000)] as [(Int, Int64)] {
      var conversation = TCPConversation(script: number == 0 ? script : [.client(100), .server(100)])
      conversation.number = number
      conversation.clientISN = 77_000_000 * UInt32(number + 1)
      conversation.serverISN = 88_000_000 * UInt32(number + 1)
      conversation.startsAfterNS = start
      change(&conversation)
      scenario.add(conversation)
    }
    return scenario
  }

  /// Does something to one packet of the first conversation on a segment.
  mutating func hit(_ segment: Int, _ way: Direction, _ label: WirePacket.Label, _ action: Impairment.Action) {
    on(segment: segment, way, label, action, conversation: 0)
  }
}
