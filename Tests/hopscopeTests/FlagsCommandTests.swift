import Foundation
import Testing

/// `hopscope flags` as a user runs it.
struct FlagsCommandTests {
  private static let sample = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Samples/loss-firewall/server.pcap").path

  private func flags(_ arguments: String...) throws -> Program.Outcome { try Program.run(["flags"] + arguments) }

  @Test func `TSV has a header line and a line for each frame with a flag`() throws {
    let outcome = try flags("--format", "tsv", Self.sample)
    let lines = outcome.output.split(separator: "\n")
    #expect(outcome.status == 0)
    #expect(outcome.errors == "")
    #expect(lines.first == "frame.number\ttcp.stream\tflags")
    #expect(lines.count == 164)
    #expect(lines.contains { $0.hasSuffix("\tretransmission,fast_retransmission") })
  }

  @Test func `JSON has the same frames with every value and a cause`() throws {
    struct Report: Decodable {
      var schema: String
      var packets: Int
      var frames: [Frame]
      struct Frame: Decodable {
        var frame: Int
        var flags: [String]
        var cause: Cause?
      }
      struct Cause: Decodable {
        var kind: String
        var confidence: Double
        var evidence: [String]
      }
    }
    let outcome = try flags("--format", "json", Self.sample)
    let report = try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8))
    let lines = try flags("--format", "tsv", Self.sample).output.split(separator: "\n").dropFirst()
    #expect(report.schema == "hopscope.flags/1")
    #expect(
      report.frames.map { "\($0.frame) \($0.flags.joined(separator: ","))" }
        == lines.map { line in
          let cells = line.split(separator: "\t")
          return "\(cells[0]) \(cells[2])"
        })
    let repeated = report.frames.filter { $0.flags.contains("retransmission") }
    #expect(!repeated.isEmpty)
    #expect(!repeated.contains { $0.cause == nil })
    let all = try flags("--format", "json", "--all", Self.sample)
    #expect(try JSONDecoder().decode(Report.self, from: Data(all.output.utf8)).frames.count == report.packets)
  }

  @Test func `text names streams, frames and causes`() throws {
    let outcome = try flags(Self.sample)
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("10.9.2.") && outcome.output.contains("Duplicate ACK"))
    #expect(outcome.output.contains("repaired because of SACKs"))
  }

  @Test(arguments: ["--format tsv /nowhere.pcap → 3", "--format tsv / → 3", "--format xml x → 2", " → 2", "a b → 2"])
  func `what cannot be read ends with 3, what cannot be meant with 2`(given: String) throws {
    let parts = given.split(separator: "→").map { $0.split(separator: " ").map(String.init) }
    let outcome = try Program.run(["flags"] + (parts.count == 2 ? parts[0] : []))
    #expect("\(outcome.status)" == parts.last?.first)
    #expect(outcome.output == "")
    #expect(!outcome.errors.isEmpty)
  }

  @Test func `a capture that is cut is analysed up to there, and it is said`() throws {
    try withTemporaryFolder { folder in
      let path = try folder.add("cut.pcap", Data(contentsOf: URL(filePath: Self.sample)).dropLast(7))
      let outcome = try flags("--format", "tsv", path)
      #expect(outcome.status == 0)
      #expect(outcome.errors.contains("is cut within frame"))
      #expect(outcome.output.split(separator: "\n").count > 100)
    }
  }

  @Test func `a capture without TCP has the header line alone`() throws {
    try withTemporaryFolder { folder in
      let outcome = try flags("--format", "tsv", try folder.add("arp.pcap"))
      #expect(outcome.status == 0)
      #expect(outcome.output == "frame.number\ttcp.stream\tflags\n")
    }
  }
}
