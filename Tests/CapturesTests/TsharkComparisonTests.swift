import Foundation
import Testing

/// What tshark reads of a file that it converted itself must be what the reader reads.
@Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/tshark"), "tshark is not installed"))
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
      _ = try run("/usr/bin/tshark", ["-r", path, "-F", format, "-w", converted])
      let fields = ["-T", "fields", "-e", "frame.number", "-e", "frame.time_epoch", "-e", "frame.len"]
      let expected = try run("/usr/bin/tshark", ["-n", "-r", converted] + fields)
      let read = try ReadCapture(path: converted)
      let lines = read.frames.map { frame in
        let (seconds, nanoseconds) = frame.timeNS.quotientAndRemainder(dividingBy: 1_000_000_000)
        let fraction = String(1_000_000_000 + nanoseconds).dropFirst()
        return "\(frame.number)\t\(seconds).\(fraction)\t\(frame.wireLength)"
      }
      #expect(lines.count == 25)
      #expect(lines == expected.split(separator: "\n").map(String.init))
    }
  }

  private func run(_ program: String, _ arguments: [String]) throws -> String {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return String(decoding: data, as: UTF8.self)
  }
}
