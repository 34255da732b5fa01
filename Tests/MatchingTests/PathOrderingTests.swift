import Flows
import Matching
import Packets
import TestSupport
import Testing

@Suite struct PathOrderingTests {
  private static let second: Int64 = 1_000_000_000
  private static let hour = 3600 * second

  /// A path whose clocks are up to hours apart, with TCP through translation at every point.
  private static func path(points: Int, seed: UInt64 = 1, conversations: Int = 8, reversed: Int = 0) -> PathTraffic {
    var random = SplitMix64(seed: seed)
    let clocks = (0..<points).map { _ in Int64.random(in: -5 * hour...5 * hour, using: &random) }
    var traffic = PathTraffic(clocksNS: clocks)
    for point in 0..<points {
      traffic.path.points[point].delayNS = Int64.random(in: 20_000...900_000, using: &random)
      traffic.path.points[point].returnDelayNS = Int64.random(in: 20_000...900_000, using: &random)
      traffic.path.points[point].routers = point % 2
    }
    for number in 0..<(conversations + reversed) {
      var script = ConversationScript(seed: UInt64(number) + 1, startNS: 20 * hour + Int64(number) * 30_000_000)
      script.open()
      script.request(100, response: 2000)
      script.close()
      var conversation = translated(number, points: points)
      conversation.clientIsFar = number >= conversations
      conversation.transmissions = script.transmissions
      traffic.send(conversation)
    }
    return traffic
  }

  @Test func `points are ordered by connections of which each lacks another one of them`() {
    var traffic = Self.path(points: 5, conversations: 20)
    for number in traffic.conversations.indices {
      traffic.conversations[number].transmissions.indices.forEach {
        traffic.conversations[number].transmissions[$0].missedAt = [number % 5]
      }
    }
    var gappy = PathTraffic(points: 5)
    gappy.path.points = traffic.path.points
    for conversation in traffic.conversations { gappy.send(conversation) }
    #expect(gappy.ordered([3, 1, 4, 0, 2]).names == Self.names(5))
  }

  private static func names(_ points: Int) -> [String] { (0..<points).map { "p\($0)" } }

  @Test(arguments: 2...8)
  func `points are ordered by round trips, though their clocks are hours apart`(_ points: Int) {
    let matched = Self.path(points: points).ordered()
    #expect(matched.names == Self.names(points))
    #expect(matched.orderConfidence > 0.9)
    #expect(matched.orderEvidence == ["round trips"])
    #expect(!matched.orderGiven)
  }

  @Test(arguments: 1...6 as ClosedRange<UInt64>)
  func `the order of the inputs does not matter`(_ seed: UInt64) {
    let traffic = Self.path(points: 6, seed: seed, reversed: 2)
    var random = SplitMix64(seed: seed)
    let straight = traffic.ordered()
    let permutation = Array(0..<6).shuffled(using: &random)
    let shuffled = traffic.ordered(permutation)
    #expect(shuffled.names == Self.names(6))
    #expect(Set(shuffled.legs) == Set(straight.legs))
    #expect(shuffled.orderConfidence == straight.orderConfidence)
    #expect(shuffled.orderEvidence == straight.orderEvidence)
    #expect(shuffled.inputIndex.map { permutation[$0] } == Array(0..<6))
  }

  @Test func `an order that was given is kept`() {
    let matched = MatchedTraffic(
      inputs: Self.path(points: 3).traffic(), names: ["a", "b", "c"], givenOrder: [2, 0, 1])
    #expect(matched.names == ["c", "a", "b"])
    #expect(matched.orderGiven && matched.orderConfidence == 0, "round trips contradict it")
    #expect(matched.inputIndex == [2, 0, 1])
  }

  @Test(
    arguments: [
      ([0, 1, 2, 3], []), ([3, 2, 1, 0], []), ([0, 2, 1, 3], [1]), ([1, 0, 3, 2], [0, 2]), ([3, 1, 2, 0], [1]),
    ] as [([Int], [Int])]
  )
  func `an order that was given is doubted where round trips contradict a part of it`(_ order: [Int], _ doubted: [Int])
  {
    let traffic = Self.path(points: 4)
    let matched = MatchedTraffic(inputs: traffic.traffic(), names: Self.names(4), givenOrder: order)
    #expect(matched.orderDoubts.map(\.near) == doubted)
    #expect(matched.orderConfidence == (doubted.isEmpty ? 1 : 0))
    #expect(matched.orderDoubts.allSatisfy { $0.far == $0.near + 1 && $0.connections == $0.voting && $0.voting > 2 })
  }

  @Test func `connections that servers opened do not turn the path, and are known to run against it`() {
    let traffic = Self.path(points: 4, conversations: 9, reversed: 3)
    let matched = traffic.ordered()
    #expect(matched.names == Self.names(4))
    let backwards = Set(matched.groups.indices.filter { matched.groups[$0].reversed }.map { matched.legs[$0] })
    #expect(backwards == Set(traffic.conversations.suffix(3).map(\.expected)))
  }

