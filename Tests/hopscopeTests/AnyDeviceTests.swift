import ArgumentParser
import Captures
import Foundation
import Packets
import TestSupport
import Testing

@testable import hopscope

/// Captures of Linux's "any" device, whose frames tell the interface that they are of.
@Suite struct AnyDeviceTests {
  @Test func `each interface is a point of the same box, and the loopback is none`() throws {
    try withTemporaryFolder { folder in
      let path = try folder.add("fw.pcap", Self.capture(of: [3, 1, 2, 3]))
      let inputs = try InputResolver.resolve([path], topology: nil)
      #expect(inputs.points.map(\.name) == ["fw-2", "fw-3"])
      #expect(inputs.points.map(\.box) == ["fw", "fw"])
      let interfaces = [BusyInterface(key: "2", packets: 1), BusyInterface(key: "3", packets: 2)]
      let remark = Remark.severalInterfaces(
        path: path, interfaces: interfaces, points: ["fw-2", "fw-3"], loopback: BusyInterface(key: "1", packets: 1))
      #expect(inputs.remarks == [remark])
      #expect(remark.sentence.contains("left out: 1, the loopback (1 packets)"))
      #expect(try InputResolver.resolve(["x=\(path)"], topology: nil).points.map(\.name) == ["x-2", "x-3"])
    }
  }

  @Test(arguments: [[2, 2], [1, 2, 1], [1]] as [[UInt32]])
  func `one interface, with or without the loopback, is one point, and nothing is said`(numbers: [UInt32]) throws {
    try withTemporaryFolder { folder in
      let path = try folder.add("client.pcap", Self.capture(of: numbers))
      let inputs = try InputResolver.resolve([path], topology: nil)
      #expect(inputs.points == [InputPoint(name: "client", files: [InputFile(location: CaptureLocation(path: path))])])
      #expect(inputs.remarks.isEmpty)
    }
  }

  @Test func `interfaces that nobody could look at one by one are one point, and that is said`() throws {
    try withTemporaryFolder { folder in
      let path = try folder.add("node.pcap", Self.capture(of: Array(2...18)))
      #expect(try InputResolver.resolve([path], topology: nil).points.map(\.name) == ["node"])
      #expect(try Program.analyze(path).errors.contains("holds the packets of 17 interfaces, taken for one point"))
    }
  }

  @Test func `a further capture with one of the interfaces belongs to the point of that`() throws {
    try withTemporaryFolder { folder in
      let first = try folder.add("ring/fw.pcap0", Self.capture(of: [2, 2, 1]))
      let second = try folder.add("ring/fw.pcap1", Self.capture(of: [3, 2]))
      let third = try folder.add("ring/fw.pcap2", Self.capture(of: [4]))
      let fourth = try folder.add("ring/fw.pcap3", Self.capture(of: []))
      let inputs = try InputResolver.resolve(["fw=\(folder.path)/ring"], topology: nil)
      #expect(inputs.points.map(\.name) == ["fw-2", "fw-3", "fw-4"])
      #expect(inputs.points.map(\.box) == ["fw", "fw", "fw"])
      #expect(inputs.points.map { $0.files.map(\.path) } == [[second, first, fourth], [second], [third]])
      #expect(inputs.points.map { $0.files.map(\.interface) } == [["2", "2", nil], ["3"], ["4"]])
    }
  }

  @Test func `damage is said once of a capture of several interfaces`() throws {
    try withTemporaryFolder { folder in
      let path = try folder.add("fw.pcap", Self.capture(of: [2, 3, 2]).dropLast())
      let errors = try Program.analyze(path).errors
      #expect(errors.components(separatedBy: "is cut within frame 3").count == 2)
    }
  }

  @Test func `the topology names an interface by file and number, and its box`() throws {
    try withTemporaryFolder { folder in
      let path = try folder.add("fw.pcap", Self.capture(of: [2, 3]))
      let json = ##"{"points":[{"name":"in","file":"fw.pcap#2","box":"A"},{"name":"out","file":"fw.pcap#3"}]}"##
      let topology = try folder.add("topology.json", Data(json.utf8))
      let command = try AnalyzeCommand.parse(["--topology", topology, path])
      let options = try AnalyzeOptions(command, terminal: Terminal.current())
      #expect(options.boxes == ["in": "A", "out": "fw"])
    }
  }

