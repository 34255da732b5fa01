import Correlation
import Scenarios
import Flows
import Matching
import Packets
import TestSupport
import Testing
import Verdicts

@Suite struct RewriteTests {
  private func fields(_ judgement: Judgement, _ pair: PointPair) -> Set<Field> {
    let translated = judgement.tally.translations.filter { $0.between == pair }.flatMap { translation in
      AddressTranslation.Fields.each.filter { translation.fields.contains(.init($0)) }
    }
    return Set(judgement.tally.rewrites.filter { $0.between == pair }.map(\.field)).union(translated)
  }

  @Test(arguments: [0, 1], Headers.allCases)
  func `a corrupted payload is corruption, and its repeat arrives`(_ segment: Int, _ headers: Headers) {
    var scenario = Scenario.usual(headers)
    scenario.on(
      segment: segment, .serverToClient, .init(.data, 4),
      .edit {
        $0.payload[77] ^= 0x10
        $0.checksum = .wrong
      }, conversation: 0)
    let judgement = Judgement(scenario)
    #expect(judgement.wrongLedgers == [])
    #expect(judgement.falsehoods + judgement.omissions == [])
    #expect(judgement.events(.corrupt).map(\.between) == [PointPair(segment, segment + 1)])
    #expect(judgement.ledger(segment, .serverToClient).corrupted == 1)
    #expect(judgement.events(.drop).isEmpty && judgement.events(.rewrite).isEmpty)
  }

  @Test(arguments: Headers.allCases)
  func `a damaged segment is not lost, however many others passed unharmed`(_ headers: Headers) {
    var scenario = Scenario.usual(headers, script: [.client(600), .server(1_200_000)])
    scenario.on(
      segment: 0, .serverToClient, .init(.data, 500),
      .edit {
        $0.payload[77] ^= 0x10
        $0.checksum = .wrong
      }, conversation: 0)
    let judgement = Judgement(scenario)
    #expect(judgement.wrongLedgers + judgement.falsehoods + judgement.omissions == [])
    #expect(judgement.events(.corrupt).map(\.between) == [PointPair(0, 1)])
    #expect(judgement.events(.drop).isEmpty)
  }

  @Test(arguments: [false, true])
  func `a datagram whose bytes are changed is followed by its IP ID`(_ mended: Bool) {
    var scenario = Scenario.usual()
    var conversation = UDPConversation(requests: 40)
    conversation.number = 3
    scenario.add(conversation)
    scenario.on(
      segment: 1, where: { $0.conversation == 3 && $0.direction == .clientToServer && $0.label.index % 13 == 5 },
      .edit {
        $0.payload[17] ^= 0x10
        if !mended { $0.checksum = .wrong }
      })
    let judgement = Judgement(scenario)
    let changes = judgement.events(mended ? .rewrite : .corrupt)
    #expect(changes.count == 3 && changes.allSatisfy { $0.between == PointPair(1, 2) && $0.field == .payload })
    #expect(judgement.tally.events.count == 3)
    #expect(judgement.ledger(1, .clientToServer).undecided == 0)
  }

  @Test(arguments: ["acknowledgement", "number", "window"], Headers.allCases)
  func `a header that was damaged is corruption, and nothing is mangled`(_ part: String, _ headers: Headers) {
    // Nothing else tells what it was.
    if part == "number", headers == .neither { return }
    var scenario = Scenario.usual(headers)
    scenario.on(
      segment: 1, .serverToClient, .init(.data, 4),
      .edit {
        switch part {
        case "acknowledgement": $0.ack ^= 1 << 9
        case "number": $0.seq ^= 1 << 9
        default: $0.window ^= 1 << 9
        }
        $0.checksum = .wrong
      }, conversation: 0)
    let judgement = Judgement(scenario)
    #expect(judgement.events(.corrupt).map(\.between) == [PointPair(1, 2)])
    #expect(judgement.events(.corrupt).allSatisfy { $0.field == nil })
    #expect(judgement.events(.drop).isEmpty && judgement.events(.rewrite).isEmpty)
  }

