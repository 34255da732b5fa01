import Testing
import Verdicts

/// Reports of made-up analyses, small enough to be read and large enough to need every part of a report.
enum ExampleReports {
  /// One example and the name of its golden files.
  struct Example: Sendable, CustomTestStringConvertible {
    let name: String
    let report: AnalysisReport
    var testDescription: String { name }
  }

  static let all = [
    Example(name: "clean-path", report: cleanPath),
    Example(name: "firewall-loss", report: firewallLoss),
    Example(name: "many-findings", report: manyFindings),
    Example(name: "one-point", report: onePoint),
    Example(name: "undecided", report: undecided),
    Example(name: "no-packets", report: noPackets),
  ]

  /// 2026-03-14 03:07:12 UTC.
  static let start: Int64 = 1_773_457_632_000_000_000

  // MARK: - The examples

  /// Two boxes with NAT and a shared clock; nothing is wrong.
  static let cleanPath: AnalysisReport = {
    var report = path(segments: pathSegments { _, _, _ in })
    report.findings = [nat(between: PointPair(1, 2), inside: "fw1"), nat(between: PointPair(3, 4), inside: "lb")]
    return report
  }()

  /// The first firewall loses one packet in a hundred, both ways.
  static let firewallLoss: AnalysisReport = {
    var report = path(
      segments: pathSegments { pair, direction, ledger in
        guard pair == PointPair(1, 2) else { return }
        ledger.lose(direction == .clientToServer ? 14 : 18)
        ledger.lostBytes = direction == .clientToServer ? 1_204 : 24_616
      })
    report.points[2].clock = ClockReport(offsetNS: 812_345_678, driftPPM: 12.4, errorNS: 41_000)
    report.points[4].clock = ClockReport(
      offsetNS: -3_001_204, driftPPM: -0.02, errorNS: 55_200,
      steps: [ClockStep(timeNS: start + 12_500_000_000, byNS: 250_000_000)])
    report.connections[0].lost = 9
    report.connections[0].events = 9
    report.connections[1].lost = 5
    report.connections[1].events = 6
    report.connections[2].lost = 1
    report.connections[2].events = 1
    report.events = [
      Event(
        kind: .drop, between: PointPair(1, 2), direction: .clientToServer, connection: 1, timeNS: start + 1_204_332,
        upstream: FrameReference(point: 1, file: 0, frame: 113), ipID: 40_211, sequence: 3_735_928_559, length: 0,
        flags: 0x02, confidence: 0.998, evidence: ["never seen at fw1-out", "sent again 1.02 s later"]),
      Event(
        kind: .drop, between: PointPair(1, 2), direction: .serverToClient, connection: 2, timeNS: start + 8_204_332,
        upstream: FrameReference(point: 2, file: 0, frame: 1_411), ipID: 12, sequence: 77, length: 1_368,
        flags: 0x18, confidence: 0.97, evidence: ["never seen at fw1-in", "the client asks for it by SACK"]),
    ]
    report.findings = [
      Finding(
        kind: "loss", severity: .fault, between: PointPair(1, 2), title: "fw1 loses packets in both directions",
        explanation: """
          32 packets of 7 connections are in the capture of one side of fw1 and never reach the other. The receivers \
          did not acknowledge them, and 29 of them were sent again, so that the captures cannot be to blame. The \
          losses are spread evenly over the whole time and over packets of every size: this is what a rate limit or \
          a bad port looks like, not a full queue.
          """, confidence: 0.99, connections: [1, 2, 3, 5, 8, 13, 21], packets: 32,
        evidence: [
          .init(frame: frame(1, 113), says: "SYN of connection 1, never seen at fw1-out"),
          .init(frame: frame(1, 160), says: "the same SYN again after 1.02 s: this one arrives"),
          .init(frame: frame(2, 1_411), says: "1,368 bytes from the server, never seen at fw1-in"),
          .init(frame: frame(2, 1_433), says: "the same bytes again: these arrive"),
        ],
        confirm: "Read the drop counters of fw1 (ip -s link, nft list counters) before and after a test of 1,000 pings."
      ),
      Finding(
        kind: "clock-offset", severity: .note, point: 2, title: "The clock of fw1-out is 812 ms ahead",
        explanation: "The captures are aligned by the traffic itself.", confidence: 1, packets: 0, confirm: ""),
      Finding(
        kind: "clock-step", severity: .note, point: 4, title: "The clock of lb-out jumps forward by 250 ms",
        explanation: "The captures are aligned by the traffic itself.", confidence: 1, packets: 0, confirm: ""),
      nat(between: PointPair(1, 2), inside: "fw1"), nat(between: PointPair(3, 4), inside: "lb"),
    ]
    return report
  }()

