import Findings
import Scenarios
import TestSupport
import Verdicts

/// A report about a small path, in which any text and number may be replaced.
enum HostileReport {
  /// The report as it is, with events, rewrites and findings of several kinds.
  static let plain: AnalysisReport = {
    var scenario = Scenario(points: 3)
    let conversation = TCPConversation(script: [.client(600), .server(2400), .client(300), .server(400)])
    scenario.add(conversation.translated(from: 1, client: 77, server: 99))
    scenario.on(segment: 1, .serverToClient, WirePacket.Label(.data, 4), .drop)
    scenario.on(segment: 0, .clientToServer, WirePacket.Label(.data, 1), .duplicate(afterNS: 90_000))
    let run = scenario.run()
    let sources = run.captures.enumerated().map { index, frames in
      PointSource(
        name: run.names[index], files: [PointSource.File(path: "\(index).pcap", frames: frames.count)],
        linkTypes: ["EN10MB"])
    }
    return Analysis.analyse(run.traffic(), sources: sources, givenOrder: nil, remarks: ["a remark"])
  }()

  static func make(_ feed: inout Feed) -> AnalysisReport {
    var report = plain
    while !feed.isEmpty {
      let choice = feed.byte()
      let place = Int(feed.byte())
      switch choice % 16 {
      case 0: report.points[place % report.points.count].name = feed.text()
      case 1: report.points[place % report.points.count].files = [feed.text()]
      case 2: report.points[place % report.points.count].linkType = feed.text()
      case 3: report.points[place % report.points.count].clock.driftPPM = Double(bitPattern: feed.long())
      case 4: report.points[place % report.points.count].firstNS = feed.time()
      case 5: report.segments[place % report.segments.count].inside = feed.text()
      case 6:
        let number = feed.time()
        report.segments[place % report.segments.count].serverToClient.delay = DelaySummary(
          minNS: number, p50NS: number, p95NS: number, p99NS: 1, maxNS: 2, errorNS: 3)
      case 7: report.connections[place % report.connections.count].legs[0].client = feed.text()
      case 8: report.connections[place % report.connections.count].match.evidence = [feed.text()]
      case 9: report.connections[place % report.connections.count].startNS = feed.time()
      case 10 where !report.events.isEmpty:
        report.events[place % report.events.count].field = feed.text()
        report.events[place % report.events.count].evidence = [feed.text()]
      case 11 where !report.events.isEmpty:
        report.events[place % report.events.count].timeNS = feed.time()
        report.events[place % report.events.count].confidence = Double(bitPattern: feed.long())
      case 12 where !report.findings.isEmpty:
        report.findings[place % report.findings.count].title = feed.text()
        report.findings[place % report.findings.count].explanation = feed.text()
      case 13 where !report.findings.isEmpty:
        report.findings[place % report.findings.count].kind = feed.text()
        report.findings[place % report.findings.count].confirm = feed.text()
      case 14 where !report.rewrites.isEmpty: report.rewrites[place % report.rewrites.count].field = feed.text()
      default: report.remarks.append(feed.text())
      }
    }
    return report
  }
}
