import StreamAnalysis
import TestSupport
import Testing

/// Numbers that do not fit: what one capture tells of handshakes that are repeated and of acknowledgements of nothing.
struct NumberCauseTests {
  /// A server that repeats its SYN/ACK after 1.3 s, and a request after 1.5 s whose acknowledgement number is `number`;
  /// captured beside the server, or beside the client.
  private func deferred(number: UInt32, besideServer: Bool = true, resets: Bool = true) -> Exchange {
    var x = Exchange()
    let due: UInt32 = 2_962_498_563
    x.a(.syn, 1000, ack: 0)
    if !besideServer { x.wait(20) }
    x.b([.syn, .ack], due - 1)
    if besideServer { x.wait(20) }
    x.a(1001, ack: due)
    x.wait(1300)
    x.b([.syn, .ack], due - 1)
    x.a(1001, ack: due)
    x.wait(200)
    x.a([.psh, .ack], 1001, ack: number, len: 300)
    if resets { x.b(.rst, number, ack: 0) }
    x.wait(250)
    x.a([.psh, .ack], 1001, ack: number, len: 300)
    x.a([.fin, .ack], 1301, ack: due)
    return x
  }

  @Test func `a SYN/ACK again after its acknowledgement is a server that defers accepting`() {
    let causes = deferred(number: 2_962_498_563, resets: false).causes
    #expect(causes[4] == Cause(.deferredAccept, 0.9, .acknowledged))
    #expect(deferred(number: 2_962_498_563, besideServer: false, resets: false).causes[4]?.confidence ?? 1 < 0.9)
  }

  @Test func `a SYN/ACK again without an acknowledgement is its timer`() {
    var x = Exchange()
    x.a(.syn, 1000, ack: 0)
    x.b([.syn, .ack], 5000)
    x.wait(1000)
    x.b([.syn, .ack], 5000)
    #expect(x.causes[3]?.kind == .timeout)
  }

  @Test func `an acknowledgement below the first byte was changed on the way, and its RST is to be ignored`() {
    let x = deferred(number: 2_106_390_967)
    #expect(x.flags[5].isEmpty && x.flags[6].isEmpty)
    #expect(x.causes[6] == Cause(.neverSent, 0.97, [.numbers, .reset]))
    #expect(x.causes[7]?.kind == .refusal)
    #expect(x.causes[7]?.evidence == [.reset, .outsideWindow])
    #expect(x.causes[8]?.kind == .neverSent)
  }

  @Test func `without a RST it rests on the number alone`() {
    #expect(deferred(number: 2_106_390_967, resets: false).causes[6] == Cause(.neverSent, 0.9, .numbers))
  }

  @Test func `an acknowledgement of what was not captured is the capture's miss`() {
    var x = Exchange()
    x.open()
    x.b(5001, len: 100)
    x.a(1001, ack: 5301)
    #expect(x.lastFlags == .ackLostSegment)
    #expect(x.causes[5]?.kind == .missedByCapture)
  }

  @Test func `an acknowledgement just before what it acknowledges is the capture's order`() {
    var x = Exchange()
    x.open()
    x.b(5001, len: 100)
    x.a(1001, ack: 5301)
    x.b(5101, len: 200)
    #expect(x.causes[5]?.kind == .captureOrder)
  }
}