  /// Three places at fault, warnings, and more notes than a screen holds.
  static let manyFindings: AnalysisReport = {
    var report = path(
      segments: pathSegments { pair, direction, ledger in
        if pair == PointPair(1, 2) && direction == .clientToServer {
          ledger.rewritten = 418
          ledger.lose(3)
        }
        if pair == PointPair(2, 3) {
          ledger.reordered = 211
          ledger.duplicated = 12
        }
        if pair == PointPair(3, 4) && direction == .serverToClient {
          ledger.injected = 2
          ledger.corrupted = 7
          ledger.notCapture(5)
        }
        if pair == PointPair(4, 5) { ledger.leaveOutside(9) }
      })
    report.order = PathOrder(
      source: .inferred, confidence: 0.81, referenceClock: 0,
      evidence: ["TTL falls by 1 at each box", "lb-in and fw1-out could be swapped: no packet tells them apart"])
    report.findings = [
      fault(
        "sack-not-translated", PointPair(1, 2), "fw1 shifts sequence numbers but not the SACK blocks", 0.97,
        "fw1 adds 2,912,004,311 to every sequence number, and takes it off every acknowledgement, but leaves SACK "
          + "blocks as they are. The sender cannot use them and falls back to timeouts."),
      fault(
        "loss", PointPair(1, 2), "fw1 loses packets from the client to the server", 0.88,
        "3 packets never leave fw1."),
      fault(
        "reorder", PointPair(2, 3), "Packets overtake each other between fw1-out and lb-in", 0.99,
        "211 packets in each direction arrive after one that was sent later, by up to 4 places."),
      fault(
        "rst-injected", PointPair(3, 4), "lb ends connections in the server's name", 0.7,
        "2 RST appear at lb-in that the server never sent: their TTL and IP ID do not fit the server's."),
      fault(
        "corrupted", PointPair(3, 4), "lb damages payload", 0.93,
        "7 segments leave lb with other bytes than they came in with, and with a checksum that no longer holds."),
      Finding(
        kind: "defer-accept", severity: .warning, point: 5, title: "The server accepts only when data arrives",
        explanation: "The SYN/ACK is sent again although the client's ACK is in the server's own capture.",
        confidence: 0.95, connections: [4], packets: 3,
        evidence: [
          .init(frame: frame(5, 9), says: "ACK of the handshake"),
          .init(frame: frame(5, 14), says: "SYN/ACK, sent again"),
        ],
        confirm: "Look for TCP_DEFER_ACCEPT in the server's configuration (nginx: deferred)."),
      Finding(
        kind: "idle-timeout", severity: .warning, between: PointPair(1, 2), direction: .serverToClient,
        title: "fw1 forgets connections after 60 s of silence",
        explanation: "The first packet after a pause of more than 60 s does not pass.", confidence: 0.64,
        connections: [6, 7], packets: 2, evidence: [.init(frame: frame(2, 801), says: "first packet after 61.2 s")],
        confirm: "Read the idle timeout of fw1 (nf_conntrack_tcp_timeout_established)."),
    ]
    for (kind, title) in [
      ("nat", "fw1 rewrites the client's address and port"), ("nat", "fw1 rewrites the server's address"),
      ("seq-offset", "fw1 shifts sequence numbers"), ("ttl-rewritten", "fw1 lowers the TTL by 1"),
      ("mss-clamped", "fw1 lowers the MSS from 1,460 to 1,380"), ("timestamps-rewritten", "fw1 rewrites timestamps"),
    ] {
      report.findings.append(note(kind, title, between: PointPair(1, 2)))
    }
    report.findings.append(
      note("nat", "lb rewrites the server's address and port to those of one of its servers", between: PointPair(3, 4)))
    report.findings.append(
      note("ecn-bleached", "ECN bits are cleared between the firewall and the balancer", between: PointPair(2, 3)))
    for point in 0..<6 { report.findings.append(note("offload", "Frames of up to 64 kB: offload", point: point)) }
    report.findings.append(note("not-captured", "The capture misses 5 packets", point: 3))
    report.findings.append(note("truncated", "Packets are cut after 96 bytes", point: 5))
    report.connections[0].terminatedBetween = PointPair(3, 4)
    for index in 0..<14 {
      report.connections[index].events = 60 - 4 * index
      report.connections[index].lost = index < 3 ? 1 : 0
    }
    report.connections[3].match.ambiguousWith = [9]
    report.rewrites = [
      RewriteRule(
        connection: 1, between: PointPair(1, 2), direction: .clientToServer, field: "tcp.seq", form: .constantOffset,
        value: .number(2_912_004_311), packets: 418, harmful: false, firstUpstream: frame(1, 3),
        firstDownstream: frame(2, 3), before: .number(1), after: .number(2_912_004_312)),
      RewriteRule(
        connection: 1, between: PointPair(3, 4), direction: .clientToServer, field: "ip.dst", form: .set,
        value: .text("10.9.2.20"), packets: 418, harmful: false, firstUpstream: frame(3, 3),
        firstDownstream: frame(4, 3), before: .text("10.9.1.10"), after: .text("10.9.2.20")),
    ]
    report.events = [
      Event(
        kind: .rewrite, between: PointPair(1, 2), direction: .clientToServer, connection: 1, timeNS: start + 99,
        upstream: frame(1, 77), downstream: frame(2, 78), ipID: 5, sequence: 9, length: 0, flags: 0x10,
        field: "tcp.options.sack_le", before: .number(2_912_004_400), after: .number(2_912_004_400), confidence: 0.9,
        evidence: ["the acknowledgement shifts, the SACK block does not"]),
      Event(
        kind: .inject, between: PointPair(3, 4), direction: .serverToClient, connection: 2, timeNS: start + 100,
        downstream: frame(3, 80), ipID: 0, sequence: 10, length: 0, flags: 0x14, confidence: 0.7,
        evidence: ["no such packet at lb-out", "TTL 255 where the server's packets have 62"]),
      Event(
        kind: .notCaptured, between: PointPair(3, 4), point: 3, direction: .serverToClient, connection: 2,
        timeNS: start + 101, upstream: frame(4, 81), ipID: 6, sequence: 10, length: 1_368, flags: 0,
        confidence: 1, evidence: ["fw1-out has it"]),
    ]
    report.remarks = [
      "lb-in.pcap, frame 7,113: the file ends in the middle of a frame; what stands before it is analysed.",
      "124 packets that are neither IPv4 nor IPv6 (ARP 120, LLDP 4) are counted and not followed.",
    ]
    return report
  }()

