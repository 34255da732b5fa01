import Verdicts

/// Reports in which every optional is once there and once absent, and no two fields of a row are equal.
enum RichReport {
  static let second: Int64 = 1_700_000_000_000_000_000

  static let value = AnalysisReport(
    order: PathOrder(source: .inferred, confidence: 0.875, referenceClock: 1, evidence: ["round trips", "TTL"]),
    points: points, segments: segments, connections: connections, events: events, rewrites: rewrites,
    findings: findings, remarks: ["server.pcap: 3 frames cut in the IP header.", "Zwei \"Worte\"\n\\ und €."])

  static let points = [
    PointReport(
      name: "client", files: ["client.pcap"], packets: 101, linkType: "EN10MB", firstNS: second, lastNS: second + 9,
      clock: ClockReport(
        offsetNS: -5, driftPPM: 0.1, errorNS: 7,
        steps: [ClockStep(timeNS: second + 3, byNS: -1_000), ClockStep(timeNS: second + 4, byNS: 2_000)]),
      capture: CaptureReport(
        notCaptured: 11, duplicates: 12, truncated: 13, kernelDrops: 14, oneWay: .serverToClient, offload: true)),
    PointReport(
      name: "fw1-out", files: ["fw1-out-0.pcap", "fw1-out-1.pcap"], packets: 102, linkType: "EN10MB, LINUX_SLL2",
      firstNS: second + 1, lastNS: second + 8, clock: ClockReport(offsetNS: 0, driftPPM: 0, errorNS: 0),
      capture: CaptureReport(
        notCaptured: 0, duplicates: 0, truncated: 0, kernelDrops: nil, oneWay: nil, offload: false)),
    PointReport(
      name: "server", files: ["server.pcap"], packets: 0, linkType: "RAW", firstNS: nil, lastNS: nil,
      clock: ClockReport(offsetNS: nil, driftPPM: nil, errorNS: nil),
      capture: CaptureReport(
        notCaptured: 0, duplicates: 0, truncated: 0, kernelDrops: 0, oneWay: .clientToServer, offload: false)),
  ]

  static let segments = [
    SegmentReport(between: PointPair(0, 1), inside: "fw1", clientToServer: ledger(), serverToClient: SegmentLedger()),
    SegmentReport(between: PointPair(1, 2), inside: nil, clientToServer: SegmentLedger(), serverToClient: ledger()),
  ]

  static func ledger() -> SegmentLedger {
    var ledger = SegmentLedger()
    ledger.offered = 1000
    ledger.delivered = 950
    ledger.lost = 25
    ledger.lostBytes = 30_001
    ledger.notCaptured = 12
    ledger.outsideCoverage = 8
    ledger.undecided = 5
    ledger.reordered = 31
    ledger.duplicated = 32
    ledger.corrupted = 33
    ledger.injected = 34
    ledger.rewritten = 35
    ledger.delay = DelaySummary(minNS: -4, p50NS: 41, p95NS: 42, p99NS: 43, maxNS: 44, errorNS: 45)
    return ledger
  }

  static let connections = [
    ConnectionReport(
      id: 2, proto: "tcp",
      legs: [
        ConnectionReport.Leg(point: 0, client: "10.1.0.10:36963", server: "198.51.100.80:80"),
        ConnectionReport.Leg(point: 1, client: "203.0.113.2:1024", server: "198.51.100.80:80"),
        ConnectionReport.Leg(point: 2, client: "203.0.113.2:1024", server: "10.9.1.10:8080"),
      ],
      match: ConnectionReport.MatchReport(
        confidence: 1.0 / 3, evidence: ["isn", "ip-id", "tcp-timestamp"], ambiguousWith: [1, 3]),
      terminatedBetween: PointPair(1, 2), startNS: second + 20, endNS: second + 1_500_000_020,
      bytesClientToServer: 51, bytesServerToClient: 52, events: 7, lost: 6),
    ConnectionReport(
      id: 1, proto: "udp",
      legs: [
        ConnectionReport.Leg(point: 0, client: "[2001:db8::1]:443", server: "[2001:db8::2]:53"),
        ConnectionReport.Leg(point: 2, client: "[2001:db8::1]:443", server: "[2001:db8::2]:53"),
      ],
      match: ConnectionReport.MatchReport(confidence: 1, evidence: []), terminatedBetween: nil,
      startNS: second, endNS: second, bytesClientToServer: 0, bytesServerToClient: 1, events: 1, lost: 0),
    ConnectionReport(
      id: 3, proto: "ip-47", legs: [ConnectionReport.Leg(point: 1, client: "192.0.2.1", server: "192.0.2.2")],
      match: ConnectionReport.MatchReport(confidence: 1, evidence: []), terminatedBetween: nil,
      startNS: second, endNS: second, bytesClientToServer: 0, bytesServerToClient: 0, events: 0, lost: 0),
  ]

