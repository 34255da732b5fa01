import StreamAnalysis
import TestSupport
import Testing

/// Each flag on the smallest exchange that draws it; `TsharkFlagsTests` gives the same exchanges to tshark.
struct FlagTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let what: String
    /// Of the last frame.
    let flags: AnalysisFlags
    let exchange: @Sendable (inout Exchange) -> Void

    init(_ what: String, _ flags: AnalysisFlags, _ exchange: @escaping @Sendable (inout Exchange) -> Void) {
      self.what = what
      self.flags = flags
      self.exchange = exchange
    }

    var testDescription: String { what }
  }

  /// The second of two segments again, so many equal ACKs for it and so many ms later.
  private static func repeated(_ what: String, _ flags: AnalysisFlags, acks: Int, after wait: Double) -> Case {
    Case(what, flags) { x in
      x.a(1001, len: 100)
      x.a(1101, len: 100)
      for _ in 0..<acks { x.b(5001, ack: 1101) }
      x.wait(wait)
      x.a(1101, len: 100)
    }
  }

  /// Two segments with one between them missing, which comes so many ms later.
  private static func late(_ what: String, _ flags: AnalysisFlags, roundTrip: Double? = nil, after wait: Double) -> Case
  {
    Case(what, flags) { x in
      if let roundTrip { x.open(roundTrip: roundTrip) }
      x.a(1001, len: 100)
      x.a(1201, len: 100)
      x.wait(wait)
      x.a(1101, len: 100)
    }
  }

  static let cases = [
    Case("a new segment has no flag", []) { x in
      x.a(1001, len: 100)
      x.a(1101, len: 100)
    },
    Case("the same bytes after 5 ms are a retransmission", .retransmission) { x in
      x.a(1001, len: 100)
      x.a(1101, len: 100)
      x.wait(5)
      x.a(1001, len: 100)
    },
    Case("the last bytes again are a retransmission, however soon", .retransmission) { x in
      x.a(1001, len: 100)
      x.a(1001, len: 100)
    },
    late("earlier bytes within 3 ms are out of order", .outOfOrder, after: 0),
    late("with an initial RTT, that is the limit", .outOfOrder, roundTrip: 20, after: 15),
    late("beyond the initial RTT it is a retransmission", .retransmission, roundTrip: 1, after: 2),
    late("a clock that steps back makes nothing out of order", .retransmission, after: -5),
    repeated("two duplicate ACKs make it fast", [.retransmission, .fastRetransmission], acks: 3, after: 19),
    repeated("not after 20 ms", .retransmission, acks: 3, after: 20),
    repeated("one duplicate ACK does not", .retransmission, acks: 2, after: 5),
    Case("where ACKs were missed, duplicate ones may be among them", [.retransmission, .fastRetransmission]) { x in
      x.a(1001, len: 100)
      x.b(5001, ack: 1101)
      x.b(5001, ack: 1101, len: 10)
      x.a(1101, ack: 5100, len: 100)
      x.a(1101, ack: 5100, len: 100)
    },
    Case("what was acknowledged is spurious", [.retransmission, .spuriousRetransmission]) { x in
      x.a(1001, len: 100)
      x.b(5001, ack: 1101)
      x.a(1001, len: 100)
    },
    Case("beyond the next byte, a segment is missing", .lostSegment) { x in
      x.a(1001, len: 100)
      x.a(1201, len: 100)
    },
    Case("a RST beyond it misses nothing", []) { x in
      x.a(1001, len: 100)
      x.a(.rst, 1201)
    },
    Case("an ACK of what was not seen", .ackLostSegment) { x in
      x.a(1001, len: 100)
      x.b(5001, ack: 1301)
    },
    Case("it is said once for a gap", []) { x in
      x.a(1001, len: 100)
      x.b(5001, ack: 1301)
      x.b(5001, ack: 1401)
    },
    Case("the same ACK again is a duplicate", .duplicateAck) { x in
      x.a(1001, len: 100)
      x.b(5001, ack: 1101)
      x.b(5001, ack: 1101)
    },
    Case("with another window it is an update", .windowUpdate) { x in
      x.a(1001, len: 100)
      x.b(5001, ack: 1101)
      x.b(.ack, 5001, ack: 1101, window: 900)
    },
    Case("a FIN is no duplicate", []) { x in
      x.b(5001, ack: 1101)
      x.b([.fin, .ack], 5001, ack: 1101)
    },
    Case("one byte below the next is a keep-alive", .keepAlive) { x in
      x.a(1001, len: 100)
      x.a(1100, len: 1)
    },
    Case("without a byte too", .keepAlive) { x in
      x.a(1001, len: 100)
      x.a(1100)
    },
    Case("the answer to it", .keepAliveAck) { x in
      x.a(1001, len: 100)
      x.b(5001, ack: 1101)
      x.a(1100)
      x.b(5001, ack: 1101)
    },
    Case("a closed window", .zeroWindow) { x in
      x.b(.ack, 5001, ack: 1101, window: 0)
    },
    Case("a RST has no window", []) { x in
      x.b(.rst, 5001, ack: 1101, window: 0)
    },
    Case("a byte into a closed window is a probe", .zeroWindowProbe) { x in
      x.a(1001, len: 100)
      x.b(.ack, 5001, ack: 1101, window: 0)
      x.a(1101, len: 1)
    },
    Case("the answer to a probe", [.zeroWindow, .zeroWindowProbeAck]) { x in
      x.a(1001, len: 100)
      x.b(.ack, 5001, ack: 1101, window: 0)
      x.a(1101, len: 1)
      x.b(.ack, 5001, ack: 1101, window: 0)
    },
    Case("an ACK of the byte of a probe acknowledges what counts as unseen", .ackLostSegment) { x in
      x.a(1001, len: 100)
      x.b(.ack, 5001, ack: 1101, window: 0)
      x.a(1101, len: 1)
      x.b(.ack, 5001, ack: 1102, window: 500)
    },
    Case("the window filled to its last byte", .windowFull) { x in
      x.open()
      x.b(.ack, 5001, window: 300)
      x.a(1001, len: 300)
    },
    Case("scaled, if both sides scale", .windowFull) { x in
      x.open(options: [.windowScale(2)])
      x.b(.ack, 5001, window: 75)
      x.a(1001, len: 300)
    },
    Case("nobody knows where the handshake was missed", []) { x in
      x.b(.ack, 5001, window: 300)
      x.a(1001, len: 300)
    },
    Case("another SYN on the same ports", .reusedPorts) { x in
      x.open()
      x.a(.syn, 77_000, ack: 0)
    },
    Case("the same SYN again", .retransmission) { x in
      x.a(.syn, 1000, ack: 0)
      x.a(.syn, 1000, ack: 0)
    },
    Case("another SYN/ACK", [.lostSegment, .reusedPorts]) { x in
      x.a(.syn, 1000, ack: 0)
      x.b([.syn, .ack], 5000)
      x.b([.syn, .ack], 9000)
    },
    Case("sequence numbers wrap", .outOfOrder) { x in
      x.a(0xFFFF_FF00, len: 200)
      x.a(100, len: 100)
      x.a(0xFFFF_FFC8, len: 150)
    },
  ]

  @Test(arguments: cases)
  func `the flags of the last segment`(_ given: Case) {
    var exchange = Exchange()
    given.exchange(&exchange)
    #expect(exchange.lastFlags == given.flags)
  }

  @Test func `every flag has a name, and no two the same`() {
    #expect(AnalysisFlags.named.count == 15)
    #expect(Set(AnalysisFlags.named.map { "\($0.name)" }).count == 15)
    #expect(AnalysisFlags.named.reduce(into: AnalysisFlags()) { $0.formUnion($1.flag) }.rawValue == 0x7FFF)
  }
}
