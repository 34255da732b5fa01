import Correlation
import Scenarios
import TestSupport
import Testing
import Verdicts

@Suite struct FateTests {
  static let labels: [(Direction, WirePacket.Label)] = [
    (.clientToServer, .init(.syn)), (.clientToServer, .init(.data, 1)), (.clientToServer, .init(.ack, 3)),
    (.clientToServer, .init(.fin)), (.serverToClient, .init(.synAck)), (.serverToClient, .init(.data, 4)),
    (.serverToClient, .init(.data, 13)), (.serverToClient, .init(.ack, 0)), (.serverToClient, .init(.fin)),
  ]
  static let losses = labels.flatMap { way, label in [0, 1].map { (way, label, $0) } }

  @Test(arguments: losses, Headers.allCases)
  func `a lost packet is lost on its segment and nothing else is`(
    _ loss: (way: Direction, label: WirePacket.Label, segment: Int), _ headers: Headers
  ) {
    var scenario = Scenario.usual(headers)
    scenario.on(segment: loss.segment, loss.way, loss.label, .drop, conversation: 0)
    let judgement = Judgement(scenario)
    #expect(judgement.run.truth.drops.count == 1)
    #expect(judgement.wrongLedgers == [])
    #expect(judgement.ledger(loss.segment, loss.way).lost == 1)
    #expect(judgement.falsehoods + judgement.omissions == [])
  }

  @Test(arguments: [0, 1])
  func `a lost RST is lost on its segment`(_ segment: Int) {
    var scenario = Scenario.usual(close: .reset)
    scenario.on(segment: segment, .clientToServer, .init(.rst), .drop, conversation: 0)
    let judgement = Judgement(scenario)
    #expect(judgement.run.truth.drops.count == 1)
    #expect(judgement.falsehoods + judgement.omissions + judgement.wrongLedgers == [])
  }

  @Test(arguments: [(.none, 1, 0), (.reset, 0, 1)] as [(TCPConversation.Close, Int, Int)], [0, 1])
  func `an ACK that does not go on is lost, but undecided after a RST that passed there`(
    _ expected: (close: TCPConversation.Close, lost: Int, undecided: Int), _ segment: Int
  ) {
    var scenario = Scenario.usual(close: expected.close)
    var packet = WirePacket(.serverToClient, .init(.other))
    packet.flags = .ack
    (packet.seq, packet.ack) = (2_002_801, 1_000_901)
    scenario.send(afterNS: 2_000_000_000, packet)
    scenario.on(segment: segment, .serverToClient, .init(.other), .drop, conversation: 0)
    let judgement = Judgement(scenario)
    #expect(judgement.run.truth.drops.count == 1)
    #expect(judgement.falsehoods + judgement.wrongLedgers == [])
    let ledger = judgement.ledger(segment, .serverToClient)
    #expect((ledger.lost, ledger.undecided) == (expected.lost, expected.undecided))
  }

  @Test(arguments: [[0], [0, 1], [0, 1, 2]], Headers.allCases)
  func `of several copies those that were lost are named`(_ copies: [Int], _ headers: Headers) {
    for segment in [0, 1] {
      for way in Direction.allCases {
        var scenario = Scenario.usual(headers)
        for copy in copies {
          scenario.on(segment: segment, way, .init(.data, 1, copy: copy), .drop, conversation: 0)
        }
        let judgement = Judgement(scenario)
        #expect(judgement.run.truth.drops.count == copies.count)
        #expect(judgement.wrongLedgers == [])
        #expect(judgement.falsehoods + judgement.omissions == [], "segment \(segment), \(way)")
      }
    }
  }

  @Test(arguments: Headers.allCases)
  func `of a needless repeat the copy that was lost is named`(_ headers: Headers) {
    // The ACK of the answer is lost, so the server repeats it; the repeat is lost behind the first copy's arrival.
    for (segment, point) in [(1, 2), (0, 1)] {
      var scenario = Scenario.usual(headers)
      scenario.on(
        segment: 0,
        where: {
          $0.conversation == 0 && $0.label.kind == .ack && $0.label.index > 5
            && $0.label.index < 9 && $0.direction == .clientToServer
        }, .drop)
      scenario.on(segment: segment, .serverToClient, .init(.data, 11, copy: 1), .drop, conversation: 0)
      let judgement = Judgement(scenario)
      #expect(judgement.falsehoods + judgement.wrongLedgers == [], "\(point)")
      #expect(judgement.omissions == [], "\(point)")
    }
  }

