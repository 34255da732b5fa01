import Testing
import Verdicts

@Suite struct SegmentLedgerTests {
  @Test func `what is not decided counts neither for nor against the segment`() {
    var ledger = SegmentLedger()
    ledger.offered = 100
    ledger.delivered = 45
    ledger.lost = 5
    ledger.outsideCoverage = 20
    ledger.undecided = 30
    #expect(ledger.decided == 50)
    #expect(ledger.lossRatio == 0.1)
    #expect(ledger.lossInterval == WilsonInterval(hits: 5, of: 50))
  }

  @Test func `a packet that the capture missed was not lost`() {
    var ledger = SegmentLedger()
    ledger.offered = 10
    ledger.delivered = 8
    ledger.notCaptured = 2
    #expect(ledger.decided == 10)
    #expect(ledger.lossRatio == 0)
  }

  @Test func `without a packet of known fate there is no ratio`() {
    var ledger = SegmentLedger()
    ledger.offered = 3
    ledger.undecided = 3
    #expect(ledger.lossRatio == nil)
    #expect(ledger.lossInterval == nil)
  }

  @Test func `a segment gives the ledger of each direction`() {
    var segment = SegmentReport(
      between: PointPair(0, 1), inside: nil, clientToServer: SegmentLedger(), serverToClient: SegmentLedger())
    segment[.serverToClient].lost = 7
    #expect(segment.serverToClient.lost == 7)
    #expect(segment.clientToServer.lost == 0)
    #expect(segment[.serverToClient] == segment.serverToClient)
  }
}