  /// An event of every kind; the first has every field, the others what their kind leaves.
  static let events =
    [
      Event(
        kind: .rewrite, between: PointPair(0, 2), point: 1, direction: .serverToClient, connection: 2,
        timeNS: second + 30, upstream: FrameReference(point: 2, file: 0, frame: 61),
        downstream: FrameReference(point: 1, file: 1, frame: 62), ipID: .max, sequence: .max, length: 63,
        flags: .max, field: "tcp.ack", before: .number(.min), after: .text("absent"), confidence: 0.1 + 0.2,
        evidence: ["Δack ≠ −Δseq", ""])
    ]
    + Event.Kind.allCases.map { kind in
      Event(
        kind: kind, between: PointPair(0, 1), direction: .clientToServer, connection: 1, timeNS: second + 31,
        upstream: kind == .inject ? nil : FrameReference(point: 0, file: 0, frame: 64), length: 0, confidence: 1,
        evidence: [])
    }

  static let rewrites = RewriteRule.Form.allCases.map { form in
    RewriteRule(
      connection: 2, between: PointPair(1, 2), direction: .clientToServer, field: "ip.src", form: form,
      value: form == .constantOffset ? .number(-71) : nil, packets: 72, harmful: form == .random,
      firstUpstream: FrameReference(point: 1, file: 0, frame: 73),
      firstDownstream: FrameReference(point: 2, file: 0, frame: 74), before: .text("10.1.0.10"),
      after: form == .strip ? nil : .text("203.0.113.2"))
  }

  static let findings = [
    Finding(
      kind: "loss", severity: .fault, between: PointPair(0, 1), direction: .clientToServer,
      title: "2.5 % of packets are lost inside fw1", explanation: "They reach fw1 and never leave it.",
      confidence: 0.97, connections: [2, 1], packets: 25,
      evidence: [
        Finding.Evidence(frame: FrameReference(point: 0, file: 0, frame: 81), says: "sent"),
        Finding.Evidence(frame: FrameReference(point: 1, file: 1, frame: 82), says: "the next one arrives"),
      ], confirm: "nft list counters"),
    Finding(
      kind: "defer-accept", severity: .warning, point: 2, title: "The server repeats its SYN/ACK",
      explanation: "It waits for data.", confidence: 0.5, confirm: "ss -tlo"),
    Finding(
      kind: "clock-offset", severity: .note, title: "Clocks differ", explanation: "By 5 ns.", confidence: 1,
      connections: [3], confirm: "chronyc tracking"),
  ]

  /// The report with so many events more.
  static func withEvents(_ count: Int) -> AnalysisReport {
    var report = value
    let more = (0..<count).map { number in
      Event(
        kind: .drop, between: PointPair(0, 1), direction: .clientToServer, connection: 2,
        timeNS: second + Int64(number), upstream: FrameReference(point: 0, file: 0, frame: number + 1),
        ipID: UInt16(truncatingIfNeeded: number), sequence: UInt32(number), length: 1448, flags: 0x10,
        confidence: 0.99, evidence: ["retransmitted \(number % 9) times"])
    }
    report.events = ReportList(Array(report.events) + more)
    return report
  }
}
