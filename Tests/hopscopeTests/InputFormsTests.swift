import Foundation
import TestSupport
import Testing

/// Every form in which captures are given, as the program reads them: the number of packets tells.
@Suite struct InputFormsTests {
  @Test(
    arguments: [
      ("gzip", "gz", []), ("bzip2", "bz2", []), ("xz", "xz", []), ("zstd", "zst", ["--rm"]),
      ("lz4", "lz4", ["-m", "--rm"]),
    ] as [(String, String, [String])])
  func `a compressed capture is read as it is`(program: String, ending: String, options: [String]) throws {
    try #require(Tool.isInstalled(program))
    try withTemporaryFolder { folder in
      let path = try folder.add("client.pcap")
      try Tool.run(program, options + [path])
      let report = try analyze("\(path).\(ending)", try folder.add("server.pcap"))
      #expect(report.packets == ["client": 2, "server": 2])
      #expect(!report.remarks.contains { $0.contains(path) })
    }
  }

  @Test func `a compressed capture that is cut is read up to there`() throws {
    try withTemporaryFolder { folder in
      let whole = try compressed(SmallCaptures.pcap(seconds: (0..<50_000).map { $0 &* 2_654_435_761 }), in: folder)
      let path = try folder.add("client.pcap.gz", whole.dropLast(1000))
      let report = try analyze(path)
      #expect((10_000..<50_000).contains(report.packets["client"] ?? 0))
      #expect(report.remarks.contains { $0.contains("cannot be unpacked further, truncated gzip input") })
    }
  }

  @Test func `an archive on standard input is refused`() throws {
    try withTemporaryFolder { folder in
      let archive = folder.appending(path: "captures.tar")
      try folder.add("in/client.pcap")
      try Tool.run("tar", ["cf", archive.path, "-C", folder.appending(path: "in").path, "client.pcap"])
      let outcome = try Program.run(["analyze", "-"], input: try Data(contentsOf: archive))
      #expect(outcome.status == 3)
      #expect(outcome.errors.contains("is an archive that cannot be read twice"))
    }
  }

  @Test(arguments: ["cf", "czf"])
  func `each capture of an archive is a point, and the rest is named`(options: String) throws {
    try withTemporaryFolder { folder in
      try folder.add("in/client.pcap")
      try folder.add("in/deep/server.pcap", SmallCaptures.pcap(seconds: [5]))
      try folder.add("in/notes.txt", Data("notes".utf8))
      let archive = folder.appending(path: "captures.tar").path
      try Tool.run("tar", [options, archive, "-C", folder.appending(path: "in").path, "."])
      let report = try analyze(archive)
      #expect(report.packets == ["client": 2, "server": 1])
      #expect(report.remarks.contains { $0.contains("captures.tar") && $0.contains("notes.txt") })
    }
  }

  @Test func `standard input is a point`() throws {
    try withTemporaryFolder { folder in
      let server = try folder.add("server.pcap")
      for input in [SmallCaptures.pcap(), try compressed(SmallCaptures.pcap(), in: folder)] {
        let report = try analyze("client=-", server, input: input)
        #expect(report.packets == ["client": 2, "server": 2])
      }
    }
  }

  @Test func `a named pipe is read once`() throws {
    try withTemporaryFolder { folder in
      let (pipe, capture) = (folder.appending(path: "client").path, try folder.add("server.pcap"))
      try #require(mkfifo(pipe, 0o600) == 0)
      let writer = Process()
      writer.executableURL = URL(filePath: "/bin/sh")
      writer.arguments = ["-c", "cat '\(capture)' > '\(pipe)'"]
      try writer.run()
      let report = try analyze(pipe, capture)
      writer.waitUntilExit()
      #expect(report.packets == ["client": 2, "server": 2])
    }
  }

  @Test func `interfaces of a pipe are read together, and that is said`() throws {
    let report = try analyze("client=-", input: SmallCaptures.twoInterfaces)
    #expect(report.packets == ["client": 3])
    #expect(report.remarks.contains { $0.contains("eth0") && $0.contains("only once") })
    #expect(try analyze("client=-#eth0", input: SmallCaptures.twoInterfaces).packets == ["client": 1])
  }

  @Test func `interfaces of different link types are read as points`() throws {
    try withTemporaryFolder { folder in
      let path = try folder.add("fw.pcapng", SmallCaptures.twoInterfaces)
      #expect(try analyze(path).packets == ["fw-eth0": 1, "fw-1": 2])
      #expect(try analyze("a=\(path)#0", "b=\(path)#1").packets == ["a": 1, "b": 2])
    }
  }

