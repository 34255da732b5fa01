import Verdicts

/// Reports of a path `client ── fw ── server` for comparisons.
enum SmallReport {
  static func make(lostOf decided: (Int, Int) = (0, 1000), names: [String] = ["client", "fw", "server"])
    -> AnalysisReport
  {
    let points = names.map { name in
      PointReport(
        name: name, files: ["\(name).pcap"], packets: 1, linkType: "EN10MB", firstNS: 0, lastNS: 1,
        clock: ClockReport(offsetNS: 0, driftPPM: 0, errorNS: 0),
        capture: CaptureReport(
          notCaptured: 0, duplicates: 0, truncated: 0, kernelDrops: nil, oneWay: nil, offload: false))
    }
    var ledger = SegmentLedger()
    ledger.lost = decided.0
    ledger.offered = decided.1
    ledger.delivered = decided.1 - decided.0
    var quiet = SegmentLedger()
    quiet.offered = 1000
    quiet.delivered = 1000
    return AnalysisReport(
      order: PathOrder(source: .given, confidence: 1, referenceClock: 0, evidence: []), points: points,
      segments: [
        SegmentReport(between: PointPair(0, 1), inside: nil, clientToServer: ledger, serverToClient: quiet),
        SegmentReport(between: PointPair(1, 2), inside: nil, clientToServer: quiet, serverToClient: quiet),
      ],
      connections: (1...20).map { id in
        ConnectionReport(
          id: id, proto: "tcp",
          legs: (0..<3).map { ConnectionReport.Leg(point: $0, client: "10.0.0.1:\(id)", server: "10.0.0.2:80") },
          match: ConnectionReport.MatchReport(confidence: 1, evidence: []), terminatedBetween: nil, startNS: 0,
          endNS: 1, bytesClientToServer: 0, bytesServerToClient: 0, events: 0, lost: 0)
      }, events: [], rewrites: [], findings: [], remarks: [])
  }

  static func finding(_ kind: String, _ severity: Severity, connections: [Int]) -> Finding {
    Finding(
      kind: kind, severity: severity, between: PointPair(0, 1), title: kind, explanation: "", confidence: 1,
      connections: connections, packets: connections.count, confirm: "")
  }

  static func rewrite(
    _ field: String, _ form: RewriteRule.Form, between: PointPair, direction: Direction = .clientToServer,
    value: FieldValue? = nil, before: FieldValue?, after: FieldValue?, connection: Int = 1, packets: Int = 10
  ) -> RewriteRule {
    RewriteRule(
      connection: connection, between: between, direction: direction, field: field, form: form, value: value,
      packets: packets, harmful: false,
      firstUpstream: FrameReference(point: between.upstream(direction), file: 0, frame: 1),
      firstDownstream: FrameReference(point: between.downstream(direction), file: 0, frame: 2), before: before,
      after: after)
  }
}