  /// A capture from the client alone.
  static let onePoint = AnalysisReport(
    order: PathOrder(source: .given, confidence: 1, referenceClock: 0, evidence: []),
    points: [point("client", packets: 3_054)], segments: [],
    connections: [
      ConnectionReport(
        id: 1, proto: "tcp", legs: [.init(point: 0, client: "10.1.0.10:36963", server: "198.51.100.80:80")],
        match: .init(confidence: 1, evidence: []), terminatedBetween: nil, startNS: start,
        endNS: start + 2_000_000_000, bytesClientToServer: 812, bytesServerToClient: 1_048_576, events: 0, lost: 0)
    ], events: [], rewrites: [],
    findings: [
      Finding(
        kind: "syn-unanswered", severity: .warning, point: 0, direction: .clientToServer,
        title: "3 connections get no answer",
        explanation: "Their SYN is sent 6 times over 63 s. Whether it was lost, or the answer, takes a second point.",
        confidence: 1, connections: [1], packets: 18,
        evidence: [.init(frame: frame(0, 4), says: "SYN to 198.51.100.80:443")],
        confirm: "Capture at the server at the same time.")
    ], remarks: [])

  /// Two points, IPv6, few packets: what the evidence does not decide, and connections that look the same.
  static let undecided: AnalysisReport = {
    var up = SegmentLedger()
    up.offered = 41
    up.delivered = 27
    up.notCaptured = 2
    up.outsideCoverage = 4
    up.undecided = 8
    var down = SegmentLedger()
    down.offered = 3
    down.undecided = 3
    var points = [point("branch", packets: 44), point("datacentre", packets: 31)]
    points[0].files = ["cap/branch_00001.pcap", "cap/branch_00002.pcap"]
    points[1].capture.kernelDrops = 1_220
    points[1].clock = ClockReport(offsetNS: nil, driftPPM: nil, errorNS: nil)
    points[1].firstNS = nil
    let connections = (1...3).map { id in
      ConnectionReport(
        id: id, proto: "udp",
        legs: [
          .init(point: 0, client: "[2001:db8:1::\(id)]:5060", server: "[2001:db8:ffff:0:1:2:3:4]:5060"),
          .init(point: 1, client: "[2001:db8:2::feed:beef:1]:6000\(id)", server: "[2001:db8:ffff:0:1:2:3:4]:5060"),
        ],
        match: .init(confidence: id == 1 ? 0.91 : 0.5, evidence: ["payload"], ambiguousWith: id == 1 ? [] : [5 - id]),
        terminatedBetween: nil, startNS: start, endNS: start + 60_000_000_000, bytesClientToServer: 4_000,
        bytesServerToClient: 0, events: id == 1 ? 2 : 0, lost: 0)
    }
    return AnalysisReport(
      order: PathOrder(
        source: .inferred, confidence: 0.55, referenceClock: 0,
        evidence: ["file order only: TTL is the same at both points"]),
      points: points,
      segments: [SegmentReport(between: PointPair(0, 1), inside: nil, clientToServer: up, serverToClient: down)],
      connections: connections,
      events: [
        Event(
          kind: .notCaptured, between: PointPair(0, 1), point: 1, direction: .clientToServer, connection: 1,
          timeNS: start + 5, upstream: FrameReference(point: 0, file: 1, frame: 12), length: 160, confidence: 0.9,
          evidence: ["the receiver answered it"])
      ], rewrites: [],
      findings: [
        Finding(
          kind: "not-captured", severity: .note, point: 1, title: "The capture at datacentre misses packets",
          explanation: "The kernel says that it dropped 1,220 packets.", confidence: 1, packets: 2,
          evidence: [.init(frame: FrameReference(point: 0, file: 1, frame: 12), says: "answered, but not captured")],
          confirm: "Capture again with a larger buffer (tcpdump -B 65536).")
      ], remarks: [])
  }()

