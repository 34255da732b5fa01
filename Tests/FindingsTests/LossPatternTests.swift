import Packets
import Scenarios
import TestSupport
import Testing
import Verdicts

@testable import Findings

@Suite struct LossPatternTests {
  /// One long transfer from the server and others beside it, of which the second segment loses what `isLost` says.
  private func transfer(
    connections: Int = 1, bytes: Int = 60_000, _ isLost: @escaping (WirePacket) -> Bool
  ) -> Analysed {
    var scenario = Scenario.usual()
    for number in 0..<connections {
      var conversation = TCPConversation(script: [.client(100), .server(bytes)])
      conversation.number = 200 + number
      conversation.startsAfterNS = 2_000_000_000 + Int64(number) * 1_000_000
      scenario.add(conversation)
    }
    scenario.on(segment: 1, where: { $0.conversation >= 3 && isLost($0) }, .drop)
    return Analysed(scenario)
  }

  private static let patterns: Set<String> = [
    "loss-burst", "loss-random", "loss-selective", "bufferbloat", "only-syns-lost",
  ]

  private func patterns(_ analysed: Analysed) -> Set<String> { analysed.kinds.intersection(Self.patterns) }

  private func isFirstData(_ packet: WirePacket) -> Bool { packet.label.kind == .data && packet.label.copy == 0 }

  @Test func `losses that stand together are bursts, with their length`() {
    let analysed = transfer(bytes: 120_000) {
      $0.direction == .serverToClient && self.isFirstData($0) && $0.label.index % 80 < 5 && $0.label.index >= 80
    }
    #expect(patterns(analysed) == ["loss-burst"])
    let finding = analysed.findings("loss-burst").first
    #expect(finding?.between == PointPair(1, 2) && finding?.direction == .serverToClient)
    #expect(finding?.severity == .warning)
    #expect(analysed.faults == ["loss"])
  }

  @Test func `losses apart from one another are independent`() {
    let analysed = transfer(bytes: 120_000) {
      let spread = UInt64($0.label.index) &* 0x9E37_79B9_7F4A_7C15 >> 40
      return $0.direction == .serverToClient && self.isFirstData($0) && spread % 16 == 3
    }
    #expect(patterns(analysed) == ["loss-random"])
    #expect(analysed.findings("loss-random").map(\.severity) == [.note])
  }

