import Testing
import Verdicts

@Suite struct VocabularyTests {
  @Test func `a pair has the point nearer to the client first`() {
    #expect(PointPair(4, 1) == PointPair(1, 4))
    #expect(PointPair(4, 1).near == 1)
  }

  @Test func `upstream follows the direction of the packet`() {
    let pair = PointPair(1, 2)
    #expect(pair.upstream(.clientToServer) == 1 && pair.downstream(.clientToServer) == 2)
    #expect(pair.upstream(.serverToClient) == 2 && pair.downstream(.serverToClient) == 1)
  }

  @Test func `pairs sort along the path`() {
    #expect([PointPair(1, 3), PointPair(0, 5), PointPair(1, 2)].sorted().map(\.far) == [5, 2, 3])
  }

  @Test func `faults come before warnings, and those before notes`() {
    #expect([Severity.note, .fault, .warning].sorted() == [.fault, .warning, .note])
  }

  @Test(arguments: [
    (UInt8(0x02), "SYN"), (0x12, "SYN,ACK"), (0x18, "PSH,ACK"), (0x11, "FIN,ACK"), (0x14, "RST,ACK"),
    (0xFF, "FIN,SYN,RST,PSH,ACK,URG,ECE,CWR"), (0, "<None>"),
  ])
  func `flags have Wireshark's names and order`(_ flags: UInt8, _ names: String) {
    #expect(event(flags: flags).flagNames == names)
  }

  @Test func `a packet that is not TCP has no flags`() {
    #expect(event(flags: nil).flagNames == nil)
  }

  private func event(flags: UInt8?) -> Event {
    Event(
      kind: .drop, between: PointPair(0, 1), direction: .clientToServer, connection: 1, timeNS: 0, length: 0,
      flags: flags, confidence: 1, evidence: [])
  }
}
