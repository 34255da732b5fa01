import Packets
import TestSupport
import Testing
import Verdicts

/// Whole analyses of connections of the rarer kinds: followed from point to point like any other.
@Suite struct RareConnectionTests {
  private static let second = FourPoints.second

  /// A conversation that begins at the hour, at points of which each has its own leg.
  private static func report(
    _ legs: [Conversation.Leg], _ number: Int = 1, _ write: (inout ConversationScript) -> Void
  ) -> (AnalysisReport, Said) {
    var path = PathSimulation(clocksNS: legs.indices.map { Int64($0) * 3 * second })
    var script = FourPoints.script(number)
    write(&script)
    var conversation = Conversation(legs: legs)
    conversation.transmissions = script.transmissions
    path.send(conversation)
    let points = path.captures.enumerated().map { Captured("p\($0)", frames: $1) }
    let report = analyse(points)
    return (report, Said(report))
  }

  private static let plain: [Conversation.Leg] = Array(
    repeating: .init("10.0.0.1:40000", "192.0.2.80:80"), count: 3)

  /// IPv6 in front of a NAT64 box and IPv4 behind it (RFC 6146): the server's address is embedded in the one seen before.
  private static let nat64: [Conversation.Leg] = [
    .init("[2001:db8::7]:40000", "[64:ff9b::c000:250]:80"), .init("[2001:db8::7]:40000", "[64:ff9b::c000:250]:80"),
    .init("203.0.113.2:61000", "192.0.2.80:80"), .init("203.0.113.2:61000", "192.0.2.80:80"),
  ]

  @Test func `the IPv6 leg and the IPv4 leg of a connection through NAT64 are one connection`() {
    let (report, said) = Self.report(Self.nat64) { script in
      script.open()
      for _ in 0..<4 { script.request(200, response: 6000) }
      script.close()
    }
    #expect(report.connections.count == 1)
    #expect(report.connections.first?.legs.map(\.client).contains("203.0.113.2:61000") == true)
    #expect(report.connections.first?.legs.map(\.client).contains("[2001:db8::7]:40000") == true)
    #expect(report.events.isEmpty)
    #expect(said.findings(.fault) == [] && said.ledgersThatDoNotAddUp == [])
    #expect(report.findings.contains { $0.kind == "nat" && $0.between == PointPair(1, 2) })
  }

  @Test func `datagrams through NAT64 are followed, and a lost one is found on its segment`() {
    let (report, said) = Self.report(Self.nat64) { script in
      for number in 0..<20 {
        script.datagram(fromClient: true, script.random.bytes(200), lostAfter: number == 7 ? 1 : nil)
        script.datagram(fromClient: false, script.random.bytes(300))
      }
    }
    #expect(report.connections.count == 1)
    #expect(said.lost == ["p1 p2 c2s": 1])
    #expect(said.ledgersThatDoNotAddUp == [])
  }

  @Test func `data in a SYN, as by TCP Fast Open, is data`() {
    let (report, said) = Self.report(Self.plain) { script in
      script.segment(fromClient: true, .syn, payload: script.random.bytes(120))
      script.segment(fromClient: false, [.syn, .ack])
      script.segment(fromClient: false, [.psh, .ack], payload: script.random.bytes(900))
      script.segment(fromClient: true, .ack)
      script.close()
    }
    #expect(report.connections.count == 1 && report.events.isEmpty)
    #expect(report.connections.first?.bytesClientToServer == 120)
    #expect(said.findings(.fault) == [] && said.findings(.warning) == [])
  }

  @Test func `a SYN with data that a segment loses is lost there`() {
    let (_, said) = Self.report(Self.plain) { script in
      script.segment(fromClient: true, .syn, payload: script.random.bytes(120), after: Self.second, lostAfter: 1)
      script.retransmit()
      script.segment(fromClient: false, [.syn, .ack])
      script.segment(fromClient: true, .ack)
      script.request(100, response: 900)
      script.close()
    }
    #expect(said.lost == ["p1 p2 c2s": 1])
  }

  @Test func `two SYNs that cross are one connection`() {
    let (report, said) = Self.report(Self.plain) { script in
      script.openFromBothSides(wayNS: 20_000_000)
      script.request(300, response: 2000)
      script.close()
    }
    #expect(report.connections.count == 1)
    #expect(report.segments.allSatisfy { $0.clientToServer.offered > 0 && $0.serverToClient.offered > 0 })
    #expect(report.events.isEmpty)
    #expect(said.findings(.fault) == [] && said.ledgersThatDoNotAddUp == [])
  }

  @Test(arguments: [0, 1])
  func `what is lost of a connection whose SYNs crossed is lost where it was`(_ segment: Int) {
    let (report, said) = Self.report(Self.plain) { script in
      script.openFromBothSides(wayNS: 20_000_000)
      script.request(300, response: 2000)
      script.segment(
        fromClient: true, [.psh, .ack], payload: script.random.bytes(120), after: Self.second, lostAfter: segment)
      script.retransmit()
      script.segment(fromClient: false, .ack)
      script.close()
    }
    #expect(report.connections.count == 1)
    #expect(said.lost == [segment == 0 ? "p0 p1 c2s" : "p1 p2 c2s": 1])
  }

  @Test func `urgent data is data`() {
    let (report, said) = Self.report(Self.plain) { script in
      script.open()
      script.request(100, response: 500)
      script.segment(fromClient: true, [.urg, .psh, .ack], payload: [0xFF, 0xF4, 0xFF, 0xF2])
      script.segment(fromClient: false, .ack)
      script.request(100, response: 500)
      script.close()
    }
    #expect(report.connections.count == 1 && report.events.isEmpty)
    #expect(said.findings(.fault) == [])
  }

  @Test(arguments: [[], [0]] as [[UInt8]])
  func `keep-alives, with a byte or without, are no retransmissions that anything lost`(_ probe: [UInt8]) {
    let (report, said) = Self.report(Self.plain) { script in
      script.open()
      script.request(100, response: 500)
      for _ in 0..<3 {
        script.nowNS += 60 * Self.second
        script.keepAlive(fromClient: true, probe)
        script.segment(fromClient: false, .ack)
      }
      script.request(100, response: 500)
      script.close()
    }
    #expect(report.connections.count == 1 && report.events.isEmpty)
    #expect(said.findings(.fault) == [])
  }

  @Test func `the subflows of MPTCP are connections of their own`() {
    var path = PathSimulation(points: 3)
    for (number, client) in (["10.0.0.1:40000", "10.8.0.1:40100"] as [Endpoint]).enumerated() {
      var script = FourPoints.script(number)
      let option = TCPOption.other(
        kind: 30, data: number == 0 ? [0, 1, 0, 0] + Array(1...8) : [0x10, 2] + Array(1...8))
      script.segment(fromClient: true, .syn, options: [option])
      script.segment(fromClient: false, [.syn, .ack], options: [option])
      script.segment(fromClient: true, .ack)
      for _ in 0..<3 { script.request(200, response: 3000) }
      script.close()
      var conversation = Conversation(client, "192.0.2.80:80", points: 3)
      conversation.transmissions = script.transmissions
      path.send(conversation)
    }
    let report = analyse(path.captures.enumerated().map { Captured("p\($0)", frames: $1) })
    #expect(report.connections.count == 2 && report.events.isEmpty)
    #expect(Said(report).findings(.fault) == [])
  }
}
