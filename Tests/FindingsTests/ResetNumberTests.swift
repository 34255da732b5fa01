import Scenarios
import TestSupport
import Testing
import Verdicts

@Suite struct ResetNumberTests {
  private static let shift: UInt32 = 5_000_000

  /// A client that resets, through a box that shifts its sequence numbers, but perhaps not those of its RSTs.
  private func scenario(translatesResets: Bool) -> Scenario {
    var scenario = Scenario.usual {
      $0.close = .reset
      $0 = $0.translated(from: 2, client: Self.shift, server: 900_000_000)
    }
    if !translatesResets {
      scenario.on(
        segment: 1, where: { $0.conversation == 0 && $0.flags.contains(.rst) }, .edit { $0.seq &-= Self.shift })
    }
    return scenario
  }

  @Test func `a RST that keeps its number where all others are shifted is named with both frames`() {
    let analysed = Analysed(scenario(translatesResets: false))
    let finding = analysed.findings("rst-not-translated").first
    #expect(finding?.between == PointPair(1, 2) && finding?.direction == .clientToServer)
    #expect(finding?.severity == .warning && finding?.evidence.map(\.frame.point) == [1, 2])
    #expect(analysed.faults.isEmpty)
  }

  @Test func `without an IP ID nothing says that it is the same RST`() {
    var scenario = scenario(translatesResets: false)
    scenario.on(segment: 0, where: { $0.conversation == 0 && $0.flags.contains(.rst) }, .edit { $0.ipID = 0 })
    #expect(Analysed(scenario).findings("rst-not-translated").isEmpty)
  }

  @Test func `of many RSTs of a connection the first ones tell`() {
    var hand = Handwriting()
    hand.open(1000)
    hand.put(1030, .clientToServer, seq: 0, ack: 0, length: 1000)
    for number in 0..<100 as Range<Int64> { hand.put(1100 + number, .clientToServer, .rst, seq: 1000, ack: 0) }
    hand.scenario.on(
      segment: 1,
      where: { $0.conversation == 0 && $0.direction == .clientToServer && !$0.flags.contains(.rst) },
      .edit { $0.seq &+= Self.shift })
    #expect(Analysed(hand.scenario).findings("rst-not-translated").map(\.packets) == [64])
  }

  @Test func `a RST that is shifted like all others is not`() {
    #expect(Analysed(scenario(translatesResets: true)).findings("rst-not-translated").isEmpty)
  }
}
