import Packets
import TestSupport
import Testing

@Suite struct TCPOptionsTests {
  func segment(_ flags: TCPSegment.Flags, _ options: [TCPOption]) -> Decoded {
    decode(
      TCPSegment(source: "10.0.0.1:5", destination: "10.0.0.2:6", flags: flags, options: options).ipv4().ethernet())
  }

  @Test func `a SYN offers what it offers`() {
    let options = decode(Fixed.syn).record.synOptions
    #expect(options.maximumSegmentSize == 1460)
    #expect(options.windowScale == 7)
    #expect(options.sackPermitted)
    #expect(options.timestamps)
    #expect(options.packed & SYNOptions.fastOpenBit == 0)
    #expect(decode(Fixed.syn).record.timestampValue == 0x1122_3344)
    #expect(decode(Fixed.syn).record.sackBlocks == 0)
  }

  @Test func `a SYN without options offers none`() {
    #expect(segment(.syn, []).record.synOptions == .none)
  }

  @Test(arguments: [
    (TCPOption.fastOpen(cookie: [1, 2, 3, 4, 5, 6, 7, 8]), SYNOptions.fastOpenBit),
    (.other(kind: 30, data: [0, 1]), SYNOptions.multipathBit),
    (.other(kind: 19, data: Array(repeating: 1, count: 16)), SYNOptions.authenticationBit),
    (.other(kind: 29, data: [1, 2, 3, 4]), SYNOptions.authenticationBit),
    (.sackPermitted, SYNOptions.sackPermittedBit),
    (.timestamps(value: 1, echo: 0), SYNOptions.timestampsBit),
    (.other(kind: 253, data: []), 0),
  ])
  func `each option of a SYN has its bit`(_ option: TCPOption, _ bit: UInt32) {
    #expect(segment([.syn, .ack], [option]).record.synOptions.packed == 255 << 8 | bit)
  }

  @Test func `the shape tells orders apart and not values`() {
    func shape(_ options: [TCPOption]) -> UInt32 { segment(.syn, options).record.synOptions.shape }
    let one = shape([.maximumSegmentSize(1460), .noOperation, .windowScale(7)])
    #expect(one == shape([.maximumSegmentSize(536), .noOperation, .windowScale(2)]))
    #expect(one != shape([.noOperation, .maximumSegmentSize(1460), .windowScale(7)]))
    #expect(one != shape([.maximumSegmentSize(1460), .windowScale(7)]))
  }

  @Test func `a window scale above 14 is 14`() {
    #expect(segment(.syn, [.windowScale(200)]).record.synOptions.windowScale == 14)
  }

  @Test(arguments: 1...4)
  func `the first SACK block and the number of blocks are kept`(_ count: Int) {
    let blocks = (1...count).map { (left: UInt32($0) * 1000, right: UInt32($0) * 1000 + 500) }
    let record = segment(.ack, [.noOperation, .noOperation, .sack(blocks)]).record
    #expect(record.sackLeft == 1000)
    #expect(record.sackRight == 1500)
    #expect(Int(record.sackBlocks) == count)
  }

  @Test func `timestamps are found at any place`() {
    let decoded = segment(.ack, [.sack([(left: 1, right: 2)]), .noOperation, .timestamps(value: 7, echo: 8)])
    #expect(decoded.record.timestampValue == 7)
    #expect(decoded.record.timestampEcho == 8)
    #expect(decoded.record.sackBlocks == 1)
    #expect(decoded.marks.contains(.timestamps))
  }

  @Test(arguments: [
    TCPOption.other(kind: 8, data: [1, 2]), .other(kind: 5, data: []), .other(kind: 5, data: [1, 2, 3]), .end,
  ])
  func `options of impossible length are not believed`(_ option: TCPOption) {
    let decoded = segment(.ack, [option])
    #expect(decoded.outcome == .packet)
    #expect(decoded.record.sackBlocks == 0)
    #expect(!decoded.marks.contains(.timestamps))
  }

  @Test func `nothing is read behind an option whose length lies`() {
    var frame = Fixed.syn
    // SACK permitted, now of length 0; the window scale behind it is out of reach.
    frame[14 + 20 + 20 + 5] = 0
    let options = decode(frame).record.synOptions
    #expect(options.maximumSegmentSize == 1460)
    #expect(options.windowScale == nil)
    #expect(!options.sackPermitted)
  }
}
