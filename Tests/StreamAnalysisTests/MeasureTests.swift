import StreamAnalysis
import TestSupport
import Testing

struct MeasureTests {
  @Test func `duplicate ACKs are counted and name the first`() {
    var exchange = Exchange()
    exchange.a(1001, len: 100)
    for _ in 0..<4 { exchange.b(5001, ack: 1101) }
    let said = exchange.said.compactMap { $0?.analysis }
    #expect(said.map(\.duplicateAckNumber) == [0, 0, 1, 2, 3])
    #expect(said.map(\.duplicateAckFrame) == [0, 0, 2, 2, 2])
  }

  @Test func `the initial RTT is from the SYN to the ACK that follows the SYN/ACK`() {
    var exchange = Exchange()
    exchange.open(roundTrip: 30)
    exchange.a(1001, len: 10)
    #expect(exchange.said.map { $0?.analysis.initialRoundTripNS } == [nil, nil, 30_100_000, 30_100_000])
  }

  @Test func `an ACK names the frame whose last byte it acknowledges`() {
    var exchange = Exchange()
    exchange.a(1001, len: 100)
    exchange.a(1101, len: 100)
    exchange.wait(10)
    exchange.b(5001, ack: 1201)
    exchange.b(5001, ack: 1250)
    let said = exchange.said.compactMap { $0?.analysis }
    #expect(said.map(\.ackedFrame) == [0, 0, 2, 0])
    #expect(said[2].ackRoundTripNS == 10_100_000)
  }

  @Test func `bytes in flight grow with data and shrink with acknowledgements`() {
    var exchange = Exchange()
    exchange.open()
    exchange.a(1001, len: 100)
    exchange.a(1101, len: 100)
    exchange.b(5001, ack: 1101)
    exchange.a(1201, len: 50)
    exchange.a([.fin, .ack], 1251, len: 50)
    #expect(exchange.said.map { $0?.analysis.bytesInFlight } == [nil, nil, nil, 100, 200, nil, 150, 200])
  }

  @Test func `after a gap the bytes in flight are not known until the next ACK`() {
    var exchange = Exchange()
    exchange.a(1001, len: 100)
    exchange.a(1201, len: 100)
    exchange.b(5001, ack: 1101)
    exchange.a(1301, len: 100)
    #expect(exchange.said.map { $0?.analysis.bytesInFlight } == [100, nil, nil, 200])
  }

  @Test func `each frame tells the time since the one before it in its stream`() {
    var exchange = Exchange()
    exchange.a(1001, len: 100)
    exchange.add(TCPSegment(source: "10.0.0.3:1", destination: "10.0.0.4:2").ipv4())
    exchange.b(5001, ack: 1101)
    #expect(exchange.said.map { $0?.analysis.sincePreviousNS } == [0, 0, 200_000])
  }

  @Test func `a retransmission names the eldest segment in flight`() {
    var exchange = Exchange()
    exchange.a(1001, len: 100)
    exchange.a(1101, len: 100)
    exchange.wait(250)
    exchange.a(1001, len: 100)
    let last = exchange.said.last??.analysis
    #expect(last?.repeatedFrame == 1)
    #expect(last?.sinceRepeatedNS == 250_200_000)
  }
}
