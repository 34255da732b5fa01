import Scenarios
import TestSupport
import Testing
import Verdicts

/// What the hosts at the ends do, and the path does not.
@Suite struct EndHostTests {
  @Test(arguments: [false, true])
  func `a host that answers data with RST does not know the connection, unless it had closed it`(_ closed: Bool) {
    var hand = Handwriting()
    hand.open(1000)
    hand.put(1030, .clientToServer, [.psh, .ack], seq: 0, ack: 0, length: 100)
    hand.put(1040, .serverToClient, seq: 0, ack: 100)
    if closed { hand.put(1050, .serverToClient, [.fin, .ack], seq: 0, ack: 100) }
    hand.put(1500, .clientToServer, [.psh, .ack], seq: 100, ack: closed ? 1 : 0, length: 100)
    hand.put(1510, .serverToClient, .rst, seq: closed ? 1 : 0, ack: 0)
    let analysed = Analysed(hand.scenario)
    #expect(analysed.findings("half-open").map(\.point) == (closed ? [] : [2]))
    #expect(analysed.findings("half-open").flatMap(\.evidence).count == (closed ? 0 : 2))
    #expect(analysed.faults.isEmpty)
  }

  @Test(arguments: [0, 1, 3] as [Int64])
  func `a FIN beyond bytes that were never sent is the sender's fault`(_ gap: Int64) {
    var hand = Handwriting()
    hand.open(1000)
    hand.put(1030, .clientToServer, [.psh, .ack], seq: 0, ack: 0, length: 100)
    hand.put(1040, .serverToClient, seq: 0, ack: 100)
    hand.put(1050, .clientToServer, [.fin, .ack], seq: 100 + gap, ack: 0)
    hand.put(1060, .serverToClient, seq: 0, ack: gap == 0 ? 101 : 100)
    hand.put(1350, .clientToServer, [.fin, .ack], seq: 100 + gap, ack: 0)
    let analysed = Analysed(hand.scenario)
    #expect(analysed.findings("fin-beyond-stream").map(\.point) == (gap == 0 ? [] : [0]))
    #expect(
      gap == 0 || analysed.findings("fin-beyond-stream").first?.explanation.contains("\(gap) bytes beyond") == true)
    #expect(analysed.faults.isEmpty)
  }

  @Test func `bytes that were lost before the FIN are no fault of the sender`() {
    var scenario = Scenario.usual([.client(600)])
    scenario.hit(0, .clientToServer, .init(.data, 2), .drop)
    #expect(Analysed(scenario).findings("fin-beyond-stream").isEmpty)
  }

  @Test(arguments: [false, true])
  func `a connection with keepalives alone is a note, one with data is none`(_ hasData: Bool) {
    var hand = Handwriting()
    for beat in 0..<4 {
      hand.put(1000 + Int64(beat) * 2000, .clientToServer, seq: 99, ack: 50)
      hand.put(1010 + Int64(beat) * 2000, .serverToClient, seq: 50, ack: 100)
    }
    if hasData {
      hand.put(8000, .clientToServer, [.psh, .ack], seq: 100, ack: 50, length: 40)
      hand.put(8010, .serverToClient, seq: 50, ack: 140)
    }
    let analysed = Analysed(hand.scenario)
    #expect(analysed.findings("keepalive-only").count == (hasData ? 0 : 1))
    #expect(analysed.faults.isEmpty)
  }

  /// Small messages, each acknowledged after a while and followed by the next one.
  private func messages(acknowledgedAfter wait: Int64, nextAfterMicroseconds next: Int64) -> Analysed {
    var hand = Handwriting()
    hand.open(1000)
    for number in 0..<6 {
      let start = 1100 + Int64(number) * 200
      // The receiver is 2 ms away, so its answer is at the sender 4 ms after the segment left, and the wait.
      hand.put(
        start, .clientToServer, [.psh, .ack], seq: Int64(number) * 100, ack: 0, length: 100, microseconds: next)
      hand.put(start + wait - 2, .serverToClient, seq: 0, ack: Int64(number + 1) * 100)
    }
    return Analysed(hand.scenario)
  }

  @Test func `small segments that wait for delayed acknowledgements are named at the sender`() {
    let analysed = messages(acknowledgedAfter: 199, nextAfterMicroseconds: 500)
    #expect(analysed.findings("delayed-ack-nagle").map(\.point) == [0])
    #expect(analysed.findings("delayed-ack-nagle").map(\.direction) == [.clientToServer])
    #expect(analysed.faults.isEmpty)
  }

  @Test func `acknowledgements at once delay nobody, however long the sender waits`() {
    #expect(messages(acknowledgedAfter: 10, nextAfterMicroseconds: 500).findings("delayed-ack-nagle").isEmpty)
  }

  @Test(arguments: [(900, true), (100, false)] as [(Int64, Bool)])
  func `a slow answer is told apart into the server's time and the network's`(_ thinking: Int64, _ isNamed: Bool) {
    var hand = Handwriting()
    hand.open(1000)
    hand.put(1030, .clientToServer, [.psh, .ack], seq: 0, ack: 0, length: 100)
    hand.put(1032 + thinking, .serverToClient, [.psh, .ack], seq: 0, ack: 100, length: 100)
    let analysed = Analysed(hand.scenario)
    #expect(analysed.findings("response-time").map(\.point) == (isNamed ? [2] : []))
    #expect(analysed.findings("response-time").map(\.severity) == (isNamed ? [.note] : []))
    #expect(!isNamed || analysed.findings("response-time").first?.explanation.contains("that passed at p0") == true)
    #expect(analysed.faults.isEmpty)
  }

  @Test(arguments: [1460, 1400] as [UInt16])
  func `a segment larger than the MSS of the other end is the sender's mistake`(_ size: UInt16) {
    var hand = Handwriting()
    hand.open(1000, mss: 1400)
    hand.put(1030, .serverToClient, seq: 0, ack: 0, length: Int64(size))
    hand.put(1050, .clientToServer, seq: 0, ack: Int64(size))
    let analysed = Analysed(hand.scenario)
    #expect(analysed.findings("mss-mismatch").map(\.point) == (size > 1400 ? [2] : []))
    #expect(analysed.faults.isEmpty)
  }

  @Test(arguments: [1300, 1460, 1500] as [UInt16])
  func `an MSS that is raised is a warning, one that is lowered a note`(_ size: UInt16) {
    var scenario = Scenario.usual()
    scenario.transform(segment: 0) { if $0.flags.contains(.syn) { $0.mss = size } }
    let analysed = Analysed(scenario)
    #expect(analysed.findings("mss-mismatch").map(\.between) == (size > 1460 ? [PointPair(0, 1)] : []))
    #expect(analysed.findings("mss-clamped").count == (size < 1460 ? 1 : 0))
  }

  @Test(arguments: [true, false])
  func `a sender that mostly repeats itself is named`(_ storms: Bool) {
    var scenario = Scenario.usual([.client(600), .server(12_000)])
    scenario.on(
      segment: 1,
      where: {
        $0.conversation == 0 && $0.direction == .serverToClient && $0.label.kind == .data
          && $0.label.copy < (storms ? 3 : 1) && $0.label.index % 4 == 0
      }, .drop)
    let analysed = Analysed(scenario)
    #expect(analysed.findings("retransmission-storm").map(\.point) == (storms ? [2] : []))
  }
}
