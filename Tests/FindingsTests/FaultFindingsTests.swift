import Scenarios
import TestSupport
import Testing
import Verdicts

@Suite struct FaultFindingsTests {
  private let pairs = [PointPair(0, 1), PointPair(1, 2)]

  @Test func `a path without faults has no finding of any kind`() {
    #expect(Analysed(.usual()).kinds.isEmpty)
  }

  @Test(arguments: [0, 1])
  func `loss names segment, direction and frame`(_ segment: Int) {
    var scenario = Scenario.usual()
    scenario.hit(segment, .serverToClient, .init(.data, 4), .drop)
    let analysed = Analysed(scenario)
    let loss = analysed.findings("loss")
    #expect(loss.map(\.between) == [pairs[segment]])
    #expect(loss.map(\.direction) == [.serverToClient] && loss.map(\.packets) == [1])
    #expect(analysed.frames("loss") == [analysed.frame(segment + 1, .serverToClient, .init(.data, 4))])
    #expect(analysed.faults == ["loss"])
  }

  @Test func `a packet that a capture missed is no loss but not captured there`() {
    var scenario = Scenario.usual()
    scenario.capture(at: 1, .miss) {
      $0.conversation == 0 && $0.direction == .serverToClient && $0.label == .init(.data, 4)
    }
    let analysed = Analysed(scenario)
    #expect(analysed.kinds == ["not-captured"])
    #expect(analysed.findings("not-captured").map(\.point) == [1])
    #expect(analysed.frames("not-captured") == [analysed.frame(2, .serverToClient, .init(.data, 4))])
  }

  @Test func `reordering names the late packet where it arrived`() {
    var scenario = Scenario.usual()
    scenario.hit(1, .serverToClient, .init(.data, 2), .delay(500_000))
    let analysed = Analysed(scenario)
    #expect(analysed.findings("reorder").map(\.between) == [PointPair(1, 2)])
    #expect(analysed.frames("reorder") == [analysed.frame(1, .serverToClient, .init(.data, 2))])
    #expect(analysed.faults == ["reorder"])
  }

  @Test func `a retransmission is no reordering`() {
    var scenario = Scenario.usual()
    scenario.hit(1, .serverToClient, .init(.data, 2), .drop)
    #expect(Analysed(scenario).kinds == ["loss"])
  }

  @Test func `neighbours too close for their order are a note`() {
    var scenario = Scenario.usual()
    for segment in scenario.segments.indices { scenario.segments[segment].jitterNS = 0 }
    scenario.hit(0, .serverToClient, .init(.data, 2), .delay(14_000))
    let analysed = Analysed(scenario)
    #expect(analysed.kinds == ["order-unsure"])
    #expect(analysed.findings("order-unsure").map(\.between) == [PointPair(0, 1)])
  }

  @Test func `duplicates name the further copy`() throws {
    var scenario = Scenario.usual()
    scenario.hit(0, .clientToServer, .init(.data, 1), .duplicate(afterNS: 300_000))
    let analysed = Analysed(scenario)
    #expect(analysed.findings("duplicate").map(\.between) == [PointPair(0, 1)])
    let first = try #require(analysed.run.frame(1, .clientToServer, .init(.data, 1)))
    let copies = analysed.run.frames(point: 1, id: analysed.run.id(point: 1, frame: first))
    #expect(analysed.frames("duplicate") == [[1, copies[1]]])
    #expect(analysed.faults == ["duplicate"])
  }

  @Test(arguments: [0, 1, 2])
  func `a mirror port is a note about its capture and no duplicate`(_ point: Int) {
    var scenario = Scenario.usual()
    scenario.points[point].mirrorsAfterNS = 5000
    let analysed = Analysed(scenario)
    #expect(analysed.kinds == ["capture-duplicates"])
    #expect(analysed.findings("capture-duplicates").map(\.point) == [point])
  }