  @Test(arguments: labels.filter { $0.1.kind != .ack }, [Headers.full, .neither])
  func `a packet that a capture missed is not called lost`(
    _ packet: (way: Direction, label: WirePacket.Label), _ headers: Headers
  ) {
    for point in 0..<3 {
      var scenario = Scenario.usual(headers)
      scenario.capture(at: point, .miss) {
        $0.conversation == 0 && $0.direction == packet.way && $0.label == packet.label
      }
      let judgement = Judgement(scenario)
      #expect(judgement.falsehoods + judgement.wrongLedgers == [], "point \(point)")
      #expect(judgement.tally.missed == [point: 1], "point \(point)")
    }
  }

  @Test func `a pure ACK that the middle capture missed is not called lost`() {
    for way in Direction.allCases {
      var scenario = Scenario.usual()
      scenario.capture(at: 1, .miss) { $0.conversation == 0 && $0.direction == way && $0.label == .init(.ack, 0) }
      let judgement = Judgement(scenario)
      #expect(judgement.falsehoods + judgement.wrongLedgers == [])
      #expect(judgement.tally.missed == [1: 1])
    }
  }

  @Test func `of duplicate ACKs one that a capture missed is not taken for the next, which another capture missed`() {
    var scenario = Scenario(points: 3)
    var conversation = TCPConversation(script: [.client(3000), .server(700)])
    conversation.segmentSize = 300
    conversation.usesSACK = false
    scenario.add(conversation)
    scenario.on(segment: 0, .clientToServer, .init(.data, 1), .drop, conversation: 0)
    for (point, number) in [(1, 2), (0, 3)] {
      scenario.capture(at: point, .miss) { $0.direction == .serverToClient && $0.label == .init(.ack, number) }
    }
    let judgement = Judgement(scenario)
    // What the first capture lacks was lost or missed, by the shares of both.
    #expect(judgement.falsehoods(above: 0, weighed: false) + judgement.omissions + judgement.wrongLedgers == [])
    #expect(judgement.tally.missed[1] == 1)
  }

  @Test func `where a capture missed both copies of what was acknowledged neither is surely lost`() {
    var scenario = Scenario.usual()
    // The ACKs are lost behind the last point, so that they come only after the repeat.
    scenario.on(
      segment: 1,
      where: { $0.conversation == 0 && $0.direction == .serverToClient && $0.ack > 1_000_401 && $0.ttl > 60 },
      .delay(400_000_000))
    scenario.capture(at: 2, .miss) {
      $0.conversation == 0 && $0.direction == .clientToServer && $0.label.kind == .data && $0.label.index == 2
    }
    let judgement = Judgement(scenario)
    #expect(judgement.run.frame(1, .clientToServer, .init(.data, 2, copy: 1)) != nil)
    #expect(judgement.falsehoods(above: 0.9) == [])
  }

  @Test func `a copy that is missing among others that arrived is not lost because the sender repeats it`() {
    var scenario = Scenario(points: 3)
    var conversation = TCPConversation(script: [.client(500), .server(700), .client(250), .server(390)])
    conversation.close = .reset
    scenario.add(conversation)
    // The server does not hear that the client is gone, and sends what it has again and again.
    scenario.on(segment: 1, .clientToServer, .init(.rst, 0), .drop)
    for copy in 1..<4 {
      var once = scenario
      once.capture(at: 0, .miss) { $0.direction == .serverToClient && $0.label.kind == .data && $0.label.copy == copy }
      let judgement = Judgement(once)
      #expect(judgement.run.truth.packets.values.contains { $0.label.copy > copy })
      #expect(judgement.falsehoods(above: 0.9) == [], "copy \(copy)")
    }
  }

