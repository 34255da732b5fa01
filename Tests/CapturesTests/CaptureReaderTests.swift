import Captures
import Testing

@Suite struct CaptureReaderTests {
  @Test(arguments: CaptureBytes.Order.allCases, [(0xA1B2_C3D4 as UInt32, 1000 as Int64), (0xA1B2_3C4D, 1)])
  func `pcap is read in both byte orders with µs and ns times`(
    order: CaptureBytes.Order, magicAndUnit: (UInt32, Int64)
  ) throws {
    let capture = CaptureBytes.pcap(order, magic: magicAndUnit.0)
      .record(seconds: 1_700_000_000, fraction: 123_456, [1, 2, 3])
      .record(seconds: 1_700_000_001, fraction: 7, [4, 5], wire: 1500)
    let read = try ReadCapture(capture)
    let second: Int64 = 1_700_000_000_000_000_000
    #expect(
      read.frames == [
        .init(timeNS: second + 123_456 * magicAndUnit.1, wireLength: 3, number: 1, bytes: [1, 2, 3]),
        .init(timeNS: second + 1_000_000_000 + 7 * magicAndUnit.1, wireLength: 1500, number: 2, bytes: [4, 5]),
      ])
    #expect(read.state == .end)
    #expect(read.linkTypeName == "EN10MB")
  }

  @Test(arguments: CaptureBytes.Order.allCases)
  func `pcapng is read with each interface's own time resolution`(order: CaptureBytes.Order) throws {
    let capture = CaptureBytes.pcapng(order).interface(resolution: 9).interface()
      .packet(interface: 0, time: 1_700_000_000_123_456_789, [1, 2, 3, 4, 5])
      .packet(interface: 1, time: 1_700_000_000_123_457, [6])
    let read = try ReadCapture(capture)
    #expect(read.frames.map(\.timeNS) == [1_700_000_000_123_456_789, 1_700_000_000_123_457_000])
    #expect(read.frames.map(\.bytes) == [[1, 2, 3, 4, 5], [6]])
    #expect(read.state == .end)
  }

  @Test func `times after 2038 are not taken for negative ones`() throws {
    let read = try ReadCapture(CaptureBytes.pcap().record(seconds: 4_291_747_200, fraction: 0, [1]))
    #expect(read.frames.map(\.timeNS) == [4_291_747_200_000_000_000])
  }

  @Test func `a time that no 64-bit nanosecond can hold is clamped`() throws {
    let read = try ReadCapture(CaptureBytes.pcapng().interface(resolution: 0).packet(time: 1 << 62, [1]))
    #expect(read.frames.map(\.timeNS) == [.max])
  }

  @Test(arguments: [CaptureBytes.pcap(), CaptureBytes.pcapng().interface()])
  func `a capture without packets ends at once`(capture: CaptureBytes) throws {
    try withTemporaryFile(capture.bytes) { path in
      var reader = try CaptureReader(path: path)
      let state = reader.readFrames(limit: 10) { _, _ in Issue.record("there is no frame") }
      #expect(state == .end)
      let (first, read) = (reader.firstTimeNS, reader.framesRead)
      #expect(first == nil)
      #expect(read == 0)
    }
  }

  @Test func `the first time and the sizes are known before any frame is handed out`() throws {
    let capture = CaptureBytes.pcap(snapLength: 96, linkType: 101).record(seconds: 5, fraction: 6, [0x45])
    try withTemporaryFile(capture.bytes) { path in
      let reader = try CaptureReader(path: path)
      let known = (
        reader.firstTimeNS, reader.interfaces[0].snapLength, reader.fileSize, reader.linkTypeName, reader.framesRead
      )
      #expect(known == (5_000_006_000, 96, 24 + 16 + 1, "RAW", 0))
    }
  }

  @Test(arguments: [1, 2, 3, 100])
  func `batches of any size hand out the same frames`(limit: Int) throws {
    var capture = CaptureBytes.pcap()
    for second in 1...7 { capture = capture.record(seconds: UInt32(second), fraction: 0, [UInt8(second)]) }
    let read = try ReadCapture(capture, limit: limit)
    #expect(read.frames.map(\.number) == Array(1...7))
    #expect(read.frames.map(\.bytes) == (1...7).map { [$0] })
    #expect(read.state == .end)
  }

  @Test func `bytes read reach the size of the file`() throws {
    try withTemporaryFile(CaptureBytes.pcap().record(seconds: 1, fraction: 0, [1]).bytes) { path in
      var reader = try CaptureReader(path: path)
      _ = reader.readFrames(limit: 10) { _, _ in }
      let (read, size) = (reader.bytesRead, reader.fileSize)
      #expect(read == size)
    }
  }

  @Test func `a length on the wire is never less than what was captured`() throws {
    let read = try ReadCapture(CaptureBytes.pcap().record(seconds: 1, fraction: 0, [1, 2, 3], wire: 1))
    #expect(read.frames.map(\.wireLength) == [3])
  }

  @Test func `a filter leaves the frame numbers as they are in the file`() throws {
    var capture = CaptureBytes.pcap()
    for port: UInt16 in [53, 80, 53, 80, 80] {
      capture = capture.record(seconds: 1, fraction: 0, Frames.udp(toPort: port))
    }
    let read = try ReadCapture(capture, filter: "udp dst port 53")
    #expect(read.frames.map(\.number) == [1, 3])
    #expect(read.rejected == 3)
    #expect(read.state == .end)
  }
}