  @Test func `a few losses have no pattern`() {
    #expect(
      patterns(transfer { $0.direction == .serverToClient && self.isFirstData($0) && $0.label.index % 40 == 7 }).isEmpty
    )
  }

  @Test(arguments: [true, false])
  func `losses of the connections with an even port alone have that in common`(_ isChoosy: Bool) {
    let analysed = transfer(connections: 32, bytes: 2000) {
      let isChosen = isChoosy ? !$0.conversation.isMultiple(of: 2) : true
      return $0.direction == .serverToClient && isChosen && self.isFirstData($0) && [2, 6].contains($0.label.index)
    }
    #expect(analysed.findings("loss-selective").count == (isChoosy ? 1 : 0))
    if isChoosy {
      // Of the answers the client's port is the destination.
      #expect(analysed.findings("loss-selective").first?.title.contains("even destination port") == true)
      #expect(analysed.findings("loss-selective").first?.between == PointPair(1, 2))
    }
  }

  @Test func `what a rule takes of one service is not laid to a hash of ports`() {
    var scenario = Scenario.usual()
    for number in 0..<48 {
      var conversation = TCPConversation(script: [.client(100), .server(2000)])
      conversation.number = 200 + number
      conversation.startsAfterNS = 2_000_000_000 + Int64(number) * 1_000_000
      // One service at an even port, one at an odd one; the clients of either choose ports at random.
      let port = number % 2 == 0 ? 8080 : 8443
      conversation.legs = { _ in
        .init(
          client: Endpoint(address: "10.0.0.1", port: UInt16(20_000 + number * 37)),
          server: Endpoint(address: "192.0.2.80", port: UInt16(port)))
      }
      scenario.add(conversation)
    }
    scenario.on(
      segment: 1,
      where: {
        $0.conversation >= 3 && $0.conversation % 2 == 1 && self.isFirstData($0) && $0.direction == .serverToClient
      },
      .drop)
    let analysed = Analysed(scenario)
    #expect(analysed.faults == ["loss"] && (analysed.findings("loss").first?.packets ?? 0) >= 20)
    #expect(!(analysed.findings("loss-selective").first?.title.contains("port") ?? false))
  }

  @Test(
    arguments: [
      (0xB8, 0x00, "DSCP 0"), (0x00, 0xB8, "a DSCP other than 0"), (0x00, 0x02, "ECN bits"), (0x00, 0x00, nil),
      (0xB8, 0xB8, nil),
    ] as [(UInt8, UInt8, String?)])
  func `what is lost may have its class of service in common, if others have another`(
    _ others: UInt8, _ chosen: UInt8, _ named: String?
  ) {
    var scenario = Scenario.usual()
    for number in 0..<24 {
      var conversation = TCPConversation(script: [.client(20_000), .server(100)])
      conversation.number = 200 + number
      conversation.startsAfterNS = 2_000_000_000 + Int64(number) * 1_000_000
      scenario.add(conversation)
    }
    // Every fifth connection, so that no bit of its ports says which, is sent with another class.
    scenario.transform(segment: 0) { $0.trafficClass = $0.conversation % 5 == 3 ? chosen : others }
    scenario.on(
      segment: 1,
      where: {
        $0.conversation >= 3 && $0.conversation % 5 == 3 && $0.direction == .clientToServer && self.isFirstData($0)
          && $0.label.index % 2 == 1
      }, .drop)
    let analysed = Analysed(scenario)
    #expect(analysed.faults.contains("loss"))
    let title = analysed.findings("loss-selective").first?.title
    #expect(named == nil ? title == nil : title?.contains(named ?? "") == true, "\(title ?? "none")")
  }

  @Test func `packets that nobody repeats are not counted among those that the sender did not repeat`() {
    let analysed = transfer(bytes: 120_000) {
      $0.label.index % 17 == 3 && ($0.direction == .serverToClient ? self.isFirstData($0) : $0.label.kind == .ack)
    }
    let explanation = analysed.findings("loss").first?.explanation ?? ""
    #expect(explanation.contains("with data, SYN or FIN; the other "))
  }

  @Test(arguments: [true, false])
  func `SYNs that vanish while all else passes are refused connections`(_ others: Bool) {
    let analysed = transfer(connections: 24, bytes: 3000) {
      $0.label == .init(.syn) && $0.conversation % 4 == 0
        || others && $0.label == .init(.data, 4) && $0.direction == .clientToServer
        || others && $0.label == .init(.data, 0) && $0.direction == .clientToServer
    }
    let finding = analysed.findings("only-syns-lost").first
    #expect((finding != nil) == !others)
    if let finding {
      #expect(finding.between == PointPair(1, 2) && finding.severity == .warning && finding.packets == 6)
    }
    #expect(analysed.faults == ["loss"])
  }

  @Test(arguments: [true, false])
  func `loss of one direction alone is named with the chance of it`(_ isOneWay: Bool) {
    let analysed = transfer(bytes: 120_000) {
      $0.label.index % 17 == 3 && ($0.direction == .serverToClient && self.isFirstData($0))
        || !isOneWay && $0.direction == .clientToServer && $0.label == .init(.data, 0)
    }
    let finding = analysed.findings("loss-one-direction").first
    #expect((finding != nil) == isOneWay)
    if let finding {
      #expect(finding.between == PointPair(1, 2) && finding.direction == .serverToClient)
      #expect(finding.confidence == 0.9 && !finding.explanation.contains("size may decide"))
    }
    #expect(analysed.faults == ["loss"])
  }

  @Test func `where nothing as large went the other way, size may decide as well`() {
    var scenario = Scenario(points: 3)
    scenario.add(TCPConversation(script: [.client(100), .server(120_000)]))
    scenario.on(
      segment: 1,
      where: { $0.direction == .serverToClient && self.isFirstData($0) && $0.label.index % 17 == 3 }, .drop)
    let finding = Analysed(scenario).findings("loss-one-direction").first
    #expect(finding?.confidence == 0.7 && finding?.explanation.contains("size may decide") == true)
  }

  @Test func `a queue that fills before it drops is named, one that does not is not`() {
    func queue(isFilling: Bool) -> Analysed {
      var scenario = Scenario.usual()
      scenario.segments[1].jitterNS = 0
      var datagrams = UDPConversation(requests: 1200)
      datagrams.intervalNS = 2_000_000
      datagrams.startsAfterNS = 2_000_000_000
      scenario.add(datagrams)
      for step in 1..<30 where isFilling {
        scenario.on(
          segment: 1,
          where: { $0.direction == .clientToServer && $0.conversation == 3 && $0.label.index % 40 == 10 + step },
          .delay(Int64(min(step, 30)) * 500_000))
      }
      scenario.on(
        segment: 1, where: { $0.direction == .clientToServer && $0.conversation == 3 && $0.label.index % 40 == 39 },
        .drop)
      return Analysed(scenario)
    }
    let filling = queue(isFilling: true)
    #expect(filling.findings("bufferbloat").map(\.between) == [PointPair(1, 2)])
    #expect(filling.findings("bufferbloat").map(\.direction) == [.clientToServer])
    #expect(queue(isFilling: false).findings("bufferbloat").isEmpty)
  }

  @Test func `runs are counted as Wald and Wolfowitz do`() throws {
    let runs = try #require(LossRuns(lost: [0, 1, 4, 8], of: 10))
    #expect(runs.runs == 3 && runs.longest == 2)
    #expect(abs(runs.expectedRuns - 2.8) < 1e-9 && abs(runs.meanLength - 4.0 / 3) < 1e-9)
    #expect(LossRuns(lost: [], of: 2) == nil && LossRuns(lost: [0, 1], of: 2) == nil)
  }

  @Test(arguments: [(5, 10, 5, 1.0 / 252), (10, 10, 3, 1), (2, 10, 3, 1)])
  func `the chance that all drawn are marked is that of Fisher's test`(
    _ marked: Int, _ total: Int, _ drawn: Int, _ chance: Double
  ) {
    #expect(abs(HypergeometricTail.allWithin(marked, of: total, drawn: drawn) - chance) < 1e-12)
  }
}
