import Foundation
import Testing

/// What happens where the machine has no more to give: one clear sentence, and what was there before is still there.
@Suite struct LimitTests {
  private static let sample = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Samples/loss-firewall").path

  /// Runs `hopscope` under a limit of the shell, such as `-n 64` for open files or `-f 4` for KiB of a file.
  private func run(
    limit: String, _ arguments: [String], environment: [String: String] = [:]
  ) throws -> Program.Outcome {
    try Program.run(
      ["-c", "ulimit \(limit); exec \"$0\" \"$@\"", Program.executable.path] + arguments, environment: environment,
      program: URL(filePath: "/bin/bash"))
  }

  @Test(arguments: [true, false])
  func `two hundred captures at once need no more open files than a shell allows`(isOnePoint: Bool) throws {
    try withTemporaryFolder { folder in
      // All of them at the same time, so that each has to wait for the others.
      for number in 0..<200 {
        try folder.add("in/\(number).pcap", SmallCaptures.pcap(seconds: [1, UInt32(1000 + number), 5000]))
      }
      let input = (isOnePoint ? "fw=" : "") + folder.appending(path: "in").path
      let outcome = try run(limit: "-n 64", ["analyze", "--threads", "8", "--format", "csv", input])
      #expect(outcome.status == 0)
      #expect(!outcome.errors.contains("Too many open files"))
    }
  }

  @Test func `a report that finds no room is said, and the former one is as it was`() throws {
    try withTemporaryFolder { folder in
      let former = try folder.add("out/report.html", Data("former".utf8))
      let outcome = try run(limit: "-f 64", ["analyze", Self.sample, "-o", folder.appending(path: "out").path])
      #expect(outcome.status == 3)
      #expect(outcome.errors.contains("cannot be written: File too large"))
      #expect(try String(contentsOfFile: former, encoding: .utf8) == "former")
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: "out").path)
      #expect(!names.contains { $0.contains("partial") })
    }
  }

  @Test func `an archive that finds no room is said, and the former one is as it was`() throws {
    try withTemporaryFolder { folder in
      let archive = folder.appending(path: "a.db").path
      #expect(try Program.analyze(Self.sample, "--db", archive).status == 0)
      let former = try Data(contentsOf: URL(filePath: archive))
      let outcome = try run(limit: "-f 64", ["analyze", Self.sample, "--db", archive])
      #expect(outcome.status == 3)
      #expect(outcome.errors.contains("\(archive) was not written"))
      #expect(try Data(contentsOf: URL(filePath: archive)) == former)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.db"])
    }
  }

  @Test func `an export that finds no room is said, and the former one is as it was`() throws {
    try withTemporaryFolder { folder in
      let archive = folder.appending(path: "a.db").path
      #expect(try Program.analyze(Self.sample, "--db", archive).status == 0)
      let former = try folder.add("all.pcapng", Data("former".utf8))
      let outcome = try run(limit: "-f 64", ["export", archive, "--pcapng", former])
      #expect(outcome.status == 3)
      #expect(outcome.errors.contains("File too large"))
      #expect(try String(contentsOfFile: former, encoding: .utf8) == "former")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["a.db", "all.pcapng"])
    }
  }

  @Test func `standard output that is full is said`() throws {
    let outcome = try Program.run(
      ["-c", "exec \"$0\" analyze \"$1\" > /dev/full", Program.executable.path, Self.sample],
      program: URL(filePath: "/bin/bash"))
    #expect(outcome.status == 3)
    #expect(outcome.errors.contains("standard output cannot be written: No space left on device"))
  }

  @Test func `packets that find no room in the folder for temporary files are said`() throws {
    let arguments = ["analyze", Self.sample, "--memory", "1", "--threads", "1"]
    let full = try run(limit: "-f 1024", arguments, environment: ["TMPDIR": "/tmp"])
    #expect(full.status == 3)
    #expect(full.output == "")
    #expect(full.errors.contains("find no room in /tmp: File too large; set TMPDIR to a folder with more room"))
    let missing = try Program.run(arguments, environment: ["TMPDIR": "/nowhere"])
    #expect(missing.status == 3)
    #expect(missing.errors.contains("find no room in /nowhere: No such file or directory"))
  }

  @Test(.enabled(if: SmallDisk.isPossible, "only root may mount"))
  func `a disk that is full is said, and nothing there is damaged`() throws {
    try withTemporaryFolder { folder in
      try SmallDisk.mounted(at: folder, kilobytes: 60) {
        let archive = folder.appending(path: "a.db").path
        try Data("former".utf8).write(to: folder.appending(path: "report.html"))
        let kept = try Program.analyze(Self.sample, "--db", archive)
        #expect(kept.status == 3)
        #expect(kept.errors.contains("\(archive) was not written: the disk is full"))
        let written = try Program.analyze(Self.sample, "-o", folder.path)
        #expect(written.status == 3)
        #expect(written.errors.contains("cannot be written: No space left on device"))
        #expect(try String(contentsOf: folder.appending(path: "report.html"), encoding: .utf8) == "former")
        let spilled = try Program.run(
          ["analyze", Self.sample, "--memory", "1"], environment: ["TMPDIR": folder.path])
        #expect(spilled.status == 3)
        #expect(spilled.errors.contains("find no room in \(folder.path): No space left on device"))
      }
    }
  }
}

/// A disk of a few kilobytes, in memory.
private enum SmallDisk {
  /// Whether this process may mount one.
  static let isPossible: Bool = {
    guard geteuid() == 0 else { return false }
    do {
      try withTemporaryFolder { folder in try mounted(at: folder, kilobytes: 16) {} }
      return true
    } catch {
      return false
    }
  }()

  static func mounted(at folder: URL, kilobytes: Int, _ body: () throws -> Void) throws {
    try run("mount", "-t", "tmpfs", "-o", "size=\(kilobytes)k", "tmpfs", folder.path)
    defer { try? run("umount", "-l", folder.path) }
    try body()
  }

  private static func run(_ arguments: String...) throws {
    let outcome = try Program.run(
      arguments, environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"], program: URL(filePath: "/usr/bin/env"))
    guard outcome.status == 0 else { throw CocoaError(.fileWriteUnknown) }
  }
}