  static let manglings: [(String, WirePacket.Label, @Sendable (inout WirePacket) -> Void)] = [
    ("ack-mangled", .init(.data, 1), { $0.ack &+= 500_000_000 }),
    ("seq-mangled", .init(.data, 1), { $0.seq &+= 500_000_000 }),
    ("payload-rewritten", .init(.data, 1), { $0.payload[5] ^= 1 }),
    (
      "corrupted", .init(.data, 1),
      {
        $0.payload[5] ^= 1
        $0.checksum = .wrong
      }
    ),
  ]

  @Test(arguments: manglings.indices, [0, 1])
  func `a mangled packet is shown on both sides of its segment`(_ index: Int, _ segment: Int) {
    let (kind, label, change) = Self.manglings[index]
    var scenario = Scenario.usual()
    scenario.hit(segment, .clientToServer, label, .edit(change))
    let analysed = Analysed(scenario)
    #expect(analysed.findings(kind).map(\.between) == [pairs[segment]])
    #expect(
      analysed.frames(kind) == [
        analysed.frame(segment, .clientToServer, label), analysed.frame(segment + 1, .clientToServer, label),
      ])
    #expect(analysed.faults == [kind])
  }

  @Test(arguments: [true, false])
  func `SACK edges are a fault only where they are not translated`(_ translates: Bool) {
    var conversation = TCPConversation(script: [.client(200), .server(4000)])
    conversation.startsAfterNS = 1_000_000_000
    var scenario = Scenario(points: 3)
    scenario.add(conversation.translated(from: 1, client: 5_000_000, server: 900_000_000, sack: translates))
    scenario.hit(0, .serverToClient, .init(.data, 4), .drop)
    let analysed = Analysed(scenario)
    #expect(analysed.faults.sorted() == (translates ? ["loss"] : ["loss", "sack-not-translated"]))
    #expect(analysed.findings("sack-not-translated").allSatisfy { $0.between == PointPair(0, 1) })
    #expect(analysed.findings("seq-offset").map(\.between) == [PointPair(0, 1)])
  }

  @Test(arguments: [WirePacket.Label.Kind.rst, .data])
  func `forged packets are injected where they first appear`(_ kind: WirePacket.Label.Kind) {
    var scenario = Scenario.usual()
    var packet = WirePacket(.serverToClient, .init(kind, 99))
    packet.seq = 88_000_001
    packet.flags = kind == .rst ? .rst : .ack
    if kind == .data { packet.payload = [1, 2, 3, 4, 5, 6, 7, 8, 9] }
    packet.ttl = 200
    scenario.insert(segment: 1, afterNS: 1_005_000_000, packet)
    let analysed = Analysed(scenario)
    let name = kind == .rst ? "rst-injected" : "injected"
    #expect(analysed.findings(name).map(\.between) == [PointPair(1, 2)])
    #expect(analysed.findings(name).map(\.direction) == [.serverToClient])
    #expect(analysed.findings(name).map(\.severity) == [kind == .rst ? .fault : .warning])
    #expect(analysed.frames(name).map { $0[0] } == [1])
  }

  @Test func `a RST of the client itself is not injected`() {
    let analysed = Analysed(.usual { $0.close = .reset })
    #expect(analysed.kinds.isEmpty)
  }

  @Test func `a path MTU black hole is told from other loss by size`() {
    var scenario = Scenario.usual([.client(150), .server(2400), .client(150)])
    scenario.on(segment: 0, where: { $0.conversation == 0 && $0.payload.count >= 200 }, .drop)
    let analysed = Analysed(scenario)
    #expect(analysed.findings("pmtu-blackhole").map(\.between) == [PointPair(0, 1)])
    #expect(analysed.findings("pmtu-blackhole").map(\.direction) == [.serverToClient])
    #expect(analysed.findings("pmtu-blackhole").allSatisfy { !$0.evidence.isEmpty && $0.evidence[0].frame.point == 1 })
  }

  @Test func `loss of some large packets is no path MTU black hole`() {
    var scenario = Scenario.usual()
    for segment in [1, 3, 5, 7, 8] { scenario.hit(0, .serverToClient, .init(.data, segment), .drop) }
    let analysed = Analysed(scenario)
    #expect(analysed.faults == ["loss"])
  }
}
