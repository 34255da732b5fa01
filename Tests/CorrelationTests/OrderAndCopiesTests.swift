import Correlation
import Scenarios
import Testing
import Verdicts

@Suite struct OrderAndCopiesTests {
  static let ways: [(Int, Direction)] = [0, 1].flatMap { segment in Direction.allCases.map { (segment, $0) } }

  @Test(arguments: ways, Headers.allCases)
  func `a packet held back is reordered and nothing is lost`(
    _ place: (segment: Int, way: Direction), _ headers: Headers
  ) {
    var scenario = Scenario.usual(headers)
    // Two packets of the burst, 12 µs apart, pass it.
    scenario.on(segment: place.segment, place.way, .init(.data, 0), .delay(400_000), conversation: 0)
    let judgement = Judgement(scenario)
    #expect(judgement.run.truth.reordered(place.segment, place.way).count == 1)
    #expect(judgement.falsehoods + judgement.omissions + judgement.wrongLedgers == [])
    #expect(judgement.events(.drop).isEmpty)
    #expect(judgement.ledger(place.segment, place.way).reordered == 1)
  }

  @Test(arguments: [0, 1])
  func `copies that cannot be told apart arrive in the order in which they were sent`(_ segment: Int) {
    var scenario = Scenario.usual(.noTimestamps, script: [.client(100), .server(100)])
    scenario.transform(segment: segment) { $0.ipID = $0.ipID &* 40_503 &+ 12_345 }
    // The sender repeats after 300 ms; both copies then arrive one after the other.
    scenario.on(segment: segment, .clientToServer, .init(.data, 0), .delay(400_000_000), conversation: 0)
    scenario.on(
      segment: segment, .clientToServer, .init(.data, 0, copy: 1), .delay(100_500_000), conversation: 0)
    let judgement = Judgement(scenario)
    #expect(judgement.run.truth.packets.values.contains { $0.label == .init(.data, 0, copy: 1) })
    #expect(judgement.run.truth.reordered(segment, .clientToServer).isEmpty)
    #expect(judgement.events(.reorder).isEmpty)
    #expect(judgement.falsehoods + judgement.wrongLedgers == [])
  }

  @Test(arguments: 1...12)
  func `copies that were made before show no order on the next segment`(_ seed: Int) {
    var scenario = Scenario.usual(points: 3, script: [.client(600), .server(1200)])
    scenario.seed = UInt64(seed)
    for segment in scenario.segments.indices { scenario.segments[segment].jitterNS = 500_000 }
    for (segment, gap) in [(1, 60_000), (1, 90_000), (0, 50_000)] as [(Int, Int64)] {
      scenario.on(segment: segment, .serverToClient, .init(.data, 5), .duplicate(afterNS: gap), conversation: 0)
    }
    #expect(Judgement(scenario).falsehoods(above: 0.9) == [])
  }

  @Test func `the extent is the number of later packets that came first`() {
    var scenario = Scenario.usual(script: [.client(100), .server(1600)])
    scenario.on(segment: 0, .serverToClient, .init(.data, 2), .delay(900_000), conversation: 0)
    let judgement = Judgement(scenario)
    #expect(judgement.events(.reorder).map(\.count) == [5])
  }

  @Test func `neighbours that change places within microseconds are not said to be reordered`() {
    var scenario = Scenario.usual()
    for segment in scenario.segments.indices { scenario.segments[segment].jitterNS = 0 }
    scenario.on(segment: 0, .serverToClient, .init(.data, 2), .delay(14_000), conversation: 0)
    let judgement = Judgement(scenario)
    #expect(judgement.run.truth.reordered(0, .serverToClient).count == 1)
    #expect(judgement.events(.reorder).isEmpty)
    #expect(judgement.tally.closeOrder == [PointPair(0, 1): 1])
  }

  @Test(arguments: [(late: 1, saidOfPath: false), (3, false), (6, true), (12, true)])
  func `a few packets that are overtaken by tens of microseconds are no reordering, several are`(
    _ late: Int, _ saidOfPath: Bool
  ) {
    var scenario = Scenario.usual(script: [.client(100), .server(40_000)])
    for segment in scenario.segments.indices { scenario.segments[segment].jitterNS = 0 }
    for number in 0..<late {
      scenario.on(segment: 0, .serverToClient, .init(.data, 1 + 2 * number), .delay(50_000), conversation: 0)
    }
    let judgement = Judgement(scenario)
    // The last one of a burst is overtaken by nothing.
    let overtaken = judgement.run.truth.reordered(0, .serverToClient).count
    #expect(saidOfPath ? overtaken >= 4 : overtaken > 0)
    #expect(judgement.events(.reorder).count == (saidOfPath ? overtaken : 0))
    #expect(judgement.tally.closeOrder == (saidOfPath ? [:] : [PointPair(0, 1): overtaken]))
    #expect(judgement.tally.segments[PointPair(0, 1)]?.serverToClient.reordered == (saidOfPath ? overtaken : 0))
  }

  @Test func `packets that are surely overtaken speak for those that are perhaps, and not for the other way`() {
    var scenario = Scenario.usual(script: [.client(40_000), .server(40_000)])
    for segment in scenario.segments.indices { scenario.segments[segment].jitterNS = 0 }
    for number in [1, 3, 5] {
      scenario.on(segment: 0, .serverToClient, .init(.data, number), .delay(50_000), conversation: 0)
      scenario.on(segment: 0, .serverToClient, .init(.data, 8 + number), .delay(400_000), conversation: 0)
      scenario.on(segment: 0, .clientToServer, .init(.data, number), .delay(50_000), conversation: 0)
    }
    let judgement = Judgement(scenario)
    let overtaken = Direction.allCases.map { judgement.run.truth.reordered(0, $0).count }
    #expect(overtaken[0] > 0 && overtaken[1] > 3)
    #expect(judgement.events(.reorder).count == overtaken[1])
    #expect(judgement.tally.closeOrder == [PointPair(0, 1): overtaken[0]])
  }

