import Captures
import Files
import Foundation
import TestSupport
import Testing

@testable import Exports

@Suite struct PcapngFileTests {
  @Test func `what is written is read back, in nanoseconds, with both interfaces`() throws {
    try withFolder { folder in
      let path = try folder.file("out.pcapng")
      var file = try PcapngFile(path: path, comment: "a comment")
      file.addInterface(linkType: 1, name: "client", description: "")
      file.addInterface(linkType: 1, name: "server", description: "behind the firewall")
      for number in 0..<3 {
        try file.addFrame(
          interface: number % 2, timeNS: 1_700_000_000_123_456_789 + Int64(number), wireLength: 100 + number,
          bytes: [UInt8](repeating: UInt8(number), count: 21 + number), comments: number == 1 ? ["one", "zwei €"] : [])
      }
      try file.flush()

      var reader = try CaptureReader(path: path)
      var frames: [String] = []
      let state = reader.readFrames(limit: 10) { frame, bytes in
        frames.append("\(frame.number) \(frame.timeNS) \(frame.wireLength) \(bytes.byteCount)")
      }
      #expect(state == .end)
      #expect(
        frames == [
          "1 1700000000123456789 100 21", "2 1700000000123456790 101 22", "3 1700000000123456791 102 23",
        ])
    }
  }

  @Test(.enabled(if: InstalledTshark.isInstalled, "tshark is not installed"))
  func `Wireshark shows the interfaces and every comment`() throws {
    try withFolder { folder in
      let path = try folder.file("out.pcapng")
      var file = try PcapngFile(path: path, comment: "a comment")
      file.addInterface(linkType: 1, name: "client", description: "near")
      file.addInterface(linkType: 101, name: "server", description: "far")
      let long = String(repeating: "ä", count: 40_000)
      try file.addFrame(interface: 1, timeNS: 5, wireLength: 20, bytes: [0x45], comments: ["one", "two"])
      try file.addFrame(interface: 0, timeNS: 6, wireLength: 20, bytes: [1, 2, 3], comments: [long])
      try file.flush()
      let fields = ["frame.number", "frame.interface_name", "frame.interface_description", "frame.comment"]
      let output = try InstalledTshark.run(["-r", path, "-T", "fields"] + fields.flatMap { ["-e", $0] })
      let lines = output.split(separator: "\n")
      #expect(lines.first == "1\tserver\tfar\tone,two")
      #expect(lines.last?.hasPrefix("2\tclient\tnear\tää") == true)
    }
  }

  @Test(arguments: [(Int32(1), UInt16(1)), (12, 101), (11, 100), (113, 113), (276, 276)])
  func `link types are those of files`(number: Int32, inFile: UInt16) {
    #expect(fileLinkType(number) == inFile)
  }

  @Test func `a disk that is full is an error with the file's name`() {
    #expect(throws: ExportError.file(FileError(path: "/dev/full", number: ENOSPC))) {
      var file = try PcapngFile(path: "/dev/full", comment: "")
      try file.flush()
    }
  }
}
