import Foundation
import Packets
import TestSupport
import Testing

/// Random streams, analysed by the tshark that is installed and by us.
@Suite(
  .enabled(
    if: InstalledTshark.version?.hasPrefix("4.0.") ?? false, "tshark 4.0, whose analysis this is, is not installed"))
struct TsharkFlagsTests {
  @Test(arguments: 1...12 as ClosedRange<UInt64>)
  func `random streams have the flags that tshark gives them`(seed: UInt64) throws {
    let lines = try compare(Self.randomFrames(seed: seed))
    #expect(lines.count > 100)
  }

  @Test(arguments: FlagTests.cases)
  func `each small exchange has the flags that tshark gives it`(given: FlagTests.Case) throws {
    var exchange = Exchange()
    given.exchange(&exchange)
    _ = try compare(exchange.frames)
  }

  /// Lets both look at the frames; gives what tshark says.
  private func compare(_ frames: [CapturedFrame]) throws -> [String] {
    let file = FileManager.default.temporaryDirectory.appending(path: "hopscope-flags-\(UUID().uuidString).pcap")
    defer { try? FileManager.default.removeItem(at: file) }
    let capture = PcapWriter(linkType: .raw).file(frames)
    try Data(capture).write(to: file)
    let tool = ExpectedFlagsTests.top.appending(path: "tools/flags-expected").path
    let expected = try InstalledTshark.output(of: tool, [file.path]).split(separator: "\n").map(String.init)
    let lines = try flagLines(of: file.path)
    #expect(lines == expected)
    return expected
  }

  /// Segments that advance, repeat, skip, acknowledge too much or too little, close and probe windows, at random.
  static func randomFrames(seed: UInt64) -> [CapturedFrame] {
    var random = SplitMix64(seed: seed)
    func pick<Item>(_ items: [Item]) -> Item { items[Int(random.next() % UInt64(items.count))] }
    var x = Exchange()
    var next: [Bool: UInt32] = [true: 1001, false: 5001]
    if seed % 2 == 0 { x.open(options: [.windowScale(1)]) }
    for _ in 0..<600 {
      x.wait(pick([0, 0, 0.5, 2, 5, 25, 250]))
      let fromA = random.next() % 2 == 0
      let sent = next[fromA, default: 0]
      let heard = next[!fromA, default: 0]
      let seq = sent &+ pick([0, 0, 0, 0, 0, 100, 1 &- 2, 0 &- 100, 0 &- 200])
      let ack = heard &+ pick([0, 0, 0, 0, 0 &- 100, 0 &- 200, 1, 100])
      let length = pick([0, 0, 100, 100, 100, 1, 200])
      let window: UInt16 = pick([500, 500, 500, 500, 300, 0])
      let flags: TCPSegment.Flags = pick(Array(repeating: .ack, count: 40) + [[.fin, .ack], [.rst], [.rst, .ack]])
      if fromA {
        x.a(flags, seq, ack: ack, len: length, window: window)
      } else {
        x.b(flags, seq, ack: ack, len: length, window: window)
      }
      let end = seq &+ UInt32(length)
      if Int32(bitPattern: end &- sent) > 0 { next[fromA] = end }
    }
    return x.frames
  }
}
