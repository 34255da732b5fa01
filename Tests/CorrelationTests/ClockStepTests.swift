import Scenarios
import Testing
import Verdicts

@testable import Correlation

/// Losses while the clock of a point is set.
@Suite struct ClockStepTests {
  /// Of forty connections in four seconds those of the last one, or of the first one, lose their third segment behind the
  /// second point; the clock of a point is set shortly before or after.
  private func judged(point: Int, by setNS: Int64, lateLosses: Bool) -> Judgement {
    var scenario = Scenario(points: 4)
    for number in 0..<40 {
      var conversation = TCPConversation(script: [.client(6000), .server(1000)])
      conversation.number = number
      conversation.startsAfterNS = Int64(number) * 100_000_000
      scenario.add(conversation)
    }
    scenario.points[point].clockIsSet = (afterNS: lateLosses ? 2_950_000_000 : 1_050_000_000, byNS: setNS)
    let hit = lateLosses ? 30..<40 : 0..<10
    scenario.on(
      segment: 1,
      where: {
        hit.contains($0.conversation) && $0.direction == .clientToServer && $0.label.kind == .data
          && $0.label.index % 3 == 2 && $0.label.copy == 0
      }, .drop)
    return Judgement(scenario)
  }

  @Test(
    arguments: [1, 2, 3],
    [3_600_000_000_000, 2_000_000_000, -5_000_000_000] as [Int64])
  func `what is lost before or after a clock is set is lost, and nothing else`(_ point: Int, _ setNS: Int64) {
    for lateLosses in [true, false] {
      let judgement = judged(point: point, by: setNS, lateLosses: lateLosses)
      #expect(judgement.ledger(1, .clientToServer).lost >= 10)
      #expect(judgement.ledger(1, .clientToServer).lost == judgement.events(.drop).count)
      #expect(judgement.falsehoods + judgement.omissions == [])
      #expect(judgement.tally.pauses.allSatisfy { $0.isEmpty })
    }
  }
}
