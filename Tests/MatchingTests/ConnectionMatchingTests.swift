import Flows
import Matching
import Packets
import TestSupport
import Testing

@Suite struct ConnectionMatchingTests {
  private static let second: Int64 = 1_000_000_000

  /// A TCP conversation of a few requests, with addresses and ports translated at every point.
  private static func conversation(
    _ number: Int, points: Int, identification: ConversationScript.Identification = .counting,
    timestamps: Bool = true, requests: Int = 3
  ) -> Conversation {
    var script = ConversationScript(seed: UInt64(number) + 1, startNS: second + Int64(number) * 37_000_000)
    script.identification = identification
    script.timestamps = timestamps
    script.open()
    for _ in 0..<requests { script.request(60 + number % 50, response: 900) }
    script.close()
    var conversation = translated(number, points: points)
    conversation.transmissions = script.transmissions
    return conversation
  }

  private func expectAllFollowed(_ traffic: PathTraffic, _ evidence: MatchEvidence = []) {
    let matched = traffic.matched()
    #expect(matched.groups.count == traffic.conversations.count)
    #expect(Set(matched.legs) == Set(traffic.conversations.map(\.expected)))
    #expect(matched.groups.allSatisfy { $0.evidence.isSuperset(of: evidence) })
    #expect(matched.groups.allSatisfy { $0.confidence > 0.99 && $0.ambiguousWith.isEmpty })
  }

  @Test(arguments: ConversationScript.Identification.allCases)
  func `connections are followed through translation at every hop by their initial sequence numbers`(
    _ identification: ConversationScript.Identification
  ) {
    var traffic = PathTraffic(points: 5)
    for number in 0..<60 { traffic.send(Self.conversation(number, points: 5, identification: identification)) }
    expectAllFollowed(traffic, .initialSequence)
  }

  @Test(arguments: ConversationScript.Identification.allCases, [true, false])
  func `a capture that began after the handshake is matched by what follows`(
    _ identification: ConversationScript.Identification, _ timestamps: Bool
  ) {
    var traffic = PathTraffic(points: 3)
    for number in 0..<40 {
      var conversation = Self.conversation(
        number, points: 3, identification: identification, timestamps: timestamps)
      for index in 0..<3 { conversation.transmissions[index].missedAt = [1] }
      traffic.send(conversation)
    }
    expectAllFollowed(traffic, timestamps ? .timestamp : .sequence)
  }

  @Test(arguments: [true, false])
  func `captures that all began in the middle of the connections are matched`(_ timestamps: Bool) {
    var traffic = PathTraffic(points: 3)
    for number in 0..<40 {
      var conversation = Self.conversation(
        number, points: 3, identification: .zero, timestamps: timestamps, requests: 6)
      for index in conversation.transmissions.indices {
        conversation.transmissions[index].missedAt = Set((0..<3).filter { index < 3 + 2 * $0 })
      }
      traffic.send(conversation)
    }
    expectAllFollowed(traffic)
  }

  @Test(
    arguments: [(true, .zero), (true, .counting), (false, .counting), (false, .random)]
      as [(Bool, ConversationScript.Identification)])
  func `connections with translated sequence numbers are matched by what was left alone`(
    _ timestamps: Bool, _ identification: ConversationScript.Identification
  ) {
    var traffic = PathTraffic(points: 3)
    var random = SplitMix64(seed: 9)
    for number in 0..<40 {
      var conversation = Self.conversation(
        number, points: 3, identification: identification, timestamps: timestamps)
      for point in 1..<3 {
        conversation.legs[point].clientShift = random.next32()
        conversation.legs[point].serverShift = random.next32()
      }
      traffic.send(conversation)
    }
    expectAllFollowed(traffic, timestamps ? .timestamp : .payload)
  }

  @Test(arguments: [0, 150])
  func `long connections with translated numbers are matched, also where a capture lacks their beginning`(
    _ lacking: Int
  ) {
    var traffic = PathTraffic(points: 3)
    var random = SplitMix64(seed: 9)
    for number in 0..<20 {
      var conversation = Self.conversation(number, points: 3, requests: 100)
      for point in 1..<3 {
        conversation.legs[point].clientShift = random.next32()
        conversation.legs[point].serverShift = random.next32()
      }
      // The last capture has SYN and SYN/ACK, and then pauses.
      for index in 0..<lacking where index > 1 { conversation.transmissions[index].missedAt = [2] }
      traffic.send(conversation)
    }
    expectAllFollowed(traffic, .timestamp)
  }

  @Test func `connections whose client's numbers alone are translated are matched by the server's and by payload`() {
    var traffic = PathTraffic(points: 3)
    for number in 0..<40 {
      var conversation = Self.conversation(number, points: 3, identification: .zero, timestamps: false)
      for point in 1..<3 { conversation.legs[point].clientShift = UInt32(number + point) &* 0x9E37_79B9 }
      traffic.send(conversation)
    }
    expectAllFollowed(traffic, [.initialSequence, .payload])
  }

