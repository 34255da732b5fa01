import Foundation
import TestSupport
import Testing

/// The verbs around an archive, on samples, as a user types them.
@Suite struct VerbTests {
  private static let samples = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Samples")

  /// Keeps the analysis of a sample; gives the path of the archive.
  private func archive(_ name: String, in folder: URL, captures: URL? = nil) throws -> String {
    let sample = captures ?? Self.samples.appending(path: name)
    let archive = folder.appending(path: "\(name).db").path
    let topology = sample.appending(path: "topology.json").path
    let outcome = try Program.analyze(sample.path, "--topology", topology, "--db", archive)
    #expect(outcome.status == 0)
    return archive
  }

  @Test func `every table is shown`() throws {
    try withTemporaryFolder { folder in
      let archive = try archive("loss-firewall", in: folder)
      for (arguments, says) in [
        ([], "fw1 (fw1-in → fw1-out) loses packets"), (["points"], "as it was analysed"),
        (["segments"], "fw1-in → fw1-out"), (["connections", "--troubled", "--limit", "3"], "the first 3 of"),
        (["connection", "1"], "LADDER"),
        (["events", "--kind", "drop", "--between", "fw1-in,fw1-out", "--connection", "1"], "drop"),
        (["event", "1"], "EVENT 1"),
        (["findings", "--severity", "fault"], "loss"), (["finding", "1"], "✗ FAULT"), (["nat"], "203.0.113.2"),
        (["clocks"], "client (reference)"),
      ] as [([String], String)] {
        let outcome = try Program.run(["show", archive] + arguments)
        #expect(outcome.status == 0, "\(arguments): \(outcome.errors)")
        #expect(outcome.output.contains(says), "\(arguments)")
        #expect(!outcome.output.contains("\u{1B}"))
      }
    }
  }

  @Test func `a connection is followed packet by packet from the archive alone`() throws {
    try withTemporaryFolder { folder in
      let captures = folder.appending(path: "captures")
      try FileManager.default.copyItem(at: Self.samples.appending(path: "loss-firewall"), to: captures)
      let archive = try archive("loss-firewall", in: folder, captures: captures)
      try FileManager.default.removeItem(at: captures)
      let outcome = try Program.run(["show", archive, "connection", "1", "--limit", "1000", "--width", "160"])
      #expect(outcome.status == 0)
      let ladder = outcome.output.split(separator: "\n").drop { !$0.hasPrefix("LADDER") }
      // Connection 1 lost six packets; every one that was sent is there.
      #expect(ladder.count { $0.contains("─✗") || $0.contains("✗─") } == 6)
      #expect(ladder.count { $0.contains("──▶") || $0.contains("◀──") } > 50)
      #expect(ladder.contains { $0.contains("[S] 0") })
      let few = try Program.run(["show", archive, "connection", "1", "--limit", "20"]).output
      #expect(few.contains("those around the trouble (--limit shows more)") && few.contains("packets not shown"))
    }
  }

  @Test func `diff and compare write pages, and mask addresses where they are told to`() throws {
    try withTemporaryFolder { folder in
      let archive = try archive("loss-firewall", in: folder)
      let clean = try self.archive("clean-nat", in: folder)
      let verbs = [
        ["diff", "--db", archive, "client", "server", "--format", "html"],
        ["compare", clean, archive, "--format", "html"], ["show", archive, "nat"],
        ["show", archive, "connection", "1"],
        ["diff", "--db", archive, "client", "server"],
      ]
      for verb in verbs {
        let open = try Program.run(verb)
        let masked = try Program.run(verb + ["--anonymize=key"])
        #expect(open.status == 0 && masked.status == 0, "\(verb): \(masked.errors)")
        #expect(verb.contains("html") == open.output.hasPrefix("<!doctype html>"))
        #expect(verb[0] == "compare" || open.output.contains("10.1.0.13"))
        #expect(!masked.output.contains("10.1.0.1") && !masked.output.contains("203.0.113.2"))
      }
    }
  }

