import Findings
import Flows
import Packets
import TestSupport
import Testing
import Verdicts

/// Packets that leave a NAT box untranslated and are lost behind it.
@Suite struct LeakedLossTests {
  /// The captures before and behind a NAT box, and at the server.
  private struct Path {
    var builders = [PointBuilder(), PointBuilder(), PointBuilder()]
    private var frames = [UInt32](repeating: 0, count: 3)
    private var id: UInt16 = 0
    private let decoder = PacketDecoder(linkType: .ethernet)
    private let server = Endpoint(address: "198.51.100.80", port: 80)

    private mutating func add(_ segment: TCPSegment, at point: Int, _ timeNS: Int64, ttl: UInt8) {
      let bytes = segment.ipv4(id: id, ttl: ttl).ethernet()
      frames[point] += 1
      builders[point].add(
        timeNS: timeNS, frame: frames[point], wireLength: bytes.count, bytes: bytes.span.bytes, decoder: decoder)
    }

    /// One segment of a connection; one that leaks is untranslated behind the box, and does not reach the server.
    mutating func send(
      _ number: Int, fromClient: Bool, _ flags: TCPSegment.Flags, seq: UInt32, ack: UInt32, payload: [UInt8] = [],
      at timeNS: Int64, leaking: Bool = false
    ) {
      let inside = Endpoint(address: "10.1.0.9", port: UInt16(40_000 + number))
      let outside = Endpoint(address: "203.0.113.2", port: UInt16(20_000 + 7 * number))
      id += 1
      for point in fromClient ? [0, 1, 2] : [2, 1, 0] {
        if leaking, point == 2 { continue }
        let client = point == 0 || leaking ? inside : outside
        let segment = TCPSegment(
          source: fromClient ? client : server, destination: fromClient ? server : client, seq: seq, ack: ack,
          flags: flags, payload: payload)
        let passed = fromClient ? point : 2 - point
        add(segment, at: point, timeNS + Int64(passed) * 300_000, ttl: UInt8(64 - passed))
      }
    }
  }

  @Test func `a choice is not read from what was lost and never offered to the segment under its own addresses`() {
    var path = Path()
    for number in 0..<40 {
      let start = 1_700_000_000_000_000_000 + Int64(number) * 50_000_000
      let (ours, theirs) = (UInt32(number * 7919 + 100), UInt32(number * 104_729 + 500))
      path.send(number, fromClient: true, .syn, seq: ours, ack: 0, at: start)
      path.send(number, fromClient: false, [.syn, .ack], seq: theirs, ack: ours + 1, at: start + 2_000_000)
      path.send(number, fromClient: true, .ack, seq: ours + 1, ack: theirs + 1, at: start + 4_000_000)
      let asked = (0..<80).map { UInt8(truncatingIfNeeded: $0 * 31 + number * 17) }
      path.send(
        number, fromClient: true, [.psh, .ack], seq: ours + 1, ack: theirs + 1, payload: asked, at: start + 5_000_000)
      path.send(
        number, fromClient: false, [.psh, .ack], seq: theirs + 1, ack: ours + 81, payload: asked.reversed() + asked,
        at: start + 8_000_000)
      path.send(number, fromClient: true, .ack, seq: ours + 81, ack: theirs + 161, at: start + 10_000_000)
      path.send(number, fromClient: true, .rst, seq: ours + 81, ack: 0, at: start + 20_000_000, leaking: true)
    }
    let names = ["client", "outside", "server"]
    let traffic = path.builders.indices.map { path.builders[$0].finish() }
    let sources = names.map {
      PointSource(name: $0, files: [.init(path: "\($0).pcap", frames: 300)], linkTypes: ["EN10MB"])
    }
    let report = Analysis.analyse(traffic, sources: sources, givenOrder: [0, 1, 2])
    #expect(report.findings.contains { $0.kind == "nat-leak" })
    #expect(report.events.count { $0.kind == .drop } >= 20)
    #expect(!report.findings.contains { $0.kind == "loss-selective" })
  }
}