  @Test(arguments: [true, false])
  func `identical requests in many connections do not mix them up`(_ handshakeSeen: Bool) {
    var traffic = PathTraffic(points: 3)
    let request = Array("GET /health HTTP/1.1\r\nHost: www.example.com\r\n\r\n".utf8)
    for number in 0..<60 {
      var script = ConversationScript(seed: UInt64(number) + 1, startNS: Self.second + Int64(number) * 3_000_000)
      script.identification = .zero
      script.timestamps = false
      script.open()
      for _ in 0..<3 { script.request(request, response: request) }
      var conversation = translated(number, points: 3)
      conversation.transmissions = script.transmissions
      if !handshakeSeen {
        for index in 0..<3 { conversation.transmissions[index].missedAt = [1, 2] }
      }
      traffic.send(conversation)
    }
    expectAllFollowed(traffic)
  }

  @Test func `the same ports used again and again are as many connections, each with its own twin`() {
    var traffic = PathTraffic(points: 3)
    for number in 0..<25 {
      var script = ConversationScript(seed: UInt64(number) + 1, startNS: Self.second * Int64(number + 1))
      script.open()
      script.request(50, response: 500)
      script.close()
      var conversation = translated(1, points: 3)
      conversation.transmissions = script.transmissions
      traffic.send(conversation)
    }
    let matched = traffic.matched()
    #expect(matched.groups.count == 25)
    for group in matched.groups {
      let starts = (0..<3).map { point in
        matched.points[point].connections[Int(group.members[point])].clientSide.initialSequence
      }
      #expect(Set(starts).count == 1)
    }
  }

  @Test func `two clients with the same port are told apart behind PAT`() {
    var traffic = PathTraffic(points: 2)
    for number in 0..<2 {
      var script = ConversationScript(seed: UInt64(number) + 1, startNS: Self.second)
      script.open()
      script.request(50, response: 500)
      var conversation = Conversation(legs: [
        .init(Endpoint(address: IPAddress(v4: 0x0A01_000A + UInt32(number)), port: 40_000), "198.51.100.80:80"),
        .init(Endpoint(address: "203.0.113.2", port: UInt16(40_000 + number)), "198.51.100.80:80"),
      ])
      conversation.transmissions = script.transmissions
      traffic.send(conversation)
    }
    expectAllFollowed(traffic)
  }

  @Test func `two clients that get the same port from PAT in turn are told apart`() {
    var traffic = PathTraffic(points: 2)
    for number in 0..<2 {
      var script = ConversationScript(seed: UInt64(number) + 1, startNS: Self.second * Int64(1 + 5 * number))
      script.open()
      script.request(50, response: 500)
      script.close()
      var conversation = Conversation(legs: [
        .init(Endpoint(address: IPAddress(v4: 0x0A01_000A + UInt32(number)), port: 40_000), "198.51.100.80:80"),
        .init("203.0.113.2:1024", "198.51.100.80:80"),
      ])
      conversation.transmissions = script.transmissions
      traffic.send(conversation)
    }
    expectAllFollowed(traffic)
  }

  @Test func `a connection that was refused at a point is followed up to it`() {
    var traffic = PathTraffic(points: 3)
    for number in 0..<5 { traffic.send(Self.conversation(number, points: 3)) }
    var refused = translated(77, points: 3)
    var script = ConversationScript(seed: 77, startNS: Self.second)
    for _ in 0..<3 { script.segment(fromClient: true, .syn, lostAfter: 1) }
    refused.transmissions = [script.transmissions[0]]
    traffic.send(refused)
    let matched = traffic.matched()
    #expect(matched.groups.count == 6)
    #expect(matched.legs.contains(Array(refused.expected.prefix(2)) + ["-"]))
  }

  @Test func `traffic of one point alone stays alone`() {
    var traffic = PathTraffic(points: 2)
    for number in 0..<20 { traffic.send(Self.conversation(number, points: 2)) }
    for number in 20..<60 {
      var conversation = Self.conversation(number, points: 2)
      for index in conversation.transmissions.indices {
        conversation.transmissions[index].missedAt = [number.isMultiple(of: 2) ? 0 : 1]
      }
      traffic.send(conversation)
    }
    let matched = traffic.matched()
    #expect(matched.groups.count == 60)
    #expect(matched.groups.count { $0.presentPoints.count == 2 } == 20)
    #expect(Set(matched.legs).isSuperset(of: traffic.conversations.prefix(20).map(\.expected)))
  }

  @Test
  func `long connections that have nothing to do with one another are not matched by IP IDs that agree by chance`() {
    var traffic = PathTraffic(points: 2)
    for number in 0..<160 {
      var conversation = Self.conversation(number, points: 2, requests: 40)
      for index in conversation.transmissions.indices {
        conversation.transmissions[index].missedAt = [number.isMultiple(of: 2) ? 0 : 1]
      }
      traffic.send(conversation)
    }
    let matched = traffic.matched()
    #expect(matched.groups.count { $0.presentPoints.count > 1 } == 0)
  }
}