  @Test func `a loss is no miss of the capture that missed its repeat`() {
    var scenario = Scenario.usual(points: 4)
    scenario.on(segment: 1, .clientToServer, .init(.data, 0), .drop, conversation: 0)
    scenario.capture(at: 2, .miss) { $0.conversation == 0 && $0.label == .init(.data, 0, copy: 1) }
    let judgement = Judgement(scenario)
    #expect(judgement.ledger(1, .clientToServer).lost == 1)
    #expect(judgement.ledger(1, .clientToServer).notCaptured == 1)
    #expect(judgement.falsehoods + judgement.omissions + judgement.wrongLedgers == [])
  }

  @Test func `the last packets of a capture that a later one lacks are outside its coverage`() {
    var scenario = Scenario(points: 3)
    scenario.add(TCPConversation(script: [.client(200), .server(1000)]))
    scenario.points[2].endsAfterNS = 12_000_000
    let judgement = Judgement(scenario)
    #expect(judgement.falsehoods + judgement.wrongLedgers == [])
    #expect(judgement.ledger(1, .clientToServer).outsideCoverage > 0)
    #expect(judgement.ledger(1, .clientToServer).lost == 0)
  }

  @Test(arguments: 0..<3)
  func `packets before a capture began are outside its coverage`(_ point: Int) {
    var scenario = Scenario.usual()
    scenario.points[point].startsAfterNS = 1_009_000_000
    let judgement = Judgement(scenario)
    #expect(judgement.falsehoods + judgement.wrongLedgers == [])
    #expect(judgement.events(.drop).isEmpty)
  }

  @Test(arguments: 0..<8 as Range<UInt64>)
  func `packets under way as a capture begins or ends were not missed, however long they took`(_ seed: UInt64) {
    for point in 0..<2 {
      var scenario = Scenario(points: 2)
      scenario.seed = seed
      let script: [TCPConversation.Turn] = (0..<20).flatMap { _ in [.client(6000), .server(6000)] }
      scenario.add(TCPConversation(script: script))
      scenario.segments[0].jitterNS = 4_000_000
      scenario.points[point].startsAfterNS = 60_000_000
      scenario.points[point].endsAfterNS = 160_000_000
      let judgement = Judgement(scenario)
      #expect(judgement.run.truth.drops.isEmpty && judgement.events(.drop).isEmpty)
      #expect(judgement.events(.notCaptured).isEmpty, "point \(point)")
      #expect(judgement.wrongLedgers == [])
    }
  }

  @Test(arguments: [0, 1, 2], [Headers.full, .neither])
  func `packets that pass while a capture pauses are outside its coverage`(_ point: Int, _ headers: Headers) {
    var scenario = Scenario.usual(headers, script: (0..<30).flatMap { _ in [.client(400), .server(900)] })
    scenario.points[point].pausesNS = 1_030_000_000...1_090_000_000
    let judgement = Judgement(scenario)
    #expect(judgement.falsehoods + judgement.wrongLedgers == [])
    #expect(judgement.events(.drop).isEmpty)
    #expect(judgement.tally.pauses[point].count == 1)
    #expect(judgement.tally.missed[point, default: 0] <= 2)
    let into = point == 2 ? judgement.ledger(1, .clientToServer) : judgement.ledger(point, .serverToClient)
    #expect(into.outsideCoverage > 5)
  }

  @Test func `a silence in which nothing passed is no pause`() {
    var scenario = Scenario.usual()
    scenario.capture(at: 1, .miss) { $0.conversation == 0 && $0.label == .init(.data, 1) }
    let judgement = Judgement(scenario)
    #expect(judgement.tally.pauses == [])
    #expect(judgement.tally.missed == [1: 2])
  }

  @Test func `a SYN that was answered before its repeat came was missed, though the answer is lost`()
    throws
  {
    var scenario = Scenario.usual(points: 2)
    scenario.capture(at: 1, .miss) { $0.conversation == 0 && $0.label == .init(.syn, 0) }
    scenario.on(segment: 0, .serverToClient, .init(.synAck, 0), .drop, conversation: 0)
    let judgement = Judgement(scenario)
    #expect(judgement.falsehoods == [])
    let event = try #require(judgement.events(.notCaptured).first)
    #expect(event.point == 1 && event.between == PointPair(0, 1))
  }
}
