import Foundation
import Testing

/// What every good command-line program does.
@Suite struct HabitTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  private static let verbs = ["analyze", "show", "diff", "compare", "export"]

  @Test(arguments: verbs) func `each verb's help has an example`(verb: String) throws {
    let outcome = try Program.run([verb, "--help"])
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("Example"))
    #expect(outcome.output.contains("hopscope \(verb)"))
  }

  @Test func `the version is one line`() throws {
    let outcome = try Program.run(["--version"])
    #expect(outcome.status == 0)
    #expect(outcome.output.firstMatch(of: /^\d+\.\d+\.\d+\n$/) != nil)
  }

  @Test(arguments: ["bash", "zsh", "fish"]) func `there is a completion script for each shell`(shell: String) throws {
    let outcome = try Program.run(["--generate-completion-script", shell])
    #expect(outcome.status == 0)
    for verb in Self.verbs { #expect(outcome.output.contains(verb)) }
  }

  /// What the program says of itself, as far as the test needs it.
  private struct Tool: Decodable {
    var command: Command

    struct Command: Decodable {
      var commandName: String
      var subcommands: [Command]?
      var arguments: [Argument]?
    }
    struct Argument: Decodable {
      var names: [Name]?
      var shouldDisplay: Bool
    }
    struct Name: Decodable {
      var kind: String
      var name: String
      var typed: String { (kind == "long" ? "--" : "-") + name }
    }
  }

  @Test func `the manual page has every verb and every option`() throws {
    let dump = try Program.run(["--experimental-dump-help"]).output
    let tool = try JSONDecoder().decode(Tool.self, from: Data(dump.utf8))
    // In a manual page a hyphen that is typed is written `\-`.
    let page = try String(contentsOf: Self.root.appending(path: "docs/hopscope.1"), encoding: .utf8)
      .replacingOccurrences(of: "\\-", with: "-")
    let commands = (tool.command.subcommands ?? []).filter { $0.commandName != "help" }
    #expect(commands.count >= Self.verbs.count)
    for command in commands {
      let section = try #require(
        page.components(separatedBy: "\n.SS ").first { $0.hasPrefix(command.commandName + "\n") },
        "the page has no section on \(command.commandName); run tools/make-manual")
      #expect(section.contains("Examples:"), "\(command.commandName) shows no example")
      for argument in command.arguments ?? [] where argument.shouldDisplay {
        for name in argument.names ?? [] {
          #expect(section.contains(name.typed), "\(command.commandName) \(name.typed): run tools/make-manual")
        }
      }
    }
  }

  @Test func `colour is not used where it is refused`() throws {
    let sample = Self.root.appending(path: "Samples/clean-nat/client.pcap").path
    let refused = try Program.run(["analyze", "--color", "auto", sample], environment: ["NO_COLOR": "1"])
    #expect(!refused.output.contains("\u{1B}"))
    let wanted = try Program.run(["analyze", "--color", "always", sample])
    #expect(wanted.output.contains("\u{1B}"))
  }

  @Test func `times are shown by UTC or by the local zone`() throws {
    let sample = Self.root.appending(path: "Samples/clean-nat/client.pcap").path
    let zone = ["TZ": "Asia/Kolkata"]
    #expect(try Program.run(["analyze", sample], environment: zone).output.contains(" UTC ("))
    #expect(try Program.run(["analyze", "--time", "local", sample], environment: zone).output.contains("UTC+05:30"))
  }

  @Test func `a reader that leaves early is no error`() throws {
    try withTemporaryFolder { folder in
      let archive = folder.appending(path: "a.db").path
      let sample = Self.root.appending(path: "Samples/loss-firewall").path
      #expect(try Program.analyze(sample, "--db", archive).status == 0)
      let shell = Process()
      let errors = Pipe()
      shell.executableURL = URL(filePath: "/bin/bash")
      shell.arguments = [
        "-c", "set -o pipefail; \"$0\" show \"$1\" nat | head -1 > /dev/null", Program.executable.path, archive,
      ]
      shell.standardError = errors
      try shell.run()
      let said = try errors.fileHandleForReading.readToEnd() ?? Data()
      shell.waitUntilExit()
      #expect(shell.terminationStatus == 0)
      #expect(said.isEmpty)
    }
  }

  @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
  func `a program that is told to stop leaves no half-written file`(number: Int32) throws {
    try withTemporaryFolder { folder in
      let archive = folder.appending(path: "a.db").path
      let sample = Self.root.appending(path: "Samples/loss-firewall").path
      #expect(try Program.analyze(sample, "--db", archive).status == 0)
      let before = try Data(contentsOf: URL(filePath: archive))
      let process = Process()
      process.executableURL = Program.executable
      process.arguments = ["analyze", sample, "--db", archive]
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      try process.run()
      // As soon as it has begun to write, or when it is done.
      for _ in 0..<3_000 where process.isRunning {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        if names.count > 1 { break }
        usleep(1_000)
      }
      kill(process.processIdentifier, number)
      process.waitUntilExit()
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.db"])
      #expect(try Data(contentsOf: URL(filePath: archive)) == before)
    }
  }
}
