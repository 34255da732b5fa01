import Foundation
import TestSupport
import Testing

/// What tshark reads of a file that it converted itself must be what the reader reads.
@Suite(.enabled(if: InstalledTshark.isInstalled, "tshark is not installed"))
struct TsharkComparisonTests {
  @Test(arguments: ["pcap", "nsecpcap", "pcapng"])
  func `frames and times are those that tshark reads`(format: String) throws {
    var capture = CaptureBytes.pcap(.big, magic: 0xA1B2_3C4D)
    for index: UInt32 in 0..<25 {
      capture = capture.record(
        seconds: 1_700_000_000 + index / 3, fraction: 999_999_999 - index, Frames.udp(toPort: UInt16(index)))
    }
    try withTemporaryFile(capture.bytes) { path in
      let converted = path + "." + format
      _ = try InstalledTshark.run(["-r", path, "-F", format, "-w", converted])
      let count = try compare(converted)
      #expect(count == 25)
    }
  }

  @Test(arguments: CaptureFiles.all(below: CaptureFiles.folder.path))
  func `frames of a file of others are those that tshark reads`(path: String) throws {
    let count = try compare(path)
    #expect(count > 0)
  }

  @Test func `frames of a snoop and of an ERF file are those that tshark reads`() throws {
    var snoop = CaptureBytes.snoop()
    var erf = CaptureBytes(order: .big)
    for index: UInt32 in 1...5 {
      let frame = Frames.udp(toPort: UInt16(index)) + [UInt8](repeating: 1, count: Int(index))
      snoop = snoop.snoopRecord(
        seconds: 1_700_000_000, microseconds: index, frame, wire: UInt32(frame.count) + index, drops: 0)
      erf = erf.erfRecord(seconds: 1_700_000_000, fraction: UInt64(index) << 20, frame)
    }
    for capture in [snoop, erf] {
      let count = try withTemporaryFile(capture.bytes) { try compare($0) }
      #expect(count == 5)
    }
  }

  /// Compares numbers, times and lengths on the wire; says how many frames there are.
  ///
  /// tshark shows an empty time where there is none, and records that are no packets, which have numbers too.
  private func compare(_ path: String) throws -> Int {
    let fields = ["-T", "fields", "-e", "frame.number", "-e", "frame.time_epoch", "-e", "frame.len"]
    let expected = try InstalledTshark.run(["-n", "-r", path] + fields).split(separator: "\n").map { line in
      String(line).replacing("\t\t", with: "\t0.000000000\t")
    }
    let read = try ReadCapture(path: path)
    let numbers = Set(read.frames.map { String($0.number) })
    let lines = read.frames.map { frame in
      let (seconds, nanoseconds) = frame.timeNS.quotientAndRemainder(dividingBy: 1_000_000_000)
      let fraction = String(1_000_000_000 + nanoseconds).dropFirst()
      return "\(frame.number)\t\(seconds).\(fraction)\t\(frame.wireLength)"
    }
    #expect(lines == expected.filter { numbers.contains(String($0.prefix { $0 != "\t" })) })
    #expect(read.framesRead == expected.count)
    return lines.count
  }
}
