import Scenarios
import TestSupport
import Testing
import Verdicts

@Suite struct ResetNumberTests {
  private static let shift: UInt32 = 5_000_000

  /// A client that resets, through a box that shifts its sequence numbers, but perhaps not those of its RSTs.
  private func analysed(translatesResets: Bool) -> Analysed {
    var scenario = Scenario.usual {
      $0.close = .reset
      $0 = $0.translated(from: 2, client: Self.shift, server: 900_000_000)
    }
    if !translatesResets {
      scenario.on(
        segment: 1, where: { $0.conversation == 0 && $0.flags.contains(.rst) }, .edit { $0.seq &-= Self.shift })
    }
    return Analysed(scenario)
  }

  @Test func `a RST that keeps its number where all others are shifted is named with both frames`() {
    let analysed = analysed(translatesResets: false)
    let finding = analysed.findings("rst-not-translated").first
    #expect(finding?.between == PointPair(1, 2) && finding?.direction == .clientToServer)
    #expect(finding?.severity == .warning && finding?.evidence.map(\.frame.point) == [1, 2])
    #expect(analysed.faults.isEmpty)
  }

  @Test func `a RST that is shifted like all others is not`() {
    #expect(analysed(translatesResets: true).findings("rst-not-translated").isEmpty)
  }
}
