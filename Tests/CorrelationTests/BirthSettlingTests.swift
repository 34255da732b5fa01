import Testing
import Verdicts

@testable import Correlation

@Suite struct BirthSettlingTests {
  private func birth(_ frame: UInt32) -> PacketEvent {
    var event = PacketEvent(
      kind: .inject, between: PointPair(0, 1), direction: .serverToClient, group: 0, ipID: 7, sequence: frame,
      length: 1000, flags: 16, trafficClass: 0, isTCP: true, isICMPError: false, isIPv6: false,
      evidence: .absentUpstream, count: 1, confidence: 0.8)
    event.downstream = PacketEvent.Sighting(position: 0, frame: frame, timeNS: Int64(frame))
    return event
  }

  @Test(arguments: [(400, 11, 0), (0, 11, 11)])
  func `packets that two captures lack were missed if each misses enough of its own`(
    _ missedByOne: Int, _ lackedByBoth: Int, _ injected: Int
  ) {
    var tally = CorrelationTally(points: 3)
    tally.addSeen(0, 20_000)
    for frame in 0..<missedByOne {
      tally.addBirth(birth(UInt32(frame)), lackedBy: [1])
      tally.addBirth(birth(UInt32(10_000 + frame)), lackedBy: [2])
    }
    tally.addSeen(1, 20_000)
    tally.addSeen(2, 20_000)
    for frame in 0..<lackedByBoth { tally.addBirth(birth(UInt32(50_000 + frame)), lackedBy: [1, 2]) }
    tally.settleBirths()
    #expect(tally.events.count { $0.kind == .inject } == injected)
  }
}