  @Test(arguments: 0..<4, [true, false])
  func `a point that sees one direction only is put in its place by TTL`(_ blind: Int, _ forward: Bool) {
    var traffic = PathTraffic(clocksNS: [0, 2 * Self.hour, -Self.hour, 3 * Self.hour])
    for point in 0..<4 { traffic.path.points[point].routers = 1 }
    if forward {
      traffic.path.points[blind].seesBackward = false
    } else {
      traffic.path.points[blind].seesForward = false
    }
    for number in 0..<6 {
      var script = ConversationScript(seed: UInt64(number) + 1, startNS: 20 * Self.hour)
      script.open()
      script.request(100, response: 2000)
      var conversation = translated(number, points: 4)
      conversation.transmissions = script.transmissions
      traffic.send(conversation)
    }
    for permutation in [[0, 1, 2, 3], [3, 1, 0, 2]] {
      #expect(traffic.ordered(permutation).names == Self.names(4))
    }
  }

  /// One-way datagrams through points with clocks hours apart.
  private static func oneWay(points: Int, routers: Int) -> PathTraffic {
    var traffic = PathTraffic(clocksNS: (0..<points).map { Int64($0 * 7 % 5) * hour })
    for point in 0..<points { traffic.path.points[point].routers = routers }
    for number in 0..<5 {
      var script = ConversationScript(seed: UInt64(number) + 1, startNS: 20 * hour)
      for _ in 0..<4 { script.datagram(fromClient: true, script.random.bytes(50)) }
      var conversation = translated(number, points: points)
      conversation.transmissions = script.transmissions
      traffic.send(conversation)
    }
    return traffic
  }

  @Test func `points that see one-way datagrams only are ordered by TTL`() {
    for permutation in [[0, 1, 2, 3, 4], [4, 2, 0, 3, 1]] {
      let matched = Self.oneWay(points: 5, routers: 1).ordered(permutation)
      #expect(matched.names == Self.names(5))
      #expect(matched.orderEvidence == ["TTL"])
      #expect(matched.orderConfidence > 0.8)
    }
  }

  @Test func `an order that nothing tells is not said to be sure`() {
    let matched = Self.oneWay(points: 3, routers: 0).ordered()
    #expect(matched.orderConfidence <= 0.6)
    #expect(matched.orderEvidence.contains { $0.hasPrefix("unsure: ") })
  }

  @Test func `points with nothing in common have no sure order`() {
    var traffic = PathTraffic(points: 2)
    for number in 0..<6 {
      var script = ConversationScript(seed: UInt64(number) + 1, startNS: Self.second)
      script.open()
      script.request(100, response: 500)
      var conversation = translated(number, points: 2)
      conversation.transmissions = script.transmissions
      for index in conversation.transmissions.indices {
        conversation.transmissions[index].missedAt = [number % 2]
      }
      traffic.send(conversation)
    }
    let matched = traffic.ordered()
    #expect(matched.orderConfidence <= 0.5)
    #expect(matched.orderEvidence.contains("the place of p0 is not known"))
  }

  @Test(arguments: [[0, 1, 2], [2, 0, 1], [1, 2, 0]])
  func `a point that only its name places does not come between others`(_ permutation: [Int]) {
    var traffic = PathTraffic(points: 3)
    for number in 0..<6 {
      var script = ConversationScript(seed: UInt64(number) + 1, startNS: Self.second)
      script.open()
      script.request(100, response: 500)
      var conversation = translated(number, points: 3)
      conversation.transmissions = script.transmissions
      for index in conversation.transmissions.indices {
        conversation.transmissions[index].missedAt = number == 0 ? [1, 2] : [0]
      }
      traffic.send(conversation)
    }
    #expect(traffic.ordered(permutation).names == Self.names(3))
  }

  @Test func `a lost SYN does not turn the order`() {
    var traffic = PathTraffic(clocksNS: [0, Self.hour, -Self.hour])
    for number in 0..<4 {
      var script = ConversationScript(seed: UInt64(number) + 1, startNS: 20 * Self.hour)
      script.open()
      script.request(100, response: 500)
      var conversation = translated(number, points: 3)
      conversation.transmissions = script.transmissions
      // The first copy, a second earlier.
      var lost = conversation.transmissions[0]
      lost.timeNS -= Self.second
      lost.lostAfter = number % 2
      conversation.transmissions.insert(lost, at: 0)
      traffic.send(conversation)
    }
    #expect(traffic.ordered([2, 0, 1]).names == Self.names(3))
  }

  @Test func `one point alone is in order`() {
    let matched = Self.path(points: 1).ordered()
    #expect(matched.names == ["p0"] && matched.orderConfidence == 1)
  }

  @Test func `no points are no problem`() {
    let matched = MatchedTraffic(inputs: [], names: [])
    #expect(matched.points.isEmpty && matched.groups.isEmpty)
  }
}
