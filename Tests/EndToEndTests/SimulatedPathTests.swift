import Packets
import TestSupport
import Testing
import Verdicts

/// Whole analyses of paths that no recording has: what was done to the packets is written in the test.
@Suite struct SimulatedPathTests {
  @Test(arguments: ConversationScript.Identification.allCases, [true, false])
  func `a path that does nothing but translate is without fault`(
    _ identification: ConversationScript.Identification, _ timestamps: Bool
  ) {
    var path = FourPoints.path()
    for number in 0..<25 {
      var script = ConversationScript(
        seed: UInt64(number) + 1, startNS: 10 * FourPoints.hour + Int64(number) * 50_000_000)
      script.identification = identification
      script.timestamps = timestamps
      script.open()
      for _ in 0..<4 { script.request(200, response: 6000) }
      script.close()
      var conversation = Conversation(legs: FourPoints.legs(number), clientIsFar: number % 5 == 4)
      conversation.transmissions = script.transmissions
      path.send(conversation)
    }
    let (report, said) = FourPoints.analysed(path)
    #expect(said.path == FourPoints.names)
    #expect(said.findings(.fault) == [])
    #expect(said.ledgersThatDoNotAddUp == [])
    #expect(report.events.isEmpty)
    #expect(report.connections.count == 25)
    #expect(report.segments.allSatisfy { $0.clientToServer.offered == $0.clientToServer.delivered })
  }

  @Test(arguments: ConversationScript.Identification.allCases, [true, false])
  func `segments that are lost and repeated are counted where they were lost`(
    _ identification: ConversationScript.Identification, _ timestamps: Bool
  ) {
    var path = FourPoints.path()
    var lost: [String: Int] = [:]
    let segments = ["client edge", "edge core", "core server"]
    for number in 0..<24 {
      var script = ConversationScript(
        seed: UInt64(number) + 1, startNS: 10 * FourPoints.hour + Int64(number) * 50_000_000)
      script.identification = identification
      script.timestamps = timestamps
      script.open()
      script.request(200, response: 3000)
      let fromClient = number.isMultiple(of: 2)
      let place = number % 3
      script.segment(
        fromClient: fromClient, [.psh, .ack], payload: script.random.bytes(300), after: 300_000_000,
        lostAfter: fromClient ? place : place + 1)
      lost["\(segments[place]) \(fromClient ? "c2s" : "s2c")", default: 0] += 1
      script.retransmit()
      script.segment(fromClient: !fromClient, .ack)
      script.request(200, response: 3000)
      script.close()
      var conversation = Conversation(legs: FourPoints.legs(number))
      conversation.transmissions = script.transmissions
      path.send(conversation)
    }
    let (report, said) = FourPoints.analysed(path)
    #expect(said.lost == lost)
    #expect(said.findings(.fault) == Set(segments.map { "loss \($0)" }))
    #expect(said.ledgersThatDoNotAddUp == [])
    #expect(report.events.count { $0.kind != .drop } == 0)
  }

  @Test func `packets that a capture missed are not lost`() {
    var path = FourPoints.path()
    for number in 0..<20 {
      var script = ConversationScript(
        seed: UInt64(number) + 1, startNS: 10 * FourPoints.hour + Int64(number) * 50_000_000)
      script.open()
      for _ in 0..<4 { script.request(200, response: 6000) }
      script.close()
      var conversation = Conversation(legs: FourPoints.legs(number))
      conversation.transmissions = script.transmissions
      for index in stride(from: 4, to: conversation.transmissions.count, by: 6) {
        conversation.transmissions[index].missedAt = [2]
      }
      path.send(conversation)
    }
    let (report, said) = FourPoints.analysed(path)
    #expect(said.lost == [:])
    #expect(said.findings(.fault) == [])
    #expect(report.points[2].capture.notCaptured > 50)
    #expect(said.ledgersThatDoNotAddUp == [])
  }