  @Test func `an interface that is not there is said with those that are`() throws {
    try withTemporaryFolder { folder in
      let path = try folder.add("fw.pcapng", SmallCaptures.twoInterfaces)
      let outcome = try Program.analyze("\(path)#eth7")
      #expect(outcome.status == 3)
      #expect(outcome.errors.contains("has no interface eth7; it has eth0, 1, idle"))
    }
  }

  @Test func `names from a capture do not reach the terminal as they are`() throws {
    try withTemporaryFolder { folder in
      let writer = PcapngWriter(interfaces: [.init(name: "eth\u{1B}[31m"), .init(name: "eth\n1")])
      let path = try folder.add("fw.pcapng", Data(writer.file([])))
      let outcome = try Program.analyze("\(path)#eth7")
      #expect(outcome.errors.contains("it has eth\\u{1B}[31m, eth\\u{A}1"))
      #expect(!outcome.errors.contains("\u{1B}"))
    }
  }

  @Test func `rotated files are read by time, and what overlaps once`() throws {
    try withTemporaryFolder { folder in
      let second = try folder.add("a.pcap", SmallCaptures.pcap(seconds: [12, 13, 13, 14, 20]))
      let first = try folder.add("b.pcap", SmallCaptures.pcap(seconds: [10, 11, 12, 13, 13, 15]))
      let third = try folder.add("c.pcap", SmallCaptures.pcap(seconds: [20, 21]))
      let report = try analyze("fw=\(second)", "fw=\(third)", "fw=\(first)")
      #expect(report.packets == ["fw": 9])
      #expect(report.files == [[first, second, third]])
      #expect(report.remarks.contains { $0.hasPrefix("4 packets stand in two files of the point fw") })
    }
  }

  @Test func `drops that a capture counts reach the report`() throws {
    try withTemporaryFolder { folder in
      var capture = SmallCaptures.twoInterfaces
      // Statistics of interface 0: isb_ifdrop 7, isb_osdrop 2.
      capture.append(contentsOf: SmallCaptures.statistics(interface: 0, options: [(5, 7), (7, 2)]))
      let report = try analyze(try folder.add("fw.pcapng", capture))
      #expect(report.drops == ["fw-eth0": 9])
    }
  }

  @Test func `two hundred captures need no more open files than a shell allows`() throws {
    try withTemporaryFolder { folder in
      for number in 0..<200 { try folder.add("in/\(number).pcap", SmallCaptures.pcap(seconds: [UInt32(number)])) }
      let script = "ulimit -n 64; exec \"$0\" analyze --format json \"$1\""
      let outcome = try Program.run(
        ["-c", script, Program.executable.path, "fw=\(folder.path)/in"], program: URL(filePath: "/bin/sh"))
      #expect(outcome.status == 0)
      #expect(try Report(outcome.output).packets == ["fw": 200])
    }
  }

  private func analyze(_ inputs: String..., input: Data? = nil) throws -> Report {
    let outcome = try Program.run(["analyze", "--format", "json"] + inputs, input: input)
    #expect(outcome.status == 0, "\(outcome.errors)")
    return try Report(outcome.output)
  }

  private func compressed(_ data: Data, in folder: URL) throws -> Data {
    let path = try folder.add("input", data)
    try Tool.run("gzip", [path])
    return try Data(contentsOf: URL(filePath: path + ".gz"))
  }
}

/// What the JSON report says of the points.
private struct Report {
  var packets: [String: Int] = [:]
  var files: [[String]] = []
  var drops: [String: Int] = [:]
  var remarks: [String]

  init(_ json: String) throws {
    let object = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    remarks = try #require(object["remarks"] as? [String]).filter { !$0.hasPrefix("one point") }
    for point in try #require(object["points"] as? [[String: Any]]) {
      let name = try #require(point["name"] as? String)
      packets[name] = point["packets"] as? Int
      files.append(try #require(point["files"] as? [String]))
      drops[name] = (point["capture"] as? [String: Any])?["kernel_drops"] as? Int
    }
  }
}

/// Other programs that make files for the tests.
private enum Tool {
  static func isInstalled(_ name: String) -> Bool { path(name) != nil }

  static func run(_ name: String, _ arguments: [String]) throws {
    let process = Process()
    process.executableURL = URL(filePath: try #require(path(name)))
    process.arguments = arguments
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
  }

  private static func path(_ name: String) -> String? {
    ["/usr/bin/\(name)", "/bin/\(name)"].first(where: FileManager.default.isExecutableFile(atPath:))
  }
}
