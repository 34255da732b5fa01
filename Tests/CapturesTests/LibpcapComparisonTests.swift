import Captures
import Foundation
import Testing

/// Both readers must hand out the same frames of every file that libpcap reads.
@Suite struct LibpcapComparisonTests {
  @Test(arguments: CaptureFiles.libpcapReads)
  func `frames are those that libpcap reads`(path: String) throws {
    let expected = LibpcapReading(path: path)
    let read = try ReadCapture(path: path)
    #expect(expected.isWhole && read.state == .end, "\(expected.message)")
    #expect(read.linkTypeName == expected.linkTypeName)
    #expect(read.frames.map(\.plain) == expected.frames)
    #expect(!expected.frames.isEmpty)
  }

  @Test(arguments: CaptureBytes.Order.allCases, [0xA1B2_C3D4, 0xA1B2_3C4D, 0xA1B2_CD34] as [UInt32])
  func `a pcap file that is cut at any byte gives the frames that libpcap gives`(
    order: CaptureBytes.Order, magic: UInt32
  ) throws {
    let padding: [UInt8] = magic == 0xA1B2_CD34 ? [UInt8](repeating: 7, count: 8) : []
    var capture = CaptureBytes.pcap(order, magic: magic, snapLength: 40)
    for port: UInt16 in 1...4 {
      let frame = Array(Frames.udp(toPort: port).prefix(20 + 8 * Int(port)))
      let length = UInt32(frame.count)
      capture = capture.record(seconds: 9, fraction: UInt32(port), padding + frame, captured: length, wire: length)
    }
    try compareCuts(of: capture)
  }

  @Test(arguments: CaptureBytes.Order.allCases)
  func `a pcapng file that is cut at any byte gives the frames that libpcap gives`(
    order: CaptureBytes.Order
  ) throws {
    try compareCuts(
      of: CaptureBytes.pcapng(order).interface(resolution: 9).packet(time: 1, [1, 2, 3]).interface()
        .packet(interface: 1, time: 2, [4]).packet(time: 3, [5, 6]))
  }

  @Test(arguments: [0, 2, 3] as [UInt16])
  func `the lengths of old versions are read in their order`(minor: UInt16) throws {
    let capture = CaptureBytes.pcap(.big, version: (2, minor)).record(
      seconds: 1, fraction: 2, [1, 2, 3], captured: minor == 3 ? 3 : 60, wire: minor == 3 ? 60 : 3)
    try withTemporaryFile(capture.bytes) { path in
      let read = try ReadCapture(path: path)
      #expect(read.frames.map(\.plain) == LibpcapReading(path: path).frames)
      #expect(read.frames.map(\.wireLength) == [60])
    }
  }

  /// Any folder of captures, for whoever has more of them than fit here.
  @Test(.enabled(if: CaptureFiles.folderToCompare != nil, "set HOPSCOPE_CAPTURES to a folder of captures"))
  func `frames of a folder are those that libpcap reads`() throws {
    let folder = try #require(CaptureFiles.folderToCompare)
    for path in CaptureFiles.all(below: folder) {
      let expected = LibpcapReading(path: path)
      guard let read = try? ReadCapture(path: path) else {
        #expect(expected.frames.isEmpty, "\(path)")
        continue
      }
      let frames = read.frames.map(\.plain)
      #expect(frames.count >= expected.frames.count, "\(path): \(expected.message)")
      #expect(Array(frames.prefix(expected.frames.count)) == expected.frames, "\(path)")
      if expected.isWhole { #expect(read.state == .end && frames.count == expected.frames.count, "\(path)") }
    }
  }

  private func compareCuts(of capture: CaptureBytes) throws {
    for length in 24..<capture.bytes.count {
      try withTemporaryFile(Array(capture.bytes.prefix(length))) { path in
        let expected = LibpcapReading(path: path)
        let read = try? ReadCapture(path: path)
        #expect((read?.frames ?? []).map(\.plain) == expected.frames, "cut at \(length)")
        #expect((read?.state == .end) == expected.isWhole, "cut at \(length): \(expected.message)")
      }
    }
  }
}
