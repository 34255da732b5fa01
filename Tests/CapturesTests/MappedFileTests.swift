import Captures
import Foundation
import Testing

/// Files long enough to be mapped, in several parts.
@Suite struct MappedFileTests {
  /// Nine megabytes of frames, of which no two neighbours are alike and some are longer than a page.
  private static let lengths = (0..<2200).map { ($0 * 7919) % 8192 }

  private static func frame(_ number: Int) -> [UInt8] {
    [UInt8](repeating: UInt8(truncatingIfNeeded: number &* 31 | 1), count: lengths[number])
  }

  private static let pcap: [UInt8] = {
    var capture = CaptureBytes.pcap()
    for number in lengths.indices {
      for field in [number, 0, lengths[number], lengths[number]] { capture.add(UInt32(field)) }
      capture.bytes += frame(number)
    }
    return capture.bytes
  }()

  @Test func `every frame of a mapped capture is handed out as it was written`() throws {
    try withTemporaryFile(Self.pcap) { path in
      let read = try ReadCapture(path: path, limit: 100)
      #expect(read.state == .end)
      #expect(read.frames.count == Self.lengths.count)
      let wrong = read.frames.indices.first { place in
        read.frames[place].bytes != Self.frame(place) || read.frames[place].timeNS != Int64(place) * 1_000_000_000
      }
      #expect(wrong == nil)
    }
  }

  @Test(arguments: [8_000_000, 1 << 22, 1 << 22 + 7, 8192 * 500])
  func `a mapped capture that is cut tells the same frame and byte as a pipe`(length: Int) throws {
    let cut = Array(Self.pcap.prefix(length))
    let mapped = try withTemporaryFile(cut) { try ReadCapture(path: $0, limit: 100) }
    let piped = try withTemporaryFile(cut) { path in
      try withPipe(from: path) { try ReadCapture(path: $0, limit: 100) }
    }
    #expect(mapped.frames == piped.frames)
    #expect(mapped.state == piped.state)
    #expect(mapped.state != .end)
  }

  /// How long a file is, how long it is after its first frames were read, and whether that takes mapped bytes away.
  private static let shortenings = [
    (9_000_000, 4096, true), (9_000_000, 3_000_000, true), (9_000_000, 5_000_000, false),
    (2_000_000, 1_999_900, true),
  ]

  @Test(arguments: shortenings)
  func `a file that becomes shorter while it is read ends as such, not the process`(
    whole: Int, length: Int, isMapped: Bool
  ) throws {
    try withTemporaryFile(Array(Self.pcap.prefix(whole))) { path in
      var reader = try CaptureReader(path: path)
      var frames: [[UInt8]] = []
      var state = ReadState.more
      while state == .more {
        state = reader.readFrames(limit: 100) { _, bytes in
          frames.append(unsafe bytes.withUnsafeBytes { unsafe Array($0) })
        }
        if frames.count == 100 { #expect(unsafe truncate(path, off_t(length)) == 0) }
      }
      guard case .damaged(let damage) = state else {
        Issue.record("the file ended as \(state)")
        return
      }
      #expect(damage.cause == (isMapped ? .lost(errno: nil) : .cut))
      let right = zip(Self.lengths.indices, frames).prefix { $1 == Self.frame($0) }.count
      let before = Self.lengths.prefix(right + 1).reduce(24) { $0 + 16 + $1 }
      #expect(before > length, "every frame that is still there was handed out as it was written")
      #expect(frames.count - right <= (isMapped ? Self.recordsOfZeros : 0))
    }
  }

  /// Captures of other formats, in which zeros are no frame but nonsense.
  private static let others: [(name: String, bytes: [UInt8])] = {
    var pcapng = CaptureBytes.pcapng().interface()
    var snoop: [UInt8] = Array("snoop".utf8) + [0, 0, 0] + [0, 0, 0, 2, 0, 0, 0, 4]
    for number in 0..<2000 {
      let frame = [UInt8](repeating: UInt8(truncatingIfNeeded: number | 1), count: 1400)
      pcapng = pcapng.packet(time: UInt64(number), frame)
      let fields: [UInt32] = [1400, 1400, 1424, 0, UInt32(number), 0]
      snoop +=
        fields.flatMap { field in (0..<4).reversed().map { UInt8(truncatingIfNeeded: field >> ($0 * 8)) } } + frame
    }
    return [("pcapng", pcapng.bytes), ("snoop", snoop)]
  }()

  @Test(arguments: others.indices, [1_500_000, 1_500_003])
  func `whatever the zeros look like that a shorter file leaves, the reader says that it lost them`(
    format: Int, length: Int
  ) throws {
    try withTemporaryFile(Self.others[format].bytes) { path in
      var reader = try CaptureReader(path: path)
      var frames = 0
      var state = ReadState.more
      while state == .more {
        state = reader.readFrames(limit: 100) { _, bytes in frames += bytes.byteCount > 0 ? 1 : 0 }
        if frames == 100 { #expect(unsafe truncate(path, off_t(length)) == 0) }
      }
      guard case .damaged(let damage) = state else {
        Issue.record("\(Self.others[format].name) ended as \(state)")
        return
      }
      #expect(damage.cause == .lost(errno: nil))
    }
  }

  /// The rest of a page, read as records that are all zero, and the frame in which the file ends.
  private static let recordsOfZeros = 4096 / 16 + 1

  /// Gives `body` the path of a pipe through which the file comes.
  private func withPipe<Result>(from path: String, _ body: (String) throws -> Result) throws -> Result {
    let pipe = path + ".pipe"
    try #require(mkfifo(pipe, 0o600) == 0)
    let cat = Process()
    cat.executableURL = URL(filePath: "/bin/sh")
    cat.arguments = ["-c", "cat \"$0\" > \"$1\"", path, pipe]
    try cat.run()
    defer { cat.waitUntilExit() }
    return try body(pipe)
  }
}
