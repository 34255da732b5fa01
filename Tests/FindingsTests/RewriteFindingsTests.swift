import Packets
import Scenarios
import TestSupport
import Testing
import Verdicts

@Suite struct RewriteFindingsTests {
  static let rules: [(String, Severity, @Sendable (inout WirePacket) -> Void)] = [
    ("mss-clamped", .note, { if $0.mss != nil { $0.mss = 1360 } }),
    ("options-stripped", .warning, { $0.timestamps = nil }),
    ("options-stripped", .warning, { $0.sackPermitted = false }),
    ("window-scale-broken", .warning, { if $0.windowScale != nil { $0.windowScale = 2 } }),
    ("ip-id-rewritten", .note, { $0.ipID = $0.ipID &* 25_173 &+ 13_849 }),
    ("dscp-rewritten", .note, { $0.trafficClass = 0xB8 }), ("ecn-bleached", .note, { $0.trafficClass |= 3 }),
    ("ttl-rewritten", .note, { $0.ttl = 128 }), ("timestamps-rewritten", .note, { $0.timestamps?.value &+= 77_777 }),
  ]

  @Test(arguments: rules.indices, [0, 1])
  func `what a box rewrites is named on its segment and is no fault`(_ index: Int, _ segment: Int) {
    let (kind, severity, change) = Self.rules[index]
    var scenario = Scenario.usual()
    scenario.transform(segment: segment, change)
    let analysed = Analysed(scenario)
    #expect(analysed.kinds == [kind])
    #expect(analysed.findings(kind).map(\.between) == [PointPair(segment, segment + 1)])
    #expect(analysed.findings(kind).map(\.severity) == [severity])
    #expect(Set(analysed.frames(kind).map { $0[0] }) == [segment, segment + 1])
  }

  @Test func `counting TTL down is what routers do`() {
    var scenario = Scenario.usual()
    scenario.segments[0].hops = 5
    #expect(Analysed(scenario).kinds.isEmpty)
  }

  @Test(arguments: [1, 2])
  func `translated addresses are a note with the addresses of both sides`(_ point: Int) {
    let scenario = Scenario.usual {
      let number = UInt16($0.number)
      $0.legs = { place in
        Scenario.Leg(
          client: place < point
            ? Endpoint("10.0.0.1", 40_000 + number) : Endpoint("203.0.113.9", 61_000 + number),
          server: "192.0.2.80:80")
      }
    }
    let analysed = Analysed(scenario)
    #expect(analysed.kinds == ["nat"])
    #expect(analysed.findings("nat").map(\.between) == [PointPair(point - 1, point)])
    #expect(analysed.report.connections.count == 3)
    #expect(analysed.report.connections.allSatisfy { $0.legs.count == 3 && $0.legs[0].client != $0.legs[2].client })
  }

  @Test func `sequence numbers shifted by a constant are a note`() {
    let scenario = Scenario.usual { $0 = $0.translated(from: 2, client: 0xF000_0000, server: 0) }
    let analysed = Analysed(scenario)
    #expect(analysed.kinds == ["seq-offset"])
    #expect(analysed.findings("seq-offset").map(\.between) == [PointPair(1, 2)])
    #expect(analysed.findings("seq-offset").map(\.direction) == [.clientToServer])
  }

  @Test func `segments that a box cuts are a note`() {
    var scenario = Scenario.usual()
    scenario.on(segment: 1, where: { $0.label.kind == .data && $0.direction == .clientToServer }, .split(120))
    let analysed = Analysed(scenario)
    #expect(analysed.kinds == ["resegmented"])
    #expect(analysed.findings("resegmented").map(\.between) == [PointPair(1, 2)])
    #expect(analysed.findings("resegmented").map(\.direction) == [.clientToServer])
  }
}

extension Endpoint {
  fileprivate init(_ address: IPAddress, _ port: UInt16) { self.init(address: address, port: port) }
}
