import Foundation
import Testing

@testable import hopscope

/// Reports that can be shown to others: no address of the captures in anything that is written.
@Suite struct AnonymizeTests {
  private static let samples = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Samples")

  /// Every address of the samples: of the clients, the boxes, the balancer and the servers (Samples/README.md).
  private static var pattern: Regex<Substring> { /10\.1\.0\.|10\.9\.[12]\.|203\.0\.113\.|198\.51\.100\./ }

  @Test(arguments: ["loss-firewall", "ack-mangle", "udp"])
  func `no address of the captures is in any report`(name: String) throws {
    try withTemporaryFolder { folder in
      let sample = Self.samples.appending(path: name)
      let archive = folder.appending(path: "masked.db").path
      let reports = folder.appending(path: "reports")
      // An address in the name of a file, too.
      let renamed = folder.appending(path: "10.1.0.13.pcap")
      try FileManager.default.copyItem(at: sample.appending(path: "client.pcap"), to: renamed)
      let inputs = [renamed.path] + ["fw1-in", "fw1-out", "server"].map { sample.appending(path: "\($0).pcap").path }
      let arguments = ["analyze", "--anonymize=a key", "--db", archive, "-o", reports.path] + inputs
      let outcome = try Program.run(arguments)
      #expect(outcome.status == 0)
      var outputs = [outcome.output]
      for report in try FileManager.default.contentsOfDirectory(at: reports, includingPropertiesForKeys: nil) {
        outputs.append(try String(contentsOf: report, encoding: .utf8))
      }
      outputs.append(String(decoding: try Data(contentsOf: URL(filePath: archive)), as: UTF8.self))
      for verb in [["show", archive, "connection", "1"], ["show", archive, "points"], ["show", archive, "nat"]] {
        outputs.append(try Program.run(verb).output)
      }
      outputs.append(try Program.run(["compare", archive, archive, "--format", "json"]).output)
      #expect(outputs.count >= 8)
      for output in outputs {
        #expect(!output.isEmpty)
        #expect(output.firstMatch(of: Self.pattern) == nil)
      }
      // The reports are not empty of addresses: they have others.
      #expect(outputs[0].firstMatch(of: /\d+\.\d+\.\d+\.\d+:\d+/) != nil)
      // Frames are not masked, so none are exported.
      let frames = folder.appending(path: "frames.pcapng").path
      #expect(try Program.run(["export", "--pcapng", frames, archive]).status == 3)
      #expect(!FileManager.default.fileExists(atPath: frames))
      let again = try Program.run(arguments)
      #expect(again.output == outcome.output)
    }
  }

  @Test func `a key need not be given, and is another one each time`() throws {
    try withTemporaryFolder { folder in
      let inputs = ["client", "server"].map { Self.samples.appending(path: "udp/\($0).pcap").path }
      let outputs = try (0..<2).map { _ in try Program.run(["analyze", "--anonymize"] + inputs) }
      #expect(outputs.map(\.status) == [0, 0])
      #expect(outputs[0].output != outputs[1].output)
      #expect(outputs[0].output.firstMatch(of: Self.pattern) == nil)
    }
  }

  @Test(
    arguments: [
      (["analyze", "--anonymize", "a"], ["analyze", "--anonymize=\u{1}", "a"]), (["--anonymize=k"], ["--anonymize=k"]),
      (["--", "--anonymize"], ["--", "--anonymize"]), ([], []),
    ] as [([String], [String])])
  func `the option alone stands for one without a value`(typed: [String], meant: [String]) {
    #expect(Hopscope.spelledOut(typed) == meant)
  }
}