  @Test(arguments: 0..<4, [true, false])
  func `a capture of one direction is no fault`(_ blind: Int, _ forward: Bool) {
    var path = FourPoints.path()
    if forward { path.points[blind].seesBackward = false } else { path.points[blind].seesForward = false }
    for number in 0..<12 {
      var script = ConversationScript(
        seed: UInt64(number) + 1, startNS: 10 * FourPoints.hour + Int64(number) * 50_000_000)
      script.open()
      for _ in 0..<3 { script.request(200, response: 3000) }
      script.close()
      var conversation = Conversation(legs: FourPoints.legs(number))
      conversation.transmissions = script.transmissions
      path.send(conversation)
    }
    let (report, said) = FourPoints.analysed(path)
    #expect(said.path == FourPoints.names)
    #expect(said.findings(.fault) == [])
    #expect(report.points[blind].capture.oneWay == (forward ? .clientToServer : .serverToClient))
    #expect(said.ledgersThatDoNotAddUp == [])
  }

  @Test(arguments: [true, false])
  func `UDP clients that get the same port from PAT in turn lose nothing`(_ moreTraffic: Bool) {
    var path = FourPoints.path()
    for number in 0..<(moreTraffic ? 20 : 2) {
      var script = ConversationScript(
        seed: UInt64(number) + 1, startNS: 10 * FourPoints.hour + Int64(number) * 5 * FourPoints.second)
      for _ in 0..<3 {
        script.datagram(fromClient: true, script.random.bytes(40))
        script.datagram(fromClient: false, script.random.bytes(90))
      }
      var conversation = Conversation(legs: FourPoints.legs(number, externalPort: number < 2 ? 4000 : nil))
      conversation.transmissions = script.transmissions
      path.send(conversation)
    }
    let (_, said) = FourPoints.analysed(path)
    #expect(said.findings(.fault) == [])
    #expect(said.lost == [:])
  }

  @Test func `UDP flows that nothing tells apart lose nothing`() {
    var path = FourPoints.path()
    for number in 0..<10 {
      var script = ConversationScript(
        seed: UInt64(number) + 1, startNS: 10 * FourPoints.hour + Int64(number) * 5_000_000)
      script.identification = .zero
      for _ in 0..<3 { script.datagram(fromClient: true, Array(repeating: 5, count: 40)) }
      var conversation = Conversation(legs: FourPoints.legs(number))
      conversation.transmissions = script.transmissions
      path.send(conversation)
    }
    let (_, said) = FourPoints.analysed(path)
    #expect(said.findings(.fault) == [])
    #expect(said.lost == [:])
  }

  @Test func `captures that have nothing to do with one another accuse nobody`() {
    var path = FourPoints.path()
    for number in 0..<80 {
      var script = ConversationScript(
        seed: UInt64(number) + 1, startNS: 10 * FourPoints.hour + Int64(number) * 5_000_000)
      script.open()
      for _ in 0..<20 { script.request(200, response: 1000) }
      var conversation = Conversation(legs: FourPoints.legs(number))
      conversation.transmissions = script.transmissions
      for index in conversation.transmissions.indices {
        conversation.transmissions[index].missedAt = Set([0, 1, 2, 3].filter { $0 != number % 4 })
      }
      path.send(conversation)
    }
    let (_, said) = FourPoints.analysed(path)
    #expect(said.findings(.fault) == [])
  }

  @Test func `the same five numbers used again at once are other connections`() {
    var path = FourPoints.path()
    for number in 0..<15 {
      var script = ConversationScript(
        seed: UInt64(number) + 1, startNS: 10 * FourPoints.hour + Int64(number) * FourPoints.second)
      script.open()
      script.request(200, response: 3000)
      script.close()
      var conversation = Conversation(legs: FourPoints.legs(1))
      conversation.transmissions = script.transmissions
      path.send(conversation)
    }
    let (report, said) = FourPoints.analysed(path)
    #expect(report.connections.count == 15)
    #expect(said.findings(.fault) == [])
    #expect(report.events.isEmpty)
  }
}
