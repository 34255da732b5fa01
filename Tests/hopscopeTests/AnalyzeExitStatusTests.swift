import Foundation
import Testing

/// What scripts rely on: the exit status, what goes to which stream, and one clear sentence.
@Suite struct AnalyzeExitStatusTests {
  @Test func `two captures are analysed, and only data goes to standard output`() throws {
    try withTemporaryFolder { folder in
      let outcome = try Program.analyze(try folder.add("client.pcap"), try folder.add("server.pcap"))
      #expect(outcome.status == 0)
      #expect(outcome.errors == "")
      #expect(outcome.output.contains("client") && outcome.output.contains("server"))
    }
  }

  @Test func `a missing file is status 3, and the others are analysed`() throws {
    try withTemporaryFolder { folder in
      let missing = folder.appending(path: "gone.pcap").path
      let outcome = try Program.analyze(try folder.add("client.pcap"), try folder.add("server.pcap"), missing)
      #expect(outcome.status == 3)
      #expect(outcome.errors == "hopscope: \(missing) does not exist; check the path\n")
      #expect(outcome.output.contains("client") && outcome.output.contains("server"))
      #expect(outcome.output.contains("\(missing) does not exist"))
    }
  }

  @Test func `where nothing can be read, nothing goes to standard output`() throws {
    try withTemporaryFolder { folder in
      let outcome = try Program.analyze(folder.appending(path: "gone.pcap").path)
      #expect(outcome.status == 3)
      #expect(outcome.output == "")
    }
  }

  @Test func `a folder is read by the magic of its files, and the report names what is left out`() throws {
    try withTemporaryFolder { folder in
      try folder.add("b.pcap")
      try folder.add("a.pcap")
      try folder.add("truth.json", Data("{}".utf8))
      let outcome = try Program.analyze(folder.path)
      #expect(outcome.status == 0)
      #expect(outcome.output.contains("a ── b"))
      #expect(outcome.output.contains("truth.json"))
      #expect(outcome.errors.isEmpty)
      for list in ["csv", "jsonl"] {
        #expect(try Program.analyze(folder.path, "--format", list).errors.contains("truth.json"))
      }
    }
  }

  @Test func `a folder with no capture is status 3`() throws {
    try withTemporaryFolder { folder in
      try folder.add("truth.json", Data("{}".utf8))
      try folder.add("notes.txt", Data("notes".utf8))
      let outcome = try Program.analyze(folder.path)
      #expect(outcome.status == 3)
      #expect(outcome.errors.contains("none of the 2 entries of \(folder.path) is a capture"))
    }
  }

  @Test(arguments: [("", "is empty (0 bytes)"), ("frame,time\n", "is text, not a capture")])
  func `a file that is no capture is status 3, and says what it is`(content: String, says: String) throws {
    try withTemporaryFolder { folder in
      let outcome = try Program.analyze(try folder.add("client.pcap", Data(content.utf8)))
      #expect(outcome.status == 3)
      #expect(outcome.errors.contains("client.pcap \(says)"))
    }
  }

  @Test func `a file that is cut in the middle is analysed with a warning`() throws {
    try withTemporaryFolder { folder in
      let cut = try folder.add("client.pcap", SmallCaptures.pcap().dropLast(7))
      let outcome = try Program.analyze(cut, try folder.add("server.pcap"), "--format", "json")
      #expect(outcome.status == 0)
      let sentence = "\(cut) is cut within frame 2 (byte 82); the 1 frames before it were analysed"
      #expect(outcome.errors == "hopscope: warning: \(sentence)\n")
      #expect(outcome.output.contains(sentence))
    }
  }

  @Test func `one point alone is analysed, and told that there is nothing to compare`() throws {
    try withTemporaryFolder { folder in
      let outcome = try Program.analyze(try folder.add("client.pcap"))
      #expect(outcome.status == 0)
      #expect(outcome.output.contains("one point: nothing to compare"))
    }
  }

  @Test func `files of one name in different folders must be named`() throws {
    try withTemporaryFolder { folder in
      let (first, second) = (try folder.add("a/client.pcap"), try folder.add("b/client.pcap"))
      let refused = try Program.analyze(first, second)
      #expect(refused.status == 2)
      #expect(refused.output == "")
      #expect(refused.errors.contains("would both be the point \"client\""))
      #expect(try Program.analyze("near=\(first)", "far=\(second)").status == 0)
    }
  }

  @Test(arguments: [("client,server,fw", "no point here"), ("client", "leaves out server"), ("client,client", "twice")])
  func `an order that does not fit the points is wrong usage`(order: String, says: String) throws {
    try withTemporaryFolder { folder in
      let outcome = try Program.analyze(
        try folder.add("client.pcap"), try folder.add("server.pcap"), "--order", order)
      #expect(outcome.status == 2)
      #expect(outcome.errors.contains(says))
      #expect(outcome.output == "")
    }
  }

  @Test func `the order given is the order of the report`() throws {
    try withTemporaryFolder { folder in
      let outcome = try Program.analyze(
        try folder.add("client.pcap"), try folder.add("server.pcap"), "--order", "server,client")
      #expect(outcome.status == 0)
      #expect(outcome.output.contains("server ── client"))
    }
  }

  @Test func `a bad filter is wrong usage, with libpcap's reason`() throws {
    try withTemporaryFolder { folder in
      let outcome = try Program.analyze(try folder.add("client.pcap"), "--filter", "tcp prot 80")
      #expect(outcome.status == 2)
      #expect(outcome.errors.contains("the filter \"tcp prot 80\""))
      #expect(outcome.errors.contains("syntax error"))
    }
  }

