import Captures
import Foundation
import Packets
import TestSupport
import Testing
import Verdicts

@testable import Exports

@Suite struct CaptureExportTests {
  private static let second: Int64 = 1_700_000_000_000_000_000

  /// A datagram from one address to another, captured at a time in milliseconds.
  private func frame(_ from: String, _ to: String, ms: Int64, port: UInt16 = 53) throws -> CapturedFrame {
    let source = try #require(IPAddress(parsing: from))
    let destination = try #require(IPAddress(parsing: to))
    let datagram = UDPDatagram(
      source: Endpoint(address: source, port: 4000), destination: Endpoint(address: destination, port: port),
      payload: [UInt8(truncatingIfNeeded: ms)])
    let packet = IPv4Packet(
      source: source, destination: destination, protocolNumber: datagram.protocolNumber, payload: datagram.bytes)
    return CapturedFrame(timeNS: Self.second + ms * 1_000_000, bytes: packet.ethernet())
  }

  private func point(_ name: String, clock: ClockReport) -> PointReport {
    PointReport(
      name: name, files: ["\(name).pcap"], packets: 3, linkType: "EN10MB", firstNS: Self.second,
      lastNS: Self.second + 9_000_000, clock: clock,
      capture: CaptureReport(
        notCaptured: 0, duplicates: 0, truncated: 0, kernelDrops: nil, oneWay: nil, offload: false))
  }

  /// Two points with NAT between them, the second one's clock five seconds ahead; the second datagram is lost.
  private var report: AnalysisReport {
    AnalysisReport(
      order: PathOrder(source: .given, confidence: 1, referenceClock: 0, evidence: []),
      points: [
        point("client", clock: ClockReport(offsetNS: 0, driftPPM: 0, errorNS: 0)),
        point("server", clock: ClockReport(offsetNS: 5_000_000_000, driftPPM: nil, errorNS: 1_000)),
      ], segments: [],
      connections: [
        ConnectionReport(
          id: 7, proto: "udp",
          legs: [
            ConnectionReport.Leg(point: 0, client: "10.0.0.1:4000", server: "192.0.2.9:53"),
            ConnectionReport.Leg(point: 1, client: "203.0.113.2:4000", server: "192.0.2.9:53"),
          ], match: ConnectionReport.MatchReport(confidence: 1, evidence: []), terminatedBetween: nil,
          startNS: Self.second, endNS: Self.second + 9_000_000, bytesClientToServer: 0, bytesServerToClient: 0,
          events: 1, lost: 1)
      ],
      events: [
        Event(
          kind: .drop, between: PointPair(0, 1), direction: .clientToServer, connection: 7,
          timeNS: Self.second + 2_000_000, upstream: FrameReference(point: 0, file: 0, frame: 2), length: 1,
          confidence: 0.99, evidence: ["never seen again"])
      ], rewrites: [],
      findings: [
        Finding(
          kind: "loss", severity: .fault, between: PointPair(0, 1), title: "", explanation: "", confidence: 1,
          connections: [7], packets: 1,
          evidence: [Finding.Evidence(frame: FrameReference(point: 1, file: 0, frame: 2), says: "the next one")],
          confirm: "")
      ], remarks: [])
  }

  private func files(in folder: Folder) throws -> [[String?]] {
    let client = [
      try frame("10.0.0.1", "192.0.2.9", ms: 0), try frame("10.0.0.1", "192.0.2.9", ms: 2),
      try frame("10.0.0.1", "192.0.2.9", ms: 4), try frame("10.0.0.8", "192.0.2.9", ms: 5),
      try frame("10.0.0.1", "192.0.2.9", ms: 900_000),
    ]
    let server = [
      try frame("203.0.113.2", "192.0.2.9", ms: 5_001), try frame("203.0.113.2", "192.0.2.9", ms: 5_005),
    ]
    return [
      [try folder.file("client.pcap", PcapWriter().file(client))],
      [try folder.file("server.pcap", PcapWriter().file(server))],
    ]
  }

  /// Times in milliseconds and lengths of the frames of a file.
  private func times(_ path: String) throws -> [Int64] {
    var reader = try CaptureReader(path: path)
    var times: [Int64] = []
    while case .more = reader.readFrames(
      limit: 100, { frame, _ in times.append((frame.timeNS - Self.second) / 1_000_000) })
    {}
    return times
  }