  @Test func `a pipe is read as one point, and that is said; the loopback is no reason to say it`() throws {
    let both = try Program.run(["analyze", "fw=-"], input: Self.capture(of: [1, 2, 3]))
    #expect(both.errors.contains("2 interfaces (2, 3)") && both.errors.contains("only once"))
    #expect(try !Program.run(["analyze", "fw=-"], input: Self.capture(of: [1, 2])).errors.contains("interfaces"))
    let one = try Program.run(["analyze", "--verbose", "fw=-#3"], input: Self.capture(of: [1, 2, 3, 3]))
    #expect(one.errors.contains("fw: 2 packets"))
  }

  @Test func `both sides of a box in one capture say what a capture of each says`() throws {
    try withTemporaryFolder { folder in
      let sample = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Samples/loss-firewall").path
      let path = try folder.add("fw1.pcap", try Self.merged(2, "\(sample)/fw1-in.pcap", 3, "\(sample)/fw1-out.pcap"))
      let apart = try report("\(sample)/client.pcap", "fw1-2=\(sample)/fw1-in.pcap", "fw1-3=\(sample)/fw1-out.pcap")
      let together = try report("\(sample)/client.pcap", path)
      #expect(together.losses == apart.losses && apart.losses.contains { $0 > 0 })
      #expect(together.points == apart.points)
      #expect(together.inside == [nil, "fw1"])
    }
  }

  @Test func `both sides in a capture that does not tell interfaces apart is said`() throws {
    try withTemporaryFolder { folder in
      let sample = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Samples/loss-firewall").path
      // As if both were of one interface.
      let data = try Self.merged(2, "\(sample)/fw1-in.pcap", 2, "\(sample)/fw1-out.pcap")
      let both = try folder.add("fw1.pcap", data)
      let outcome = try Program.analyze("\(sample)/client.pcap", both)
      #expect(outcome.output.contains("(both-sides-captured, 99 % sure)"))
      #expect(outcome.output.contains("in one capture (fw1)"))
      let whole = try Program.analyze(
        "\(sample)/client.pcap", both, "\(sample)/fw2-in.pcap", "\(sample)/fw2-out.pcap", "\(sample)/lb-in.pcap")
      #expect(whole.output.contains("between fw1 and fw2-out possibly loses packets"))
      #expect(!(try Program.analyze("\(sample)/client.pcap", "\(sample)/fw1-in.pcap").output.contains("both-sides")))
    }
  }

  private func report(_ inputs: String...) throws -> (points: [String], losses: [Int], inside: [String?]) {
    let outcome = try Program.run(["analyze", "--format", "json"] + inputs)
    let object = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    let points = try #require(object["points"] as? [[String: Any]]).compactMap { $0["name"] as? String }
    let segments = try #require(object["segments"] as? [[String: Any]])
    let losses = segments.flatMap { segment in
      ["c2s", "s2c"].map { ((segment[$0] as? [String: Any])?["lost"] as? Int) ?? -1 }
    }
    return (points, losses, segments.map { $0["inside"] as? String })
  }

  /// One frame of each of these interfaces; 1 is the loopback.
  private static func capture(of numbers: [UInt32]) -> Data {
    let frames = numbers.enumerated().map { index, number in
      CapturedFrame(
        timeNS: Int64(index + 1) * 1_000_000_000, bytes: cooked(number, [8, 0], Array(repeating: 0, count: 20)))
    }
    return Data(PcapWriter(linkType: LinkType(rawValue: 276)).file(frames))
  }

  /// Two Ethernet captures as one of the "any" device would be.
  private static func merged(_ first: UInt32, _ firstPath: String, _ second: UInt32, _ secondPath: String) throws
    -> Data
  {
    var frames: [CapturedFrame] = []
    for (number, path) in [(first, firstPath), (second, secondPath)] {
      var reader = try CaptureReader(path: path)
      var read: [CapturedFrame] = []
      _ = reader.readFrames(limit: .max) { frame, bytes in
        let ethernet = unsafe bytes.withUnsafeBytes { unsafe Array($0) }
        read.append(
          CapturedFrame(
            timeNS: frame.timeNS, bytes: cooked(number, Array(ethernet[12..<14]), Array(ethernet[14...])),
            wireLength: frame.wireLength + 6))
      }
      frames += read
    }
    frames.sort { $0.timeNS < $1.timeNS }
    return Data(PcapWriter(linkType: LinkType(rawValue: 276)).file(frames))
  }

  private static func cooked(_ number: UInt32, _ etherType: [UInt8], _ packet: [UInt8]) -> [UInt8] {
    let hardware: [UInt8] = number == 1 ? [3, 4] : [0, 1]
    return etherType + [0, 0] + (0..<4).reversed().map { UInt8(truncatingIfNeeded: number >> (8 * UInt32($0))) }
      + hardware + [0, 6, 2, 0, 0, 0, 0, 1, 0, 0] + packet
  }
}
