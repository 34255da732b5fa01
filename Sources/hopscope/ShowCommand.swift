import ArgumentParser
import Reports
import Verdicts

/// `hopscope show`.
struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Shows a table of a kept analysis, or one thing in it in full.",
    usage: "hopscope show [OPTIONS] FILE.db [WHAT] [NUMBER]",
    discussion: """
      WHAT is points, segments, connections, connection NUMBER, events, event NUMBER, findings, finding NUMBER, nat or \
      clocks; without it the whole report is shown. On a terminal the text goes through $PAGER.

      Examples:
        hopscope show analysis.db connection 3
        hopscope show analysis.db events --kind drop --between fw1-in,fw1-out --limit 20
      """)

  @Argument(help: ArgumentHelp("A file that `analyze --db` has written.", valueName: "FILE.db"))
  var database: String

  @Argument(help: ArgumentHelp("What to show.", valueName: "WHAT"))
  var what: ShownTable = .summary

  @Argument(help: ArgumentHelp("Which connection, event or finding.", valueName: "NUMBER"))
  var number: Int?

  @OptionGroup(title: "Filters")
  var filters: ShowFilterOptions

  @OptionGroup(title: "Looks")
  var looks: PresentationOptions

  private func check() throws(Failure) {
    if what.isOneThing != (number != nil) {
      throw .usage(what.isOneThing ? .numberMissing(what.rawValue) : .numberTooMuch(what.rawValue))
    }
    for (option, tables) in filters.given where !tables.contains(what) {
      throw .usage(.notForThis(option: option, what: what.rawValue, fits: tables.map(\.rawValue)))
    }
    if let limit = filters.limit, limit < 1 { throw .usage(.tooSmall(option: "--limit", minimum: 1)) }
  }

  func run() throws {
    try check()
    let reading = try ArchiveReading(database, maskingKey: looks.maskingKey)
    let terminal = Terminal.current()
    let style = try looks.style(for: reading.report, on: terminal)
    guard let shown = try shown(reading) else {
      return try Pager.show(TextReport.render(reading.report, style: style), on: terminal)
    }
    guard let text = ShowText.render(shown, of: reading.report, style: style) else {
      throw Failure.usage(.notThere(what: what.rawValue, number: number ?? 0, path: database))
    }
    try Pager.show(text, on: terminal)
  }

  /// What to show of this analysis; `nil` for the whole report.
  private func shown(_ reading: ArchiveReading) throws(Failure) -> Shown? {
    let number = number ?? 0
    let limit = filters.limit ?? .max
    switch what {
    case .summary: return nil
    case .points: return .points(fileStates: reading.fileStates)
    case .segments: return .segments
    case .connections: return .connections(filters.connections)
    case .connection:
      return .connection(number, ladder: try reading.ladder(of: number), limit: filters.limit ?? 100)
    case .events: return .events(try filters.events(of: reading.report))
    case .event: return .event(number)
    case .findings: return .findings(filters.findings)
    case .finding: return .finding(number)
    case .nat: return .nat(limit: limit)
    case .clocks: return .clocks
    }
  }
}

/// The tables of an analysis.
enum ShownTable: String, CaseIterable, ExpressibleByArgument, Sendable {
  case summary, points, segments, connections, connection, events, event, findings, finding, nat, clocks

  /// Whether it takes a number.
  var isOneThing: Bool { [.connection, .event, .finding].contains(self) }
}

/// What narrows a table down.
struct ShowFilterOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Only events, or findings, of this kind.", valueName: "KIND"))
  var kind: String?

  @Option(help: ArgumentHelp("Only events on the way between these two points.", valueName: "A,B"))
  var between: String?

  @Option(help: ArgumentHelp("Only events next to this point.", valueName: "POINT"))
  var point: String?

  @Option(help: ArgumentHelp("Only events of this direction.", valueName: "c2s|s2c"))
  var direction: DirectionChoice?

  @Option(help: ArgumentHelp("Only events, or findings, of this connection.", valueName: "NUMBER"))
  var connection: Int?

  @Option(help: ArgumentHelp("Only events that change this field, such as tcp.ack.", valueName: "FIELD"))
  var field: String?

  @Option(help: ArgumentHelp("Only findings at least this bad.", valueName: SeverityChoice.usage))
  var severity: SeverityChoice?

  @Option(name: .customLong("protocol"), help: ArgumentHelp("Only connections of tcp, udp, ….", valueName: "NAME"))
  var proto: String?

  @Option(help: ArgumentHelp("Only connections with this in an address, at any point.", valueName: "TEXT"))
  var address: String?

  @Flag(help: "Only connections to which something happened.")
  var troubled = false

  @Option(help: ArgumentHelp("No more rows than this.", valueName: "N"))
  var limit: Int?

  /// The filters that were given, each with the tables that it fits.
  var given: [(option: String, fits: [ShownTable])] {
    let all: [(String, Bool, [ShownTable])] = [
      ("--kind", kind != nil, [.events, .findings]), ("--between", between != nil, [.events]),
      ("--point", point != nil, [.events]), ("--direction", direction != nil, [.events]),
      ("--connection", connection != nil, [.events, .findings]), ("--field", field != nil, [.events]),
      ("--severity", severity != nil, [.findings]), ("--protocol", proto != nil, [.connections]),
      ("--address", address != nil, [.connections]), ("--troubled", troubled, [.connections]),
      ("--limit", limit != nil, [.connections, .connection, .events, .findings, .nat]),
    ]
    return all.filter(\.1).map { ($0.0, $0.2) }
  }

  var connections: ConnectionFilter {
    var filter = ConnectionFilter(limit: limit ?? .max)
    filter.proto = proto
    filter.address = address
    filter.onlyTroubled = troubled
    return filter
  }

  var findings: FindingFilter {
    var filter = FindingFilter(limit: limit ?? .max)
    filter.severity = severity?.severity
    filter.kind = kind
    filter.connection = connection
    return filter
  }

  func events(of report: AnalysisReport) throws(Failure) -> EventFilter {
    var filter = EventFilter(limit: limit ?? .max)
    if let kind {
      guard let known = Event.Kind.allCases.first(where: { $0.word == kind }) else {
        throw .usage(.unknownKind(kind, known: Event.Kind.allCases.map(\.word)))
      }
      filter.kind = known
    }
    if let between { filter.between = try report.pair(between, option: "--between") }
    if let point { filter.point = try report.position(of: point) }
    filter.direction = direction?.direction
    filter.connection = connection
    filter.field = field
    return filter
  }
}

/// A direction as typed.
enum DirectionChoice: String, CaseIterable, ExpressibleByArgument, Sendable {
  case c2s, s2c

  var direction: Direction { self == .c2s ? .clientToServer : .serverToClient }
}

/// A severity as typed.
enum SeverityChoice: String, CaseIterable, ExpressibleByArgument, Sendable {
  case fault, warning, note

  static let usage = allCases.map(\.rawValue).joined(separator: "|")

  var severity: Severity {
    switch self {
    case .fault: .fault
    case .warning: .warning
    case .note: .note
    }
  }
}
