import ArgumentParser

/// `hopscope analyze`, as typed.
struct AnalyzeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "analyze",
    abstract: "Compares the captures of several points of a path.",
    usage: "hopscope analyze [OPTIONS] INPUT...",
    discussion: """
      With no name, a point is named after its file: fw1-in.pcap is the point fw1-in. NAME=FILE given again adds a \
      file to that point, FILE#INTERFACE takes one interface of a pcapng file, or of `tcpdump -i any` by its number, \
      and - is standard input. Captures may be compressed or in a tar or ZIP archive. The points are ordered by \
      --order, else by --topology, else by what the traffic shows.

      --format csv and jsonl give the events; -o DIR writes report.txt, report.json, report.html, report.md, \
      events.jsonl, and as CSV segments, connections, events and nat (the addresses at every point).

      Exit status: 0 analysed; 1 analysed, and a --fail-on condition holds; 2 wrong usage; 3 an input cannot be read \
      (what else was given is analysed).

      Examples:
        hopscope analyze client.pcap fw1-in.pcap fw1-out.pcap server.pcap
        hopscope analyze --order client,server --db analysis.db client=a.pcap server=b.pcap
      """)

  @Argument(
    help: ArgumentHelp("FILE, NAME=FILE, or a folder or archive, each capture of which is a point.", valueName: "INPUT")
  )
  var inputs: [String]

  @Option(help: ArgumentHelp("Names of all points, client first.", valueName: "A,B,C"))
  var order: String?

  @Option(
    help: ArgumentHelp(
      "The path: {\"points\":[{\"name\",\"file\",\"box\"}]} in path order; box may be left out.", valueName: "FILE.json"
    ))
  var topology: String?

  @Option(help: ArgumentHelp("What goes to standard output.", valueName: OutputFormat.usage))
  var format: OutputFormat = .text

  @Option(name: [.short, .customLong("output")], help: ArgumentHelp("Write every report into DIR.", valueName: "DIR"))
  var outputFolder: String?

  @Option(name: .customLong("db"), help: ArgumentHelp("Keep the analysis in this SQLite file.", valueName: "FILE"))
  var database: String?

  @Option(
    help: ArgumentHelp(
      "Exit with 1 if a segment loses more than that (loss>0.1%), or at a fault, or a warning. May be repeated.",
      valueName: "CONDITION"))
  var failOn: [String] = []

  @Option(help: ArgumentHelp("Only these packets, in pcap-filter syntax.", valueName: "BPF"))
  var filter: String?

  @Option(help: ArgumentHelp("Points that are read side by side (default: one for each core).", valueName: "N"))
  var threads: Int?

  @Option(
    help: ArgumentHelp(
      "Memory to keep to, as 512M or 4G; packet records that find no room in it go to TMPDIR.", valueName: "SIZE"))
  var memory: MemorySize?

  @Option(help: ArgumentHelp("Colours in the text report.", valueName: ColorChoice.usage))
  var color: ColorChoice = .auto

  @Option(help: ArgumentHelp("Columns of the text report (default: those of the terminal).", valueName: "N"))
  var width: Int?

  @Option(help: ArgumentHelp("Times of day by UTC or by the local time zone.", valueName: TimeChoice.usage))
  var time: TimeChoice = .utc

  @Option(
    help: ArgumentHelp(
      "Other addresses in every report and in the archive, the same ones for the same KEY; --anonymize alone takes a "
        + "new key each time.", valueName: "KEY"))
  var anonymize: String?

  @Flag(
    help: "Say of Wireshark's flags at each point what was behind them, and which mislead (text, JSON, flags.json).")
  var wireshark = false

  @Flag(help: "Say on standard error what is read.")
  var verbose = false

  func run() async throws {
    let options = try AnalyzeOptions(self, terminal: .current())
    let status = try await AnalyzeRun(options: options).run()
    if status != .analysed { throw status.exitCode }
  }
}

/// What goes to standard output.
enum OutputFormat: String, CaseIterable, ExpressibleByArgument, Sendable {
  case text
  case json
  case html
  case markdown
  case csv
  case jsonl

  static let usage = allCases.map(\.rawValue).joined(separator: "|")

  /// Whether the report says what was skipped or could not be read; the others are lists of events.
  var holdsRemarks: Bool { self != .csv && self != .jsonl }
}

/// When to colour the text report.
enum ColorChoice: String, CaseIterable, ExpressibleByArgument, Sendable {
  /// On a terminal, unless `NO_COLOR` is set.
  case auto
  case always
  case never

  static let usage = allCases.map(\.rawValue).joined(separator: "|")
}