  /// Captures without a single packet.
  static let noPackets: AnalysisReport = {
    var points = [point("client", packets: 0), point("server", packets: 0)]
    for index in points.indices {
      points[index].firstNS = nil
      points[index].lastNS = nil
      points[index].clock = ClockReport(offsetNS: nil, driftPPM: nil, errorNS: nil)
    }
    return AnalysisReport(
      order: PathOrder(source: .inferred, confidence: 0, referenceClock: 0, evidence: ["no traffic"]), points: points,
      segments: [
        SegmentReport(
          between: PointPair(0, 1), inside: nil, clientToServer: SegmentLedger(), serverToClient: SegmentLedger())
      ], connections: [], events: [], rewrites: [], findings: [],
      remarks: ["client.pcap and server.pcap hold no packet that the filter \"tcp port 81\" lets through."])
  }()

  // MARK: - Their parts

  static func frame(_ point: Int, _ frame: Int) -> FrameReference {
    FrameReference(point: point, file: 0, frame: frame)
  }

  static func point(_ name: String, packets: Int) -> PointReport {
    PointReport(
      name: name, files: ["captures/\(name).pcap"], packets: packets, linkType: "EN10MB", firstNS: start,
      lastNS: start + 31_204_000_000, clock: ClockReport(offsetNS: 0, driftPPM: 0, errorNS: 0),
      capture: CaptureReport(
        notCaptured: 0, duplicates: 0, truncated: 0, kernelDrops: nil, oneWay: nil, offload: false))
  }