  @Test(arguments: [0, 1], Headers.allCases)
  func `a SYN/ACK that was damaged is no base for the numbers of its connection`(
    _ segment: Int, _ headers: Headers
  ) {
    var scenario = Scenario.usual(headers)
    scenario.on(
      segment: segment, where: { $0.conversation == 0 && $0.label == .init(.synAck, 0) },
      .edit {
        $0.seq ^= 1 << 20
        $0.checksum = .wrong
      })
    let judgement = Judgement(scenario)
    #expect(judgement.events(.rewrite).isEmpty)
    #expect(judgement.events(.corrupt).count <= 1)
    #expect(judgement.wrongLedgers == [])
  }

  @Test(arguments: 0...2, Headers.allCases)
  func `bytes that a capture damaged are said of the capture, not of the path`(_ point: Int, _ headers: Headers) {
    var scenario = Scenario.usual(headers)
    scenario.capture(at: point, .damage) {
      $0.conversation == 0 && $0.direction == .serverToClient && $0.label == .init(.data, 2)
    }
    let judgement = Judgement(scenario)
    // At the last point nothing tells a damaged capture from a damaged packet.
    #expect(judgement.events(.corrupt).count == (point == 0 ? 1 : 0))
    #expect(judgement.events(.rewrite).isEmpty)
    #expect(judgement.tally.damaged.mapValues(\.packets) == (point == 0 ? [:] : [point: 1]))
    // The frame is of the bytes that differ from those of the next point.
    for (point, damage) in judgement.tally.damaged {
      let traffic = judgement.matched.points[point]
      let damaged = traffic.connections.indices.flatMap { Array(traffic.packets(of: $0)) }
        .filter { $0.marks.contains(.badChecksum) }
      #expect(damaged.map(\.frame) == [damage.firstFrame])
    }
  }

  @Test(arguments: [0, 1], Headers.allCases)
  func `a changed payload with a mended checksum is a rewrite`(_ segment: Int, _ headers: Headers) {
    var scenario = Scenario.usual(headers)
    scenario.on(
      segment: segment, .serverToClient, .init(.data, 4), .edit { $0.payload[77] ^= 0x10 }, conversation: 0)
    let judgement = Judgement(scenario)
    #expect(judgement.falsehoods + judgement.omissions + judgement.wrongLedgers == [])
    #expect(judgement.events(.rewrite).map(\.field) == [.payload])
    #expect(judgement.events(.corrupt).isEmpty && judgement.events(.drop).isEmpty)
  }

  @Test(arguments: [Headers.full, .noIPID, .noTimestamps])
  func `an acknowledgement that breaks the translation is mangled`(_ headers: Headers) {
    for (segment, label) in [(0, WirePacket.Label(.data, 1)), (1, .init(.ack, 3))] {
      var scenario = Scenario.usual(headers)
      scenario.on(segment: segment, .clientToServer, label, .edit { $0.ack &+= 123_456_789 }, conversation: 0)
      let judgement = Judgement(scenario)
      #expect(judgement.falsehoods + judgement.omissions + judgement.wrongLedgers == [], "\(label)")
      #expect(judgement.events(.rewrite).map(\.field) == [.acknowledgement], "\(label)")
      #expect(judgement.events(.drop).isEmpty, "\(label)")
    }
  }

  @Test(arguments: [0, 1])
  func `a mangled pure ACK without IP ID is not called lost`(_ segment: Int) {
    for usesTimestamps in [true, false] {
      var scenario = Scenario.usual(usesTimestamps ? .noIPID : .neither)
      scenario.on(segment: segment, .clientToServer, .init(.ack, 3), .edit { $0.ack &+= 1_000_000 }, conversation: 0)
      let judgement = Judgement(scenario)
      #expect(judgement.falsehoods == [])
    }
  }

  @Test func `a lost pure ACK beside a mangled one mangles no others`() {
    var scenario = Scenario.usual(.neither, points: 2, script: [.client(600), .server(4000)])
    scenario.on(segment: 0, .clientToServer, .init(.data, 1), .edit { $0.ack &+= 1_000_000 }, conversation: 0)
    scenario.on(segment: 0, .clientToServer, .init(.ack, 3), .drop, conversation: 0)
    let judgement = Judgement(scenario)
    #expect(judgement.falsehoods(above: 0.9) == [])
  }

  @Test(arguments: [Headers.full, .noIPID, .noTimestamps])
  func `a sequence number that breaks the translation is mangled`(_ headers: Headers) {
    for segment in [0, 1] {
      var scenario = Scenario.usual(headers)
      scenario.on(segment: segment, .serverToClient, .init(.data, 4), .edit { $0.seq &+= 5_000_000 }, conversation: 0)
      let judgement = Judgement(scenario)
      #expect(judgement.falsehoods + judgement.omissions + judgement.wrongLedgers == [])
      #expect(judgement.events(.rewrite).map(\.field) == [.sequence])
      #expect(judgement.events(.drop).isEmpty)
    }
  }

