import Flows
import Matching
import Packets
import TestSupport
import Testing

@Suite struct DatagramMatchingTests {
  private static let second: Int64 = 1_000_000_000

  /// Flows of a query and an answer each.
  private static func send(
    _ count: Int, into traffic: inout PathTraffic, _ identification: ConversationScript.Identification,
    sameAddresses: Bool = false, payload: (inout SplitMix64) -> [UInt8]
  ) {
    let points = traffic.path.points.count
    for number in 0..<count {
      var script = ConversationScript(seed: UInt64(number) + 1, startNS: second + Int64(number) * 1_000_000)
      script.identification = identification
      script.datagram(fromClient: true, payload(&script.random))
      script.datagram(fromClient: false, payload(&script.random))
      let leg = translated(number, points: 1).legs[0]
      var conversation =
        sameAddresses ? Conversation(leg.client, leg.server, points: points) : translated(number, points: points)
      conversation.transmissions = script.transmissions
      traffic.send(conversation)
    }
  }

  @Test(arguments: ConversationScript.Identification.allCases)
  func `UDP flows are followed through translation by their payload`(
    _ identification: ConversationScript.Identification
  ) {
    var traffic = PathTraffic(points: 4)
    Self.send(60, into: &traffic, identification) { $0.bytes(40) }
    let matched = traffic.matched()
    #expect(Set(matched.legs) == Set(traffic.conversations.map(\.expected)))
    #expect(matched.groups.allSatisfy { $0.evidence.contains(.payload) && $0.confidence > 0.99 })
  }

  @Test(arguments: [2, 5, 40])
  func `UDP flows with equal payloads are told apart by IP ID`(_ flows: Int) {
    var traffic = PathTraffic(points: 3)
    Self.send(flows, into: &traffic, .random) { _ in Array(repeating: 7, count: 40) }
    let matched = traffic.matched()
    #expect(Set(matched.legs) == Set(traffic.conversations.map(\.expected)))
    #expect(matched.groups.allSatisfy { $0.evidence.contains(.ipID) })
  }

  @Test(arguments: [2, 4, 5, 40])
  func `UDP flows that nothing tells apart are not matched as if they were sure`(_ flows: Int) {
    var traffic = PathTraffic(points: 2)
    Self.send(flows, into: &traffic, .zero) { _ in Array(repeating: 7, count: 40) }
    for group in traffic.matched().groups where group.presentPoints.count > 1 {
      #expect(!group.ambiguousWith.isEmpty)
      #expect(group.confidence <= 0.5)
    }
  }

  /// Client and server of what no router passes on.
  private static let homebound = [
    (IPAddress(v4: 0x7F00_0001), IPAddress(v4: 0x7F00_0001)),
    (IPAddress(high: 0, low: 1), IPAddress(high: 0, low: 1)),
    (IPAddress(v4: 0x0A01_0001), IPAddress(v4: 0xE000_00FB)),
    (IPAddress(high: 0xFE80 << 48, low: 5), IPAddress(high: 0xFF02 << 48, low: 0x16)),
  ]

  @Test(arguments: homebound)
  func `what stays on a host or a link is not one flow at two points, however alike it is`(
    client: IPAddress, server: IPAddress
  ) {
    func groups(_ client: IPAddress, _ server: IPAddress) -> [ConnectionGroup] {
      var traffic = PathTraffic(points: 2)
      var script = ConversationScript(seed: 1, startNS: Self.second)
      script.datagram(fromClient: true, script.random.bytes(40))
      script.datagram(fromClient: false, script.random.bytes(40))
      var conversation = Conversation(
        Endpoint(address: client, port: 8125), Endpoint(address: server, port: 8126), points: 2)
      conversation.transmissions = script.transmissions
      traffic.send(conversation)
      return traffic.matched().groups
    }
    #expect(groups(client, server).map { Array($0.presentPoints) } == [[0], [1]])
    let routed = IPAddress(v4: 0x0A01_0001)
    #expect(groups(routed, IPAddress(v4: 0x0A01_0002)).map { Array($0.presentPoints) } == [[0, 1]])
  }

  @Test func `flows without any other feature are matched by their addresses where these stay the same`() {
    var traffic = PathTraffic(points: 3)
    Self.send(20, into: &traffic, .zero, sameAddresses: true) { _ in [1, 2, 3] }
    let matched = traffic.matched()
    #expect(Set(matched.legs) == Set(traffic.conversations.map(\.expected)))
    #expect(matched.groups.allSatisfy { $0.evidence == .addresses })
  }

  @Test func `echo sessions are followed through translated identifiers`() {
    var traffic = PathTraffic(points: 3)
    for number in 0..<10 {
      var script = ConversationScript(seed: UInt64(number) + 1, startNS: Self.second)
      for sequence in 1...5 { script.ping(UInt16(sequence), payload: script.random.bytes(56)) }
      var conversation = translated(number, points: 3)
      for point in 0..<3 { conversation.legs[point].server.port = conversation.legs[point].client.port }
      conversation.transmissions = script.transmissions
      traffic.send(conversation)
    }
    #expect(Set(traffic.matched().legs) == Set(traffic.conversations.map(\.expected)))
  }
}
