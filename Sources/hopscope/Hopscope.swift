import ArgumentParser
import Foundation

/// The root of the command line.
@main
struct Hopscope: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hopscope",
    abstract:
      "Says which hop of a path lost, reordered, rewrote or injected packets, and shows the frames that prove it.",
    discussion: """
      Exit status: 0 done; 1 done, and a condition of --fail-on holds; 2 wrong usage; 3 an input cannot be read, or \
      an output not written.
      """,
    version: "0.1.0",
    subcommands: [
      AnalyzeCommand.self, FlagsCommand.self, ShowCommand.self, DiffCommand.self, CompareCommand.self,
      ExportCommand.self,
    ])

  static func main() async {
    // A reader that leaves early (`| head`) shows as an error of `write`, not as a signal in mid-work.
    signal(SIGPIPE, SIG_IGN)
    // A file that grows beyond the limit for files is an error of `write`, too.
    signal(SIGXFSZ, SIG_IGN)
    Interruption.watch()
    do {
      var command = try parseAsRoot(Self.spelledOut(Array(CommandLine.arguments.dropFirst())))
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch {
      leave(with: error)
    }
  }

  /// The arguments with `--anonymize`, whose value may be left out, with the value that stands for a new key.
  static func spelledOut(_ arguments: [String]) -> [String] {
    let end = arguments.firstIndex(of: "--") ?? arguments.endIndex
    return arguments[..<end].map { $0 == "--anonymize" ? "--anonymize=" + AnalyzeOptions.anyKey : $0 }
      + arguments[end...]
  }

  /// Says what is wrong, if anything is, and ends the program with the status of the contract.
  private static func leave(with error: any Error) -> Never {
    if let failure = error as? Failure {
      StandardStreams.complain(failure.sentence)
      exit(withError: failure.status.exitCode)
    }
    guard exitCode(for: error) == .validationFailure else { exit(withError: error) }
    StandardStreams.writeError(fullMessage(for: error) + "\n")
    exit(withError: ExitStatus.wrongUsage.exitCode)
  }
}
