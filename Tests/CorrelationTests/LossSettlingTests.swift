import Testing
import Verdicts

@testable import Correlation

@Suite struct LossSettlingTests {
  private func drop(_ frame: UInt32) -> PacketEvent {
    var event = PacketEvent(
      kind: .drop, between: PointPair(0, 1), direction: .clientToServer, group: 0, ipID: 7, sequence: frame,
      length: 0, flags: 16, trafficClass: 0, isTCP: true, isICMPError: false, isIPv6: false,
      evidence: .absentDownstream, count: 2, confidence: 0.99)
    event.upstream = PacketEvent.Sighting(position: 0, frame: frame, timeNS: Int64(frame))
    return event
  }

  /// A tally of three points that saw 10,000 packets each, of which both captures downstream missed so many.
  private func settled(lackedByBoth: Int, missed: Int) -> CorrelationTally {
    var tally = CorrelationTally(points: 3)
    for position in 0..<3 { tally.addSeen(position, 10_000 - (position > 0 ? missed : 0)) }
    for position in 1...2 {
      for frame in 0..<missed {
        var event = drop(UInt32(frame))
        event.kind = .notCaptured
        event.point = position
        tally.addMiss(event)
      }
    }
    tally.segments[PointPair(0, 1), default: SegmentTally()].addUnanswered(.clientToServer, 10_000)
    for frame in 0..<lackedByBoth { tally.addLoss(drop(UInt32(frame)), .lackedBySeveral([1, 2])) }
    tally.settleLackedBySeveral()
    return tally
  }

  @Test(arguments: [(3, 0, 3), (3, 20, 3), (10, 100, 10), (3, 300, 0), (10, 300, 0), (100, 300, 100)])
  func `packets that two captures lack were lost unless both miss so many that they would by chance`(
    _ lackedByBoth: Int, _ missed: Int, _ lost: Int
  ) {
    let tally = settled(lackedByBoth: lackedByBoth, missed: missed)
    let ledger = tally.segments[PointPair(0, 1)]?.clientToServer
    #expect(ledger?.lost == lost)
    #expect(ledger?.undecided == lackedByBoth - lost)
  }

  @Test func `the confidence is the share that chance does not explain`() {
    let drops = settled(lackedByBoth: 10, missed: 100).events.filter { $0.kind == .drop }
    #expect(drops.allSatisfy { abs($0.confidence - 0.9) < 0.01 && $0.evidence.contains(.weighed) })
    let sure = settled(lackedByBoth: 10, missed: 0).events.filter { $0.kind == .drop }
    #expect(sure.allSatisfy { $0.confidence == 0.99 && !$0.evidence.contains(.weighed) })
  }
}