  @Test(
    arguments: [
      (["connection", "999"], "has no connection 999"), (["connection"], "takes a number"),
      (["points", "1"], "takes no number"), (["points", "--kind", "drop"], "--kind is not for points"),
      (["events", "--kind", "miracle"], "is no kind of event"),
      (["events", "--between", "fw1-in,mars"], "\"mars\" is no point of this analysis"),
      (["events", "--between", "fw1-in"], "takes two different points"),
    ])
  func `what cannot be shown is wrong usage, in one sentence`(arguments: [String], says: String) throws {
    try withTemporaryFolder { folder in
      let archive = try archive("clean-nat", in: folder)
      let outcome = try Program.run(["show", archive] + arguments)
      #expect(outcome.status == 2)
      #expect(outcome.output == "")
      #expect(outcome.errors.contains(says), "\(outcome.errors)")
      #expect(outcome.errors.split(separator: "\n").count == 1)
    }
  }

  @Test func `a file that is no archive is status 3`() throws {
    try withTemporaryFolder { folder in
      let text = try folder.add("notes.db", Data("Dear diary".utf8))
      for verb in [["show", text], ["compare", text, text], ["diff", "--db", text, "a", "b"]] {
        let outcome = try Program.run(verb)
        #expect(outcome.status == 3)
        #expect(outcome.errors.contains("is not an analysis of hopscope"))
      }
    }
  }

  @Test func `compare fails where it is asked to, and only there`() throws {
    try withTemporaryFolder { folder in
      let clean = try archive("clean-nat", in: folder)
      let lossy = try archive("loss-firewall", in: folder)
      func status(_ arguments: String...) throws -> Int32 { try Program.run(["compare"] + arguments).status }
      #expect(try status(clean, lossy) == 0)
      #expect(try status(clean, lossy, "--fail-on", "worse") == 1)
      #expect(try status(lossy, clean, "--fail-on", "worse") == 0)
      #expect(try status(lossy, lossy, "--fail-on", "worse") == 0)
      #expect(try status(clean, lossy, "--fail-on", "fault") == 1)
      #expect(try status(lossy, clean, "--fail-on", "fault") == 0)
      #expect(try status(clean, lossy, "--fail-on", "loss>0.1%") == 1)
      #expect(try status(clean, lossy, "--fail-on", "loss>10%") == 0)
      #expect(try status(clean, lossy, "--fail-on", "rain>10%") == 2)
      let json = try Program.run(["compare", "--format", "json", clean, lossy]).output
      let object = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
      #expect(object["schema"] as? String == "hopscope.compare/1")
      #expect(object["worse"] as? Bool == true)
      let delays = try #require(object["delays"] as? [[String: Any]])
      // Round trip, and both ways the delay and its variation, of each of seven segments; all are tested.
      #expect(delays.count == 35 && delays.allSatisfy { $0["p"] is NSNumber })
    }
  }

  @Test func `two points are compared in an archive and in captures alike`() throws {
    try withTemporaryFolder { folder in
      let archive = try archive("loss-firewall", in: folder)
      let kept = try Program.run(["diff", "--db", archive, "fw1-in", "fw1-out"])
      #expect(kept.status == 0)
      #expect(kept.output.contains("16 packets only at fw1-in, 16 only at fw1-out"))
      #expect(kept.output.contains("10.1.0.13 → 203.0.113.2"))
      let json = try Program.run(["diff", "--format", "json", "--db", archive, "fw1-out", "fw1-in"]).output
      let object = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
      #expect((object["exceptions"] as? [Any])?.count == 32)
      let csv = try Program.run(["diff", "--format", "csv", "--db", archive, "fw1-in", "fw1-out"]).output
      #expect(csv.split(separator: "\r\n").count { $0.hasPrefix("only-") } == 32)
      let captures = ["fw1-in", "fw1-out"].map { Self.samples.appending(path: "loss-firewall/\($0).pcap").path }
      let read = try Program.run(["diff", "--order", "fw1-in,fw1-out", "fw1-in", "fw1-out"] + captures)
      #expect(read.output.contains("16 packets only at fw1-in, 16 only at fw1-out"), "\(read.errors)")
      #expect(try Program.run(["diff", "fw1-in", "fw1-out"]).status == 2)
    }
  }

