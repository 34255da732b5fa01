import Foundation
import Testing

/// `hopscope analyze --wireshark` as a user runs it.
struct WiresharkWordsCommandTests {
  private static let sample = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Samples/loss-firewall")

  private struct Report: Decodable {
    var events: [Event]
    var wireshark: Words?
    struct Event: Decodable {
      var kind: String
      var upstream: Frame?
    }
    struct Frame: Decodable, Hashable {
      var point: String
      var frame: Int
    }
  }

  private struct Words: Decodable {
    var schema: String?
    var connections_not_followed: Int
    var points: [Point]
    var words: [Word]
    struct Point: Decodable {
      var point: String
      var flags: [Flag]
    }
    struct Flag: Decodable {
      var flag: String
      var said: Int
      var `true`: Int?
      var misleading: Int?
      var undecided: Int?
    }
    struct Word: Decodable {
      var point: String
      var frame: Int
      var flag: String
      var verdict: String
      var cause: String
      var proof: [Proof]
    }
    struct Proof: Decodable {
      var point: String
      var frame: Int
      var shows: String
    }
  }

  private func report(_ arguments: String...) throws -> Report {
    let outcome = try Program.run(["analyze", "--format", "json"] + arguments + [Self.sample.path])
    return try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8))
  }

  @Test func `without the option the report has no such key`() throws {
    #expect(try report().wireshark == nil)
  }

  @Test func `every point counts as many flags as the flags of its capture`() throws {
    let words = try #require(report("--wireshark").wireshark)
    #expect(words.points.count == 8 && words.connections_not_followed == 0)
    for point in words.points {
      let file = Self.sample.appending(path: "\(point.point).pcap").path
      var said: [String: Int] = [:]
      for line in try Program.run(["flags", "--format", "tsv", file]).output.split(separator: "\n").dropFirst() {
        for flag in line.split(separator: "\t")[2].split(separator: ",") { said[String(flag), default: 0] += 1 }
      }
      #expect(Dictionary(uniqueKeysWithValues: point.flags.map { ($0.flag, $0.said) }) == said, "\(point.point)")
      for flag in point.flags {
        if let correct = flag.true, let misleading = flag.misleading, let undecided = flag.undecided {
          #expect(correct + misleading + undecided == flag.said)
        } else {
          #expect(["duplicate_ack", "window_update", "keep_alive"].contains(flag.flag))
        }
      }
    }
  }

  @Test func `what firewalls lost is behind every retransmission, and the frame of each drop proves it`() throws {
    let report = try report("--wireshark")
    let words = try #require(report.wireshark).words
    let drops = Set(report.events.filter { $0.kind == "drop" }.compactMap(\.upstream))
    let repairs = words.filter { $0.flag.contains("retransmission") }
    #expect(repairs.count > 50)
    for word in repairs {
      #expect(word.verdict == "true" && word.cause == "answers-loss", "\(word)")
      #expect(word.proof.count == 1 && word.proof[0].shows == "lost")
      #expect(drops.contains { $0.point == word.proof[0].point && $0.frame == word.proof[0].frame })
    }
    let swapped = words.filter { $0.flag == "out_of_order" }
    #expect(!swapped.isEmpty && swapped.allSatisfy { $0.verdict == "misleading" && $0.cause == "answers-loss" })
  }

  @Test func `text has a section, and the folder a file of its own`() throws {
    try withTemporaryFolder { folder in
      let outcome = try Program.analyze("--wireshark", "-o", folder.path, "--width", "120", Self.sample.path)
      #expect(outcome.status == 0)
      #expect(outcome.output.contains("WIRESHARK'S WORDS") && outcome.output.contains("Misleading:"))
      #expect(outcome.output.split(separator: "\n").allSatisfy { $0.unicodeScalars.count <= 120 })
      let file = try Data(contentsOf: folder.appending(path: "flags.json"))
      #expect(try JSONDecoder().decode(Words.self, from: file).schema == "hopscope.words/1")
      let plain = try Program.analyze("--width", "120", Self.sample.path)
      #expect(!plain.output.contains("WIRESHARK'S WORDS"))
    }
  }
}
