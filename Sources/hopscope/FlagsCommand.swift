import ArgumentParser

/// `hopscope flags`, as typed.
struct FlagsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "flags",
    abstract: "Says of each TCP segment of one capture what Wireshark's analysis says of it, and why.",
    usage: "hopscope flags [--format tsv|json|text] [--all] FILE",
    discussion: """
      The flags are those of Wireshark 4.0, frame by frame. Text and JSON add the cause, as far as one capture tells \
      it: why a segment was repeated, and what became of a gap.

      Exit status: 0 analysed; 2 wrong usage; 3 the file cannot be read.

      Examples:
        hopscope flags capture.pcap
        hopscope flags --format tsv capture.pcap | grep retransmission
      """)

  @Argument(help: ArgumentHelp("The capture.", valueName: "FILE"))
  var file: String

  @Option(help: ArgumentHelp("What goes to standard output.", valueName: FlagsFormat.usage))
  var format: FlagsFormat = .text

  @Flag(help: "Every TCP frame, not only those with a flag (text and JSON).")
  var all = false

  func run() async throws {
    guard !file.isEmpty else { throw Failure.usage(.emptyPath(argument: file)) }
    try FlagsRun(path: file, format: format, showsAll: all).run()
  }
}

/// What goes to standard output of `hopscope flags`.
enum FlagsFormat: String, CaseIterable, ExpressibleByArgument, Sendable {
  case tsv
  case json
  case text

  static let usage = allCases.map(\.rawValue).joined(separator: "|")
}
