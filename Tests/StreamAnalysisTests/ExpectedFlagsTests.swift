import Captures
import Foundation
import Packets
import StreamAnalysis
import Testing

/// The flags of real captures, as tshark 4.0.17 lists them; `make flags` writes the lists anew.
struct ExpectedFlagsTests {
  static let top = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Expected")
  /// Paths of the captures; each list is named after one.
  static let captures: [String] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.filter { $0.hasSuffix(".tsv") }.sorted().map {
      $0.dropLast(4).replacingOccurrences(of: "%", with: "/")
    }
  }()

  @Test func `there are captures to compare`() { #expect(Self.captures.count >= 12) }

  @Test(arguments: captures)
  func `each frame has the flags and the stream that tshark gives it`(capture: String) throws {
    let list = Self.folder.appending(path: capture.replacingOccurrences(of: "/", with: "%") + ".tsv")
    let expected = try String(contentsOf: list, encoding: .utf8).split(separator: "\n").map(String.init)
    let lines = try flagLines(of: Self.top.appending(path: capture).path)
    #expect(lines == expected)
  }
}

/// What the analysis says of a capture, in the form of the lists.
func flagLines(of path: String) throws -> [String] {
  var reader = try CaptureReader(path: path)
  let decoder = PacketDecoder(linkType: LinkType(rawValue: reader.linkType))
  var analyser = StreamAnalyser()
  var packet = DecodedPacket()
  var lines = ["frame.number\ttcp.stream\tflags"]
  var state = ReadState.more
  while state == .more {
    state = reader.readFrames(limit: 1000) { frame, bytes in
      guard decoder.decode(bytes, wireLength: frame.wireLength, into: &packet) == .packet else { return }
      packet.record.timeNS = frame.timeNS
      packet.record.frame = UInt32(frame.number)
      guard let said = analyser.add(packet), !said.analysis.flags.isEmpty else { return }
      lines.append("\(frame.number)\t\(said.stream)\t\(said.analysis.flags)")
    }
  }
  #expect(state == .end)
  return lines
}