  @Test(arguments: Headers.allCases)
  func `a retransmission is neither reordering nor a duplicate`(_ headers: Headers) {
    for segment in [0, 1] {
      var scenario = Scenario.usual(headers)
      scenario.segments[segment].towardsClientNS = 60_000_000
      scenario.on(segment: segment, .serverToClient, .init(.data, 3), .drop, conversation: 0)
      let judgement = Judgement(scenario)
      #expect(judgement.falsehoods + judgement.omissions == [])
      #expect(judgement.events(.reorder).isEmpty && judgement.events(.duplicate).isEmpty)
    }
  }

  @Test(arguments: ways, [Headers.full, .noTimestamps])
  func `a copy made by the network is a duplicate on its segment`(
    _ place: (segment: Int, way: Direction), _ headers: Headers
  ) {
    var scenario = Scenario.usual(headers)
    scenario.on(segment: place.segment, place.way, .init(.data, 1), .duplicate(afterNS: 300_000), conversation: 0)
    let judgement = Judgement(scenario)
    #expect(judgement.falsehoods + judgement.wrongLedgers == [])
    #expect(judgement.events(.duplicate).map(\.between) == [PointPair(place.segment, place.segment + 1)])
    #expect(judgement.events(.drop).isEmpty && judgement.events(.inject).isEmpty)
    #expect(judgement.ledger(place.segment, place.way).duplicated == 1)
  }

  @Test(arguments: [0, 1, 2], Headers.allCases)
  func `a mirror port that doubles every packet makes no duplicates`(_ point: Int, _ headers: Headers) {
    var scenario = Scenario.usual(headers)
    scenario.points[point].mirrorsAfterNS = 4000
    let judgement = Judgement(scenario)
    #expect(judgement.falsehoods + judgement.wrongLedgers == [])
    #expect(judgement.tally.events.isEmpty)
  }

  @Test func `a copy that only the middle capture has is the capture's`() {
    var scenario = Scenario.usual()
    scenario.capture(at: 1, .double(afterNS: 30_000)) {
      $0.conversation == 0 && $0.direction == .serverToClient && $0.label == .init(.data, 2)
    }
    let judgement = Judgement(scenario)
    #expect(judgement.tally.events.isEmpty)
    #expect(judgement.tally.captureCopies == [1: 1])
    #expect(judgement.wrongLedgers == [])
  }

  @Test func `a pure ACK without IP ID that the network doubles was not missed upstream`() {
    var scenario = Scenario.usual(.noIPID)
    scenario.on(segment: 0, .clientToServer, .init(.ack, 2), .duplicate(afterNS: 200_000), conversation: 0)
    let judgement = Judgement(scenario)
    #expect(judgement.wrongLedgers == [])
    #expect(judgement.falsehoods == [])
    #expect(judgement.events(.duplicate).count == 1)
  }

  @Test func `a repeat that the capture upstream missed does not make the lost first copy late`() {
    var scenario = Scenario(points: 2)
    var conversation = TCPConversation(script: [.client(600), .server(1600)])
    conversation.usesTimestamps = false
    scenario.add(conversation)
    scenario.on(segment: 0, .serverToClient, .init(.data, 3), .drop)
    scenario.capture(at: 1, .miss, .serverToClient, .init(.data, 3, copy: 1))
    let judgement = Judgement(scenario)
    #expect(judgement.falsehoods == [])
  }

  @Test func `a copy made further on is not taken for an acknowledgement that was lost before`() {
    var scenario = Scenario(points: 4)
    for (number, script) in [[.client(349), .server(1435)], [.client(1300), .server(1300)]]
      .enumerated() as EnumeratedSequence<[[TCPConversation.Turn]]>
    {
      var conversation = TCPConversation(script: script)
      conversation.number = number
      conversation.startsAfterNS = Int64(number) * 1_000_000_000
      conversation.clientISN = 77_000_000 * UInt32(number + 1)
      conversation.segmentSize = 177
      conversation.window = 12
      scenario.add(conversation)
    }
    scenario.on(segment: 0, .serverToClient, .init(.data, 4), .drop, conversation: 0)
    scenario.on(segment: 1, .clientToServer, .init(.ack, 6), .drop, conversation: 0)
    scenario.on(segment: 2, .clientToServer, .init(.ack, 4), .duplicate(afterNS: 400_000), conversation: 0)
    let judgement = Judgement(scenario)
    #expect(judgement.events(.duplicate).count == 1)
    #expect(judgement.falsehoods == [])
  }

  @Test func `where a copy was made is not sure if the capture before lacks both`() throws {
    var scenario = Scenario.usual(points: 4)
    scenario.on(segment: 0, .clientToServer, .init(.data, 0), .duplicate(afterNS: 300_000), conversation: 0)
    scenario.capture(at: 1, .miss, .clientToServer, .init(.data, 0))
    let judgement = Judgement(scenario)
    let event = try #require(judgement.events(.duplicate).first)
    #expect(event.confidence <= 0.5)
    #expect(judgement.falsehoods(above: 0.9) == [])
  }
}
