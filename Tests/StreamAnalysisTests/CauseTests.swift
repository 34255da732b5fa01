import StreamAnalysis
import TestSupport
import Testing

/// What one capture tells beyond Wireshark's word, on cases from the field.
struct CauseTests {
  /// Data from `b`, its sequence number counted from 1.
  private func data(_ x: inout Exchange, _ first: UInt32, _ length: Int, id: UInt16? = nil) {
    x.b(5000 + first, len: length, id: id)
  }

  /// An acknowledgement from `a`.
  private func ack(_ x: inout Exchange, _ number: UInt32, sack: (UInt32, UInt32)? = nil) {
    let blocks: [TCPOption] = sack.map { [.sack([(left: 5000 + $0.0, right: 5000 + $0.1)])] } ?? []
    x.a(.ack, 1001, ack: 5000 + number, options: blocks)
  }

  @Test func `a FIN far beyond the last byte, never repaired and never acknowledged`() {
    var x = Exchange()
    x.open()
    x.wait(20_000)
    x.a([.fin, .ack], 2011)
    x.b(5001)
    x.wait(6000)
    x.b([.fin, .ack], 5001)
    x.a([.fin, .ack], 2011, ack: 5002)
    #expect(x.flags[3] == .lostSegment)
    #expect(x.flags[4].isDisjoint(with: .ackLostSegment))
    #expect(x.causes[4]?.kind == .neverSeen)
  }

  @Test func `a FIN one byte beyond the data was skipped or its byte lost`() {
    var x = Exchange()
    x.open()
    data(&x, 1, 100)
    ack(&x, 101)
    x.b([.fin, .ack], 5102)
    ack(&x, 101)
    #expect(x.flags[5] == .lostSegment)
    #expect(x.flags[6] == .duplicateAck)
    #expect(x.causes[6]?.kind == .skippedByte)
  }

  @Test(arguments: [(3, Cause.Kind.fastRetransmit), (2, .undecided)])
  func `three duplicate ACKs make a fast retransmission, two do not, whatever Wireshark says`(
    duplicates: Int, kind: Cause.Kind
  ) {
    var x = Exchange()
    data(&x, 1, 20)
    ack(&x, 21)
    x.wait(10)
    for first in [41, 61, 81].prefix(duplicates) as ArraySlice<UInt32> {
      data(&x, first, 20)
      ack(&x, 21)
    }
    x.wait(10)
    data(&x, 21, 20)
    #expect(x.flags[2] == .lostSegment)
    #expect(x.lastFlags == [.retransmission, .fastRetransmission])
    #expect(x.causes[x.frames.count]?.kind == kind)
    #expect(x.causes[3]?.kind == .lostBefore)
  }

  @Test(arguments: [(3, 0.2, Cause.Kind.fastRetransmit), (2, 213, .timeout)])
  func `a sender repairs at once after three duplicate ACKs, and waits for its timer after two`(
    duplicates: Int, wait: Double, kind: Cause.Kind
  ) {
    var x = Exchange()
    x.open(roundTrip: 0.1)
    for index in 0..<7 as Range<UInt32> { data(&x, 1 + index * 1000, 1000) }
    for _ in 0...duplicates { ack(&x, 2001) }
    x.wait(wait)
    data(&x, 2001, 1000)
    #expect(x.causes[x.frames.count]?.kind == kind)
  }

  @Test func `three segments' worth of SACKed bytes trigger recovery before three duplicate ACKs`() {
    var x = Exchange()
    x.open(roundTrip: 0.2)
    for index in 0..<5 as Range<UInt32> { data(&x, 1 + index * 1448, 1448) }
    ack(&x, 1449)
    ack(&x, 1449, sack: (2897, 4345))
    ack(&x, 1449, sack: (2897, 7241))
    x.wait(1)
    data(&x, 1449, 1448)
    #expect(x.lastFlags == [.retransmission, .fastRetransmission])
    #expect(x.causes[x.frames.count] == Cause(.sackRecovery, 0.9, .sack))
  }

