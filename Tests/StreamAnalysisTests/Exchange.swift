import Packets
import StreamAnalysis
import TestSupport

/// Segments between two hosts in the order of capture, and what is said of each.
///
/// `a` opens, with sequence numbers from 1000; `b` answers, with sequence numbers from 5000.
struct Exchange {
  static let a: Endpoint = "10.0.0.1:40000"
  static let b: Endpoint = "10.0.0.2:80"

  private(set) var frames: [CapturedFrame] = []
  private var nowNS: Int64 = 1_000_000_000
  private var identification: [Bool: UInt16] = [true: 100, false: 9000]

  /// Lets time pass, in ms.
  mutating func wait(_ milliseconds: Double) { nowNS += Int64((milliseconds * 1_000_000).rounded()) }

  /// A segment from `a`; each is 0.1 ms after the one before.
  mutating func a(
    _ flags: TCPSegment.Flags = .ack, _ seq: UInt32, ack: UInt32 = 5001, len: Int = 0, window: UInt16 = 500,
    options: [TCPOption] = [], id: UInt16? = nil
  ) {
    send(true, flags, seq, ack, len, window, options, id)
  }

  /// A segment from `b`.
  mutating func b(
    _ flags: TCPSegment.Flags = .ack, _ seq: UInt32, ack: UInt32 = 1001, len: Int = 0, window: UInt16 = 500,
    options: [TCPOption] = [], id: UInt16? = nil
  ) {
    send(false, flags, seq, ack, len, window, options, id)
  }

  /// SYN, SYN/ACK, ACK, with the capture beside `a` and `b` this many ms away.
  mutating func open(roundTrip: Double = 1, options: [TCPOption] = []) {
    a(.syn, 1000, ack: 0, options: options)
    wait(roundTrip - 0.1)
    b([.syn, .ack], 5000, options: options)
    a(1001)
  }

  mutating func a(_ seq: UInt32, ack: UInt32 = 5001, len: Int = 0, id: UInt16? = nil) {
    a(.ack, seq, ack: ack, len: len, id: id)
  }

  mutating func b(_ seq: UInt32, ack: UInt32 = 1001, len: Int = 0, id: UInt16? = nil) {
    b(.ack, seq, ack: ack, len: len, id: id)
  }

  private mutating func send(
    _ fromA: Bool, _ flags: TCPSegment.Flags, _ seq: UInt32, _ ack: UInt32, _ length: Int, _ window: UInt16,
    _ options: [TCPOption], _ id: UInt16?
  ) {
    let segment = TCPSegment(
      source: fromA ? Self.a : Self.b, destination: fromA ? Self.b : Self.a, seq: seq, ack: ack, flags: flags,
      window: window, options: options, payload: Array(repeating: 7, count: length))
    let counted = identification[fromA, default: 0] &+ 1
    if id == nil { identification[fromA] = counted }
    add(segment.ipv4(id: id ?? counted))
  }

  /// Any other packet.
  mutating func add(_ packet: some IPPacket, wireLength: Int? = nil) {
    nowNS += 100_000
    frames.append(CapturedFrame(timeNS: nowNS, bytes: packet.bytes, wireLength: wireLength))
  }

  /// What is said of each frame.
  var said: [StreamAnalyser.Said?] { analysed.said }
  /// The flags of each frame.
  var flags: [AnalysisFlags] { said.map { $0?.analysis.flags ?? [] } }
  /// The flags of the last frame.
  var lastFlags: AnalysisFlags { flags.last ?? [] }
  /// What is found at the end, by frame number.
  var causes: [Int: Cause] {
    Dictionary(analysed.causes.map { (Int($0.frame), $0.cause) }) { first, _ in first }
  }

  /// The frames of which a cause is told when they come.
  var told: Set<Int> { analysed.told }

  private var analysed: (said: [StreamAnalyser.Said?], causes: [FrameCause], told: Set<Int>) {
    var analyser = StreamAnalyser()
    var causes = CauseAnalyser()
    var told: Set<Int> = []
    var packet = DecodedPacket()
    let decoder = PacketDecoder(linkType: .raw)
    let said = frames.enumerated().map { index, frame -> StreamAnalyser.Said? in
      _ = decoder.decode(frame.bytes.span.bytes, wireLength: frame.wireLength, into: &packet)
      packet.record.timeNS = frame.timeNS
      packet.record.frame = UInt32(index + 1)
      guard let said = analyser.add(packet) else { return nil }
      if causes.add(packet.record, said) { told.insert(index + 1) }
      return said
    }
    return (said, causes.finish(), told)
  }
}