  @Test(
    arguments: [
      ["--format", "pdf"], ["--fail-on", "loss>much"], ["--threads", "0"], ["--threads", "many"], ["--width", "3"],
      ["--nonsense"], ["=client.pcap"], ["client="],
    ])
  func `what is not understood is wrong usage`(arguments: [String]) throws {
    try withTemporaryFolder { folder in
      let outcome = try Program.run(["analyze", try folder.add("client.pcap")] + arguments)
      #expect(outcome.status == 2)
      #expect(outcome.output == "")
      #expect(!outcome.errors.isEmpty)
    }
  }

  @Test(arguments: [["analyze"], ["analyse"]])
  func `a command line that is not whole is wrong usage`(arguments: [String]) throws {
    #expect(try Program.run(arguments).status == 2)
  }

  @Test(arguments: [["--help"], ["analyze", "--help"]])
  func `help is data and a success`(arguments: [String]) throws {
    let outcome = try Program.run(arguments)
    #expect(outcome.status == 0)
    #expect(outcome.errors == "")
    #expect(outcome.output.contains("Exit status"))
  }

  @Test func `the version is one line`() throws {
    let outcome = try Program.run(["--version"])
    #expect(outcome.status == 0)
    #expect(outcome.output == "0.1.0\n")
  }

  @Test func `a pipe gets no escape codes`() throws {
    try withTemporaryFolder { folder in
      let outcome = try Program.run(
        ["analyze", try folder.add("client.pcap"), try folder.add("server.pcap")],
        environment: ["TERM": "xterm-256color"])
      #expect(outcome.status == 0)
      #expect(!outcome.output.contains("\u{1B}") && !outcome.errors.contains("\u{1B}"))
    }
  }

  @Test func `a reader that leaves early is no error`() throws {
    try withTemporaryFolder { folder in
      let process = Process()
      let pipe = Pipe()
      process.executableURL = Program.executable
      process.arguments = ["analyze", try folder.add("client.pcap"), try folder.add("server.pcap")]
      process.standardOutput = pipe
      process.standardError = FileHandle.nullDevice
      try pipe.fileHandleForReading.close()
      try process.run()
      process.waitUntilExit()
      #expect(process.terminationReason == .exit)
      #expect(process.terminationStatus == 0)
    }
  }

  @Test func `every report is written into the folder asked for`() throws {
    try withTemporaryFolder { folder in
      let output = folder.appending(path: "deep/reports")
      let outcome = try Program.analyze(
        try folder.add("client.pcap"), try folder.add("server.pcap"), "-o", output.path)
      #expect(outcome.status == 0)
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: output.path).sorted() == [
          "connections.csv", "events.csv", "events.jsonl", "nat.csv", "report.html", "report.json", "report.md",
          "report.txt", "segments.csv",
        ])
      #expect(try String(contentsOf: output.appending(path: "report.txt"), encoding: .utf8) == outcome.output)
      let json = try Data(contentsOf: output.appending(path: "report.json"))
      #expect(try JSONSerialization.jsonObject(with: json) is [String: Any])
    }
  }

  @Test(
    arguments: [
      ("html", "<!doctype html>"), ("markdown", "## hopscope: "), ("csv", "kind,near,far,"), ("json", "{\n \"schema\""),
    ])
  func `the format asked for goes to standard output`(format: String, start: String) throws {
    try withTemporaryFolder { folder in
      let outcome = try Program.analyze(
        try folder.add("client.pcap"), try folder.add("server.pcap"), "--format", format)
      #expect(outcome.status == 0)
      #expect(outcome.output.hasPrefix(start))
    }
  }

  /// A recording with loss, or one without.
  private func sample(_ name: String) -> String {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Samples/\(name)").path
  }

  @Test(arguments: [["fault"], ["loss>1%"], ["loss>90%", "fault"], ["warning"]])
  func `a condition that holds is status 1, and the report is the same`(conditions: [String]) throws {
    let arguments = ["analyze", sample("loss-firewall"), "--format", "jsonl"]
    let outcome = try Program.run(arguments + conditions.flatMap { ["--fail-on", $0] })
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("hopscope: --fail-on holds: "))
    #expect(try Program.run(arguments).output == outcome.output)
    #expect(outcome.output.split(separator: "\n").count == 32)
  }

  @Test(arguments: [("loss-firewall", "loss>90%"), ("clean-nat", "fault"), ("clean-nat", "loss>0%")])
  func `a condition that does not hold is status 0`(name: String, condition: String) throws {
    let outcome = try Program.analyze(sample(name), "--fail-on", condition)
    #expect(outcome.status == 0)
    #expect(!outcome.errors.contains("--fail-on"))
  }

  @Test func `an input that cannot be read outweighs a condition`() throws {
    let outcome = try Program.analyze(sample("loss-firewall"), "/gone.pcap", "--fail-on", "fault")
    #expect(outcome.status == 3)
  }

  @Test func `a folder for reports that cannot be made is said before anything is read`() throws {
    try withTemporaryFolder { folder in
      let capture = try folder.add("client.pcap")
      let outcome = try Program.analyze(capture, "-o", capture + "/below")
      #expect(outcome.status == 3)
      #expect(outcome.output == "")
      #expect(outcome.errors.contains("\(capture)/below cannot be made"))
    }
  }

  @Test func `any number of threads says the same`() throws {
    try withTemporaryFolder { folder in
      for name in ["a", "b", "c", "d", "e"] { try folder.add("\(name).pcap") }
      let one = try Program.analyze(folder.path, "--threads", "1", "--format", "json")
      let many = try Program.analyze(folder.path, "--threads", "8", "--format", "json")
      #expect(one.status == 0)
      #expect(one.output == many.output)
    }
  }
}