  @Test(arguments: [Headers.full, .noIPID, .noTimestamps])
  func `SACK edges that are not translated are named where they should be`(_ headers: Headers) {
    var conversation = TCPConversation(script: [.client(200), .server(4000)])
    headers.apply(to: &conversation)
    var scenario = Scenario(points: 3)
    scenario.add(conversation.translated(from: 1, client: 5_000_000, server: 900_000_000, sack: false))
    scenario.on(segment: 0, .serverToClient, .init(.data, 4), .drop)
    let judgement = Judgement(scenario)
    #expect(judgement.omissions + judgement.wrongLedgers == [])
    #expect(!judgement.events(.rewrite).isEmpty)
    #expect(judgement.events(.rewrite).allSatisfy { $0.field == .sack && $0.between == PointPair(0, 1) })
    #expect(judgement.events(.drop).count == 1)
  }

  @Test func `translated SACK edges are no fault`() {
    let conversation = TCPConversation(script: [.client(200), .server(4000)])
    var scenario = Scenario(points: 3)
    scenario.add(conversation.translated(from: 1, client: 5_000_000, server: 900_000_000))
    scenario.on(segment: 0, .serverToClient, .init(.data, 4), .drop)
    let judgement = Judgement(scenario)
    #expect(judgement.falsehoods + judgement.omissions == [])
    #expect(judgement.events(.rewrite).isEmpty)
  }

  static let rules: [(Field, @Sendable (inout WirePacket) -> Void)] = [
    (.mss, { if $0.mss != nil { $0.mss = 1360 } }), (.timestamps, { $0.timestamps = nil }),
    (.windowScale, { $0.windowScale = nil }), (.sackPermitted, { $0.sackPermitted = false }),
    (.ipID, { $0.ipID = $0.ipID &* 25_173 &+ 13_849 }), (.dscp, { $0.trafficClass = 0xB8 }),
    (.ttl, { $0.ttl = 128 }), (.timestampValue, { $0.timestamps?.value &+= 77_777 }), (.ecn, { $0.trafficClass |= 3 }),
    (.window, { $0.window = 1234 }),
  ]

  @Test(arguments: rules.indices)
  func `a field that a box rewrites is a rule of its segment alone`(_ index: Int) {
    let (field, change) = Self.rules[index]
    for segment in [0, 1] {
      var scenario = Scenario.usual()
      scenario.transform(segment: segment, change)
      let judgement = Judgement(scenario)
      #expect(fields(judgement, PointPair(segment, segment + 1)) == [field])
      #expect(fields(judgement, PointPair(1 - segment, 2 - segment)).isEmpty)
      #expect(judgement.tally.events.isEmpty)
    }
  }

  @Test func `translated addresses and ports are rules of their segment`() {
    var conversation = TCPConversation(script: [.client(200), .server(600)])
    conversation.legs = {
      Scenario.Leg(
        client: $0 < 1 ? "10.0.0.1:40000" : "203.0.113.9:61234", server: $0 < 2 ? "192.0.2.80:80" : "10.9.9.9:8080")
    }
    var scenario = Scenario(points: 3)
    scenario.add(conversation)
    let judgement = Judgement(scenario)
    #expect(
      fields(judgement, PointPair(0, 1)) == [.sourceAddress, .sourcePort, .destinationAddress, .destinationPort])
    let first = judgement.tally.translations.filter { $0.between == PointPair(0, 1) && $0.direction == .clientToServer }
    #expect(first.map(\.fields) == [[.init(.sourceAddress), .init(.sourcePort)]])
    #expect(judgement.tally.events.isEmpty)
  }

  @Test func `a packet that two segments change is changed on both`() {
    var scenario = Scenario.usual(points: 4)
    for segment in [0, 2] {
      scenario.on(segment: segment, .serverToClient, .init(.data, 2), .edit { $0.ack &+= 1_000_000 }, conversation: 0)
    }
    let judgement = Judgement(scenario)
    #expect(Set(judgement.events(.rewrite).map(\.between.near)) == [0, 2])
    #expect(judgement.falsehoods == [])
  }
}
