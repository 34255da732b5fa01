import ArgumentParser
import Comparison
import Masking
import Reports
import Verdicts

/// `hopscope diff`.
struct DiffCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Compares two points of one analysis packet by packet.",
    usage: """
      hopscope diff [OPTIONS] --db FILE.db A B
      hopscope diff [OPTIONS] A B INPUT...
      """,
    discussion: """
      Says what is only at A, what is only at B, and which fields changed from what to what: what holds for whole \
      connections as rules, the exceptions packet by packet. With INPUTs, as `analyze` takes them, these are analysed \
      first.

      Examples:
        hopscope diff --db analysis.db fw1-in fw1-out
        hopscope diff --db analysis.db --format html client server > diff.html
        hopscope diff --format csv client server client.pcap server.pcap > diff.csv
      """)

  @Argument(help: ArgumentHelp("The names of two points.", valueName: "A"))
  var one: String

  @Argument(help: ArgumentHelp("The other point.", valueName: "B"))
  var other: String

  @Argument(help: ArgumentHelp("FILE, NAME=FILE or a folder, to analyse first.", valueName: "INPUT"))
  var inputs: [String] = []

  @Option(name: .customLong("db"), help: ArgumentHelp("A file that `analyze --db` has written.", valueName: "FILE.db"))
  var database: String?

  @Option(help: ArgumentHelp("Names of all points, client first, if INPUTs are given.", valueName: "A,B,C"))
  var order: String?

  @Option(help: ArgumentHelp("What goes to standard output.", valueName: DiffFormat.usage))
  var format: DiffFormat = .text

  @Option(
    help: ArgumentHelp("No more exceptions than this (default: 50 in text, 5,000 in HTML).", valueName: "N"))
  var limit: Int?

  @OptionGroup(title: "Looks")
  var looks: PresentationOptions

  private func check() throws(Failure) {
    if (database == nil) == inputs.isEmpty { throw .usage(.databaseOrInputs) }
    if let limit, limit < 1 { throw .usage(.tooSmall(option: "--limit", minimum: 1)) }
  }

  func run() async throws {
    try check()
    let report = try await report()
    let pair = try report.pair("\(one),\(other)", option: "diff")
    let difference = PointDifference(report, pair.near, pair.far)
    switch format {
    case .json: try StandardStreams.writeOutput(DifferenceJSON.render(difference, of: report))
    case .csv: try StandardStreams.writeOutput(DifferenceCSV.render(difference, of: report))
    case .html:
      let page = DifferenceHTML.render(
        difference, of: report, limit: limit ?? 5_000, utcOffsetSeconds: looks.time.offset(for: report))
      try StandardStreams.writeOutput(page)
    case .text:
      let terminal = Terminal.current()
      let style = try looks.style(for: report, on: terminal)
      try Pager.show(DifferenceText.render(difference, of: report, limit: limit ?? 50, style: style), on: terminal)
    }
  }

  private func report() async throws -> AnalysisReport {
    let key = looks.maskingKey
    if let database { return try ArchiveReading(database, maskingKey: key).report }
    let command = try AnalyzeCommand.parse((order.map { ["--order", $0] } ?? []) + ["--"] + inputs)
    let options = try AnalyzeOptions(command, terminal: .current())
    guard let analysed = try await AnalyzeRun(options: options).analyse() else { throw ExitStatus.unreadable.exitCode }
    return key.map { analysed.said.report.masked(key: $0) } ?? analysed.said.report
  }
}

/// What `diff` can write.
enum DiffFormat: String, CaseIterable, ExpressibleByArgument, Sendable {
  case text, json, html, csv

  static let usage = allCases.map(\.rawValue).joined(separator: "|")
}
