import Testing
import Verdicts

@testable import Masking

@Suite struct MaskedReportTests {
  private static let address = "10.1.0.13"

  /// A report with the address in every text.
  private static let report: AnalysisReport = {
    let frame = FrameReference(point: 0, file: 0, frame: 1)
    let value = FieldValue.text(address)
    return AnalysisReport(
      order: PathOrder(source: .given, confidence: 1, referenceClock: 0, evidence: ["by \(address)"]),
      points: [
        PointReport(
          name: "at \(address)", files: ["\(address).pcap"], packets: 1, linkType: address, firstNS: 1, lastNS: 2,
          clock: ClockReport(offsetNS: 1, driftPPM: 2, errorNS: 3, steps: [ClockStep(timeNS: 4, byNS: 5)]),
          capture: CaptureReport(
            notCaptured: 1, duplicates: 2, truncated: 3, kernelDrops: 4, oneWay: .clientToServer, offload: true))
      ],
      segments: [
        SegmentReport(
          between: PointPair(0, 1), inside: address, clientToServer: SegmentLedger(), serverToClient: SegmentLedger())
      ],
      connections: [
        ConnectionReport(
          id: 1, proto: address,
          legs: [ConnectionReport.Leg(point: 0, client: "\(address):1", server: "\(address):2")],
          match: ConnectionReport.MatchReport(confidence: 1, evidence: [address], ambiguousWith: [2]),
          terminatedBetween: PointPair(0, 1), startNS: 1, endNS: 2, bytesClientToServer: 3, bytesServerToClient: 4,
          events: 5, lost: 6)
      ],
      events: [
        Event(
          kind: .rewrite, between: PointPair(0, 1), point: 0, direction: .serverToClient, connection: 1, timeNS: 1,
          upstream: frame, downstream: frame, ipID: 1, sequence: 2, length: 3, flags: 4, field: address, before: value,
          after: value, confidence: 1, evidence: [address])
      ],
      rewrites: [
        RewriteRule(
          connection: 1, between: PointPair(0, 1), direction: .clientToServer, field: address, form: .set, value: value,
          packets: 1, harmful: true, firstUpstream: frame, firstDownstream: frame, before: value, after: value)
      ],
      findings: [
        Finding(
          kind: address, severity: .fault, between: PointPair(0, 1), point: 0, direction: .clientToServer,
          title: address, explanation: address, confidence: 1, connections: [1], packets: 1,
          evidence: [Finding.Evidence(frame: frame, says: address)], confirm: address)
      ], remarks: [address])
  }()

  @Test func `no address is left anywhere in a report`() {
    let masked = Self.report.masked(key: "key")
    var text = ""
    dump(masked, to: &text)
    #expect(!text.contains(Self.address))
    #expect(!text.contains("10.1."))
  }

  @Test func `nothing else is changed`() throws {
    let masked = Self.report.masked(key: "key")
    let other = try #require(masked.connections.first?.legs.first?.client.dropLast(2))
    var text = ""
    dump(masked, to: &text)
    var original = ""
    dump(Self.report, to: &original)
    #expect(text.split(separator: String(other)).joined(separator: Self.address) == original)
  }

  @Test func `the same key gives the same report`() {
    #expect(Self.report.masked(key: "key") == Self.report.masked(key: "key"))
    #expect(Self.report.masked(key: "key") != Self.report.masked(key: "other"))
  }
}