  @Test func `a late original comes sooner than a repair can, with an older IP ID`() {
    var x = Exchange()
    x.open(roundTrip: 103)
    data(&x, 1, 1448, id: 49_748)
    data(&x, 2897, 1448, id: 49_750)
    ack(&x, 1449)
    ack(&x, 1449)
    data(&x, 4345, 1448, id: 49_751)
    ack(&x, 1449)
    x.wait(-0.0999)
    data(&x, 1449, 1448, id: 49_749)
    #expect(x.lastFlags == [.retransmission, .fastRetransmission])
    #expect(x.causes[x.frames.count] == Cause(.reordered, 0.99, [.ipID, .roundTrip]))
    #expect(x.causes[5]?.kind == .overtaken)
  }

  @Test func `a repair has a newer IP ID than those that came before it`() {
    var x = Exchange()
    x.open(roundTrip: 1)
    data(&x, 1, 1448, id: 100)
    data(&x, 2897, 1448, id: 102)
    ack(&x, 1449)
    for index in 0..<3 as Range<UInt32> {
      data(&x, 4345 + 1448 * index, 1448, id: 103 + UInt16(index))
      ack(&x, 1449)
    }
    x.wait(1)
    data(&x, 1449, 1448, id: 106)
    #expect(x.causes[x.frames.count]?.kind == .fastRetransmit)
    #expect(x.causes[5]?.kind == .lostBefore)
  }

  @Test func `bytes that were acknowledged and never came were missed by the capture`() {
    var x = Exchange()
    x.open()
    data(&x, 1, 100)
    data(&x, 201, 100)
    ack(&x, 301)
    #expect(x.causes[5] == Cause(.missedByCapture, 0.99, .acknowledged))
  }

  @Test func `a repair has its cause when it comes, though it also tells that of the gap`() {
    var x = Exchange()
    x.open(roundTrip: 1)
    data(&x, 1, 100)
    data(&x, 201, 100)
    x.wait(300)
    data(&x, 101, 100)
    #expect(x.causes[6]?.kind == .timeout && x.causes[5]?.kind == .lostBefore)
    #expect(x.told == [6])
  }

  @Test func `a segment that claims gigabytes is judged as any other`() {
    var x = Exchange()
    x.open(roundTrip: 1)
    var huge = TCPSegment(
      source: Exchange.b, destination: Exchange.a, seq: 5001, ack: 1001, flags: .ack, payload: [7]
    ).ipv4(id: 77)
    huge.totalLength = 0
    x.add(huge, wireLength: 0x6000_0000)
    x.wait(300)
    data(&x, 1, 100)
    #expect(x.causes[5]?.kind == .timeout)
  }

  @Test func `a duplicate SACK shows that a repair was needless`() {
    var x = Exchange()
    x.open(roundTrip: 1)
    data(&x, 1, 100)
    data(&x, 101, 100)
    x.wait(300)
    data(&x, 1, 100)
    ack(&x, 201)
    ack(&x, 201, sack: (1, 101))
    #expect(x.causes[6] == Cause(.spurious, 0.92, .duplicateSACK))
  }

  @Test(arguments: [(300, Cause.Kind.spurious), (200, .undecided)] as [(Int, Cause.Kind)])
  func `a duplicate SACK shows it of a repair only as far as it reaches`(_ reported: Int, _ kind: Cause.Kind) {
    var x = Exchange()
    x.open(roundTrip: 60)
    for first in [1, 101, 201, 301] as [UInt32] { data(&x, first, 100) }
    x.wait(50)
    // Three segments again in one, of which the receiver had all, or two.
    data(&x, 1, 300)
    ack(&x, 401)
    ack(&x, 401, sack: (1, 1 + UInt32(reported)))
    #expect(x.causes[8]?.kind == kind)
  }