  @Test func `all frames are merged by the reference clock`() throws {
    try withFolder { folder in
      let output = folder.url.appending(path: "out.pcapng").path
      let summary = try CaptureExport(report, files: try files(in: folder)).write(.everything, to: output)
      #expect(try times(output) == [0, 1, 2, 4, 5, 5, 900_000])
      #expect(summary.framesByPoint == [5, 2])
      #expect(summary.numbers[FrameReference(point: 0, file: 0, frame: 2)] == 3)
    }
  }

  @Test func `a connection has its packets at both points, within its time, and no others`() throws {
    try withFolder { folder in
      let output = folder.url.appending(path: "out.pcapng").path
      let summary = try CaptureExport(report, files: try files(in: folder)).write(.connection(7), to: output)
      #expect(try times(output) == [0, 1, 2, 4, 5])
      #expect(summary.framesByPoint == [3, 2])
    }
  }

  @Test func `a finding has its events and its evidence`() throws {
    try withFolder { folder in
      let output = folder.url.appending(path: "out.pcapng").path
      let summary = try CaptureExport(report, files: try files(in: folder)).write(.finding(1), to: output)
      #expect(try times(output) == [2, 5])
      #expect(summary.numbers.count == 2)
    }
  }

  @Test func `a finding without evidence has the first packets of the rules that it rests on`() throws {
    try withFolder { folder in
      var report = report
      report.findings = [
        Finding(
          kind: "nat", severity: .note, between: PointPair(0, 1), title: "", explanation: "", confidence: 1,
          connections: [7], packets: 2, confirm: "")
      ]
      report.rewrites = [
        RewriteRule(
          connection: 7, between: PointPair(0, 1), direction: .clientToServer, field: "ip.src", form: .set, value: nil,
          packets: 2, harmful: false, firstUpstream: FrameReference(point: 0, file: 0, frame: 1),
          firstDownstream: FrameReference(point: 1, file: 0, frame: 1), before: .text("10.0.0.1"),
          after: .text("203.0.113.2"))
      ]
      let output = folder.url.appending(path: "out.pcapng").path
      _ = try CaptureExport(report, files: try files(in: folder)).write(.finding(1), to: output)
      #expect(try times(output) == [0, 1])
    }
  }

  @Test func `without a capture of one point the others are written`() throws {
    try withFolder { folder in
      let output = folder.url.appending(path: "out.pcapng").path
      let files = [[nil], try files(in: folder)[1]]
      let summary = try CaptureExport(report, files: files).write(.everything, to: output)
      #expect(summary.framesByPoint == [0, 2])
      #expect(throws: ExportError.nothingLeft) {
        try CaptureExport(report, files: [[nil], [nil]]).write(.everything, to: output)
      }
    }
  }

  @Test func `an export that fails leaves the old file and nothing beside it`() throws {
    try withFolder { folder in
      let output = try folder.file("out.pcapng", [1, 2, 3])
      let text = try folder.file("client.pcap", Array("no capture at all".utf8))
      #expect(throws: ExportError.self) {
        try CaptureExport(report, files: [[text], [nil]]).write(.everything, to: output)
      }
      #expect([UInt8](try Data(contentsOf: URL(filePath: output))) == [1, 2, 3])
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted() == ["client.pcap", "out.pcapng"])
    }
  }

  @Test func `a clock that drifts and steps is taken back to the reference`() {
    let second = Self.second
    let drifting = point("p", clock: ClockReport(offsetNS: 1_000, driftPPM: 10, errorNS: 0))
    // After a second the clock is ten microseconds further ahead.
    #expect(ClockCorrection(drifting).reference(second + 1_000_000_000 + 1_000 + 10_000) == second + 1_000_000_000)
    let stepping = point(
      "p",
      clock: ClockReport(
        offsetNS: 0, driftPPM: nil, errorNS: 0, steps: [ClockStep(timeNS: second + 1_000, byNS: 500)]))
    #expect(ClockCorrection(stepping).reference(second + 999) == second + 999)
    #expect(ClockCorrection(stepping).reference(second + 2_500) == second + 2_000)
    let unknown = point("p", clock: ClockReport(offsetNS: nil, driftPPM: nil, errorNS: nil))
    #expect(ClockCorrection(unknown).reference(17) == 17)
  }
}