  @Test(.enabled(if: InstalledTshark.isInstalled, "tshark is not installed"))
  func `Wireshark sees the frames of a connection at every point, and why each lost one is here`() throws {
    try withTemporaryFolder { folder in
      let archive = try archive("loss-firewall", in: folder)
      let capture = folder.appending(path: "out.pcapng").path
      let outcome = try Program.run(["export", "--pcapng", capture, "--connection", "1", archive])
      #expect(outcome.status == 0)
      #expect(outcome.output == "")
      let lines = try fields(of: capture, "frame.interface_name", "frame.comment")
      // Connection 1 lost six packets; three from either side.
      #expect(lines.count { $0.contains("drop, event") } == 6)
      #expect(Set(lines.map { $0.prefix { $0 != "\t" } }).count == 8)
      let times = try fields(of: capture, "frame.time_epoch").compactMap { Double($0) }
      #expect(zip(times, times.dropFirst()).allSatisfy { $0 <= $1 })
    }
  }

  @Test(.enabled(if: InstalledTshark.isInstalled, "tshark is not installed"))
  func `the evidence of a finding is frames, filters and words`() throws {
    try withTemporaryFolder { folder in
      let archive = try archive("loss-firewall", in: folder)
      let evidence = folder.appending(path: "evidence")
      #expect(try Program.run(["export", "--finding", "1", "-o", evidence.path, archive]).status == 0)
      let words = try String(contentsOf: evidence.appending(path: "README.txt"), encoding: .utf8)
      #expect(words.contains("32 packets lost between fw1-in and fw1-out"))
      let capture = evidence.appending(path: "evidence.pcapng").path
      #expect(try fields(of: capture, "frame.number").count == 32)
      // The filter of the words finds its frames.
      let filter = try #require(words.split(separator: "\n").first { $0.hasPrefix("    (ip.addr") })
      #expect(try !fields(of: capture, "frame.number", filter: String(filter.dropFirst(4))).isEmpty)
    }
  }

  @Test func `a capture that moved or changed is said, and can be found again`() throws {
    try withTemporaryFolder { folder in
      let captures = folder.appending(path: "captures")
      try FileManager.default.copyItem(at: Self.samples.appending(path: "loss-firewall"), to: captures)
      let archive = try archive("loss-firewall", in: folder, captures: captures)
      let moved = folder.appending(path: "moved")
      try FileManager.default.moveItem(at: captures, to: moved)
      let output = folder.appending(path: "out.pcapng").path

      let gone = try Program.run(["export", "--pcapng", output, archive])
      #expect(gone.status == 3)
      #expect(gone.errors.contains("client.pcap is no longer there"))
      #expect(!FileManager.default.fileExists(atPath: output))
      #expect(try Program.run(["show", archive, "points"]).output.contains("moved or deleted"))

      #expect(try Program.run(["export", "--pcapng", output, "--captures", moved.path, archive]).status == 0)
      try Data("changed".utf8).write(to: moved.appending(path: "server.pcap"))
      let changed = try Program.run(["export", "--pcapng", output, "--captures", moved.path, archive])
      #expect(changed.status == 3)
      #expect(changed.errors.contains("server.pcap is no longer there"))
      #expect(changed.errors.contains("10836 frames written"))
    }
  }

  /// What tshark says of each frame that passes the filter, a line each.
  private func fields(of capture: String, _ fields: String..., filter: String? = nil) throws -> [Substring] {
    try InstalledTshark.run(
      ["-n", "-r", capture, "-T", "fields"] + fields.flatMap { ["-e", $0] } + (filter.map { ["-Y", $0] } ?? [])
    ).split(separator: "\n")
  }
}
