import Correlation
import Foundation
import Scenarios
import Testing
import Verdicts

@Suite struct DebugTests {
  @Test func `debugSeeds`() {
    for seed in [4, 26, 50, 80, 83, 85, 97, 171, 178, 186, 194] as [UInt64] {
      let judgement = Judgement(RandomFaultTests.scenario(seed: seed))
      let c = judgement.run.scenario.conversations[0] as? TCPConversation
      print("DBG seed", seed, "ts", c?.usesTimestamps ?? false, c?.ipIDs ?? .zero, "translated", c?.legs != nil, "sack", c?.usesSACK ?? false)
      print("DBG  drops", judgement.run.truth.drops.map { judgement.text($0.key) + " seg \($0.value)" })
      print("DBG  edits", judgement.run.truth.edits.map { judgement.text($0.key) + " seg \($0.value)" })
      print("DBG  dups", judgement.run.truth.duplicates.map { judgement.text($0.key) + " seg \($0.value)" })
      for s in 0..<judgement.run.scenario.segments.count { for d in Direction.allCases { print("DBG  reord", s, d, judgement.run.truth.reordered(s, d).map { judgement.text($0) }) } }
      for f in judgement.falsehoods { print("DBG   ", f) }
      for e in judgement.tally.events where judgement.falsehoods.contains(where: { $0.hasSuffix(Judgement.text(e)) }) {
        if let u = e.upstream ?? e.downstream { print("DBG     is", judgement.text(judgement.run.id(point: u.position, frame: Int(u.frame)))) }
      }
    }
  }
}
