import Correlation
import Scenarios
import Testing
import Verdicts

@Suite struct PartialViewTests {
  @Test(arguments: Direction.allCases)
  func `a capture of one direction leaves the other to the points around it`(_ only: Direction) {
    var scenario = Scenario.usual()
    scenario.points[1].only = only
    scenario.on(segment: 1, only.opposite, .init(.data, 1), .drop, conversation: 0)
    let judgement = Judgement(scenario)
    #expect(judgement.falsehoods + judgement.omissions + judgement.wrongLedgers == [])
    #expect(judgement.events(.drop).map(\.between) == [PointPair(0, 2)])
    #expect(judgement.tally.segments[PointPair(0, 1)]?[only.opposite].offered ?? 0 == 0)
  }

  @Test func `a SYN that nobody answers is lost where it vanished`() {
    for segment in [0, 1] {
      var scenario = Scenario.usual()
      scenario.on(
        segment: segment, where: { $0.conversation == 0 && $0.direction == .clientToServer && $0.label.kind == .syn },
        .drop)
      let judgement = Judgement(scenario)
      #expect(judgement.falsehoods + judgement.omissions + judgement.wrongLedgers == [])
      #expect(judgement.ledger(segment, .clientToServer).lost == judgement.run.truth.drops.count)
    }
  }

  @Test func `a SYN is lost where the capture behind ended before its repeat was answered`() {
    var scenario = Scenario.usual()
    var other = TCPConversation(script: [.client(100), .server(100)])
    (other.number, other.startsAfterNS) = (3, 1_500_000_000)
    (other.clientISN, other.serverISN) = (5_000_000, 6_000_000)
    scenario.add(other)
    // The SYN is sent at one second, and again a second later.
    scenario.points[2].endsAfterNS = 1_900_000_000
    scenario.on(segment: 1, .clientToServer, .init(.syn), .drop, conversation: 0)
    let judgement = Judgement(scenario)
    #expect(judgement.run.truth.drops.count == 1)
    #expect(judgement.falsehoods + judgement.omissions == [])
    #expect(judgement.ledger(1, .clientToServer).lost == 1)
    #expect(judgement.ledger(1, .clientToServer).outsideCoverage > 3)
  }

  @Test(arguments: [(ended: false, late: false), (true, false), (false, true), (true, true)])
  func `repeats of what was lost are lost as long as nothing shows that the capture behind had ended`(
    _ ended: Bool, _ isLate: Bool
  ) {
    var scenario = Scenario.usual(points: 2, script: [.client(1200)])
    var other = TCPConversation(script: [.client(100), .server(100)])
    (other.number, other.startsAfterNS) = (3, 1_050_000_000)
    (other.clientISN, other.serverISN) = (5_000_000, 6_000_000)
    scenario.conversations.insert(other, at: 2)
    // From the second segment on nothing of the connection comes through.
    scenario.on(
      segment: 0,
      where: {
        $0.conversation == 0 && $0.direction == .clientToServer && $0.label.kind == .data && $0.label.index > 0
      }, .drop)
    if ended { scenario.points[1].endsAfterNS = 1_500_000_000 } else { scenario.conversations.removeLast() }
    // What passed before a capture began says nothing of its end.
    if isLate { scenario.points[1].startsAfterNS = 900_000_000 }
    let judgement = Judgement(scenario)
    let late = judgement.events(.drop).filter { $0.time > Scenario.start + 1_500_000_000 }
    #expect(judgement.falsehoods == [])
    #expect(late.isEmpty == ended)
    #expect(judgement.events(.drop).count > late.count)
    #expect(ended || judgement.omissions == [])
  }

  @Test func `a connection that a box answers is not lost behind the box`() {
    // What is behind the box sees only the other conversations.
    var scenario = Scenario.usual()
    scenario.capture(at: 2, .miss) { $0.conversation == 0 }
    let judgement = Judgement(scenario)
    #expect(judgement.events(.drop).isEmpty)
    #expect(judgement.wrongLedgers == [])
  }

  @Test(arguments: [0, 1], Headers.allCases)
  func `a server that sends nothing is followed over translated numbers without its SYN-ACK`(
    _ lacking: Int, _ headers: Headers
  ) {
    var scenario = Scenario(points: 2)
    var conversation = TCPConversation(script: [.client(900)])
    headers.apply(to: &conversation)
    scenario.add(conversation.translated(from: 1, client: 61_825_437, server: 3_000_000_000))
    scenario.capture(at: lacking, .miss) { $0.label.kind == .synAck }
    // One of the acknowledgements is changed: what the others show holds.
    scenario.on(segment: 0, .clientToServer, .init(.data, 0), .edit { $0.ack &+= 1_000_000 })
    let judgement = Judgement(scenario)
    #expect(judgement.falsehoods + judgement.omissions + judgement.wrongLedgers == [])
    #expect(judgement.events(.rewrite).map(\.field) == [.acknowledgement])
  }

  @Test(arguments: Headers.allCases)
  func `acknowledgements of numbers that are translated are no fault where the other direction is not captured`(
    _ headers: Headers
  ) {
    var scenario = Scenario(points: 2)
    var conversation = TCPConversation(script: [.client(900), .server(3000), .client(500)])
    headers.apply(to: &conversation)
    scenario.add(conversation.translated(from: 1, client: 61_825_437, server: 3_000_000_000))
    scenario.points[0].only = .clientToServer
    let judgement = Judgement(scenario)
    #expect(judgement.falsehoods + judgement.wrongLedgers == [])
    #expect(judgement.events(.rewrite).isEmpty)
  }

  @Test(arguments: [true, false])
  func `lost datagrams are lost on their segment`(_ hasIPID: Bool) {
    for way in Direction.allCases {
      for segment in [0, 1] {
        var scenario = Scenario(points: 3)
        var conversation = UDPConversation(requests: 12)
        conversation.hasIPID = hasIPID
        scenario.add(conversation)
        scenario.on(segment: segment, way, .init(.datagram, 4), .drop)
        let judgement = Judgement(scenario)
        #expect(judgement.falsehoods + judgement.omissions + judgement.wrongLedgers == [], "\(way), \(segment)")
        #expect(judgement.ledger(segment, way).lost == 1, "\(way), \(segment)")
      }
    }
  }

  @Test func `reordered and duplicated datagrams are named`() {
    var scenario = Scenario(points: 3)
    var conversation = UDPConversation(requests: 12)
    conversation.intervalNS = 1_000_000
    scenario.add(conversation)
    scenario.on(segment: 0, .clientToServer, .init(.datagram, 4), .delay(2_500_000))
    scenario.on(segment: 1, .serverToClient, .init(.datagram, 8), .duplicate(afterNS: 200_000))
    let judgement = Judgement(scenario)
    #expect(judgement.falsehoods + judgement.omissions + judgement.wrongLedgers == [])
    #expect(judgement.events(.reorder).map(\.count) == [2])
    #expect(judgement.events(.duplicate).map(\.between) == [PointPair(1, 2)])
  }
}
