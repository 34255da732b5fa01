import Captures
import Testing

@Suite struct OtherFormatsTests {
  private let snoop = CaptureBytes.snoop()
    .snoopRecord(seconds: 9, microseconds: 5, [1, 2, 3], wire: 60, drops: 0)
    .snoopRecord(seconds: 9, microseconds: 6, [4, 5, 6, 7], wire: 4, drops: 12)

  @Test func `snoop is read, with its count of drops`() throws {
    let read = try ReadCapture(snoop)
    #expect(
      read.frames == [
        .init(timeNS: 9_000_005_000, wireLength: 60, number: 1, bytes: [1, 2, 3]),
        .init(timeNS: 9_000_006_000, wireLength: 4, number: 2, bytes: [4, 5, 6, 7]),
      ])
    #expect(read.interfaces.map(\.drops) == [12])
    #expect(read.linkTypeName == "EN10MB")
    #expect(read.state == .end)
  }

  @Test func `a cut snoop file keeps what stands before`() throws {
    var cut = snoop
    cut.bytes.removeLast()
    let read = try ReadCapture(cut)
    #expect(read.frames.map(\.number) == [1])
    #expect(read.state == .damaged(CaptureDamage(byteOffset: 16 + 28, frame: 2, cause: .cut)))
  }

  @Test func `ERF is read behind its extension headers, with its count of drops`() throws {
    var capture = CaptureBytes(order: .big)
    for second: UInt64 in 1_700_000_000...1_700_000_002 {
      capture = capture.erfRecord(seconds: second, fraction: 1 << 31, [1, 2, 3, UInt8(second % 10)], lost: 2)
    }
    let read = try ReadCapture(capture)
    #expect(read.frames.map(\.timeNS) == [0, 1, 2].map { 1_700_000_000_500_000_000 + $0 * 1_000_000_000 })
    #expect(read.frames.map(\.bytes) == [[1, 2, 3, 0], [1, 2, 3, 1], [1, 2, 3, 2]])
    #expect(read.interfaces.map(\.drops) == [6])
    #expect(read.state == .end)
  }
}