  static func note(_ kind: String, _ title: String, between: PointPair? = nil, point: Int? = nil) -> Finding {
    Finding(
      kind: kind, severity: .note, between: between, point: point, title: title, explanation: "", confidence: 1,
      connections: [1], packets: 1, evidence: [], confirm: "")
  }

  private static func nat(between: PointPair, inside: String) -> Finding {
    note("nat", "\(inside) rewrites addresses and ports", between: between)
  }

  private static func fault(
    _ kind: String, _ between: PointPair, _ title: String, _ confidence: Double, _ explanation: String
  ) -> Finding {
    Finding(
      kind: kind, severity: .fault, between: between, direction: kind == "loss" ? .clientToServer : nil, title: title,
      explanation: explanation, confidence: confidence, connections: [1, 2], packets: 3,
      evidence: [.init(frame: frame(between.near, 77), says: "the first of them")],
      confirm: "Capture again on both sides of the place.")
  }

  /// Six points; fw1 and the balancer translate addresses.
  private static func path(segments: [SegmentReport]) -> AnalysisReport {
    let names = ["client", "fw1-in", "fw1-out", "lb-in", "lb-out", "server"]
    var points = names.map { point($0, packets: 3_054) }
    for index in 1..<6 { points[index].clock = ClockReport(offsetNS: 1_200, driftPPM: 0, errorNS: 38_000) }
    let connections = (1...15).map { id in
      let clients = ["10.1.0.10:\(36_000 + id)", "203.0.113.2:\(25_600 + 7 * id)", "10.9.2.1:\(22_000 + 11 * id)"]
      let servers = ["198.51.100.80:80", "10.9.1.10:8080", "10.9.2.20:80"]
      return ConnectionReport(
        id: id, proto: "tcp",
        legs: (0..<6).map { .init(point: $0, client: clients[$0 / 2], server: servers[$0 / 2]) },
        match: .init(confidence: 0.999, evidence: ["isn", "tcp-timestamp", "payload"]), terminatedBetween: nil,
        startNS: start + Int64(id) * 1_000_000, endNS: start + 30_000_000_000, bytesClientToServer: 812,
        bytesServerToClient: 1_048_576, events: 0, lost: 0)
    }
    return AnalysisReport(
      order: PathOrder(
        source: .inferred, confidence: 0.98, referenceClock: 0, evidence: ["TTL", "address rewriting", "round trips"]),
      points: points, segments: segments, connections: connections, events: [], rewrites: [], findings: [],
      remarks: [])
  }

  private static func pathSegments(
    _ change: (PointPair, Direction, inout SegmentLedger) -> Void
  ) -> [SegmentReport] {
    (0..<5).map { near in
      let pair = PointPair(near, near + 1)
      var segment = SegmentReport(
        between: pair, inside: [1: "fw1", 3: "lb"][near], clientToServer: SegmentLedger(),
        serverToClient: SegmentLedger())
      for direction in Direction.allCases {
        segment[direction].offered = direction == .clientToServer ? 1_442 : 1_612
        segment[direction].delivered = segment[direction].offered
        segment[direction].delay = DelaySummary(
          minNS: 18_000, p50NS: 120_400 + Int64(near) * 801_000, p95NS: 2_000_000, p99NS: 4_000_000, maxNS: 9_000_000,
          errorNS: 38_000)
        change(pair, direction, &segment[direction])
      }
      return segment
    }
  }
}

extension SegmentLedger {
  /// Turns delivered packets into lost ones.
  fileprivate mutating func lose(_ packets: Int) {
    delivered -= packets
    lost += packets
  }
  /// Turns delivered packets into those that the capture misses.
  fileprivate mutating func notCapture(_ packets: Int) {
    delivered -= packets
    notCaptured += packets
  }
  /// Turns delivered packets into those outside the coverage of the capture.
  fileprivate mutating func leaveOutside(_ packets: Int) {
    delivered -= packets
    outsideCoverage += packets
  }
}