  @Test func `a copy is no repair that a duplicate SACK could be about`() {
    var x = Exchange()
    x.open(roundTrip: 60)
    data(&x, 1, 100, id: 9001)
    data(&x, 101, 100, id: 9002)
    x.wait(300)
    data(&x, 1, 100, id: 9003)
    data(&x, 1, 100, id: 9003)
    ack(&x, 201)
    ack(&x, 201, sack: (1, 101))
    #expect(x.causes[6]?.kind == .timeout)
    #expect(x.causes[7]?.kind == .copy)
  }

  @Test func `a SYN again at once is a copy`() {
    var x = Exchange()
    x.a(.syn, 1000, ack: 0)
    x.a(.syn, 1000, ack: 0)
    #expect(x.causes[2]?.kind == .copy)
  }

  @Test func `an echo older than the repair shows that the first copy had arrived`() {
    var x = Exchange()
    func stamped(_ value: UInt32, echo: UInt32) -> [TCPOption] { [.timestamps(value: value, echo: echo)] }
    x.b(.ack, 5001, len: 100, options: stamped(10, echo: 1))
    x.a(.ack, 1001, ack: 5001, options: stamped(1, echo: 9))
    x.wait(300)
    x.b(.ack, 5001, len: 100, options: stamped(310, echo: 1))
    x.a(.ack, 1001, ack: 5101, options: stamped(320, echo: 10))
    #expect(x.causes[3] == Cause(.spurious, 0.97, .timestamps))
  }

  /// Four segments, the timer, the first one again, and acknowledgements from then on.
  private func afterTimeout(_ numbers: [UInt32], repeats: Bool = false) -> Cause? {
    var x = Exchange()
    x.open(roundTrip: 20)
    data(&x, 1, 100)
    ack(&x, 101)
    for first in [101, 201, 301, 401] as [UInt32] { data(&x, first, 100) }
    x.wait(400)
    data(&x, 101, 100)
    for number in numbers {
      x.wait(5)
      ack(&x, number)
      if repeats { data(&x, number, 100) }
    }
    return x.causes[10]
  }

  @Test func `acknowledgements that go on over bytes sent once show that a timeout was needless`() {
    #expect(afterTimeout([201, 301]) == Cause(.spurious, 0.85, .laterAcks))
  }

  @Test(
    arguments: [([501], false), ([201], false), ([201, 201, 301], false), ([201, 301], true)] as [([UInt32], Bool)])
  func `an acknowledgement of all, none, a duplicate, or one of what was repeated does not`(
    _ numbers: [UInt32], _ repeats: Bool
  ) {
    #expect(afterTimeout(numbers, repeats: repeats)?.kind == .timeout)
  }

  @Test(arguments: [(9100, Cause.Kind.copy), (9107, .undecided)] as [(UInt16, Cause.Kind)])
  func `the same packet with the same IP ID is a copy`(_ id: UInt16, _ kind: Cause.Kind) {
    var x = Exchange()
    x.open(roundTrip: 20)
    data(&x, 1, 100, id: 9099)
    data(&x, 101, 100, id: 9100)
    data(&x, 101, 100, id: id)
    #expect(x.lastFlags == .retransmission)
    #expect(x.causes[6]?.kind == kind)
  }

  @Test func `bytes that were acknowledged before they come again are needless`() {
    var x = Exchange()
    x.open(roundTrip: 20)
    data(&x, 1, 100)
    ack(&x, 101)
    x.wait(300)
    data(&x, 1, 100)
    #expect(x.causes[6]?.kind == .spurious)
  }

  @Test func `the last segment again before any timer is a tail loss probe`() {
    var x = Exchange()
    x.open(roundTrip: 20)
    data(&x, 1, 100)
    data(&x, 101, 100)
    x.wait(50)
    data(&x, 101, 100)
    #expect(x.causes[6]?.kind == .tailLossProbe)
  }

  @Test func `in a capture of one direction a gap stays undecided`() {
    var x = Exchange()
    data(&x, 1, 100)
    data(&x, 201, 100)
    #expect(x.causes[2]?.kind == .undecided)
  }
}
