import ArgumentParser
import Comparison
import Reports

/// `hopscope compare`.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compares two kept analyses of one path, before and after a change.",
    usage: "hopscope compare [OPTIONS] OLD.db NEW.db",
    discussion: """
      Points are the same if their names are. Each share of each segment and direction is tested (two proportions, or \
      Fisher's exact test where fewer than 5 are expected), and the p-values are adjusted for the number of tests \
      (Holm); below 0.05 it counts as better or worse. Delays are tested by Mann and Whitney's rank sums, as far as they \
      differ by more than the clocks leave open, and count if the change is large enough to matter.

      --fail-on CONDITION, given as often as wanted, makes the exit status 1 if it holds for NEW.db: `fault`, \
      `warning` (or worse), `worse`, or a share of any segment and direction, such as `loss>0.1%`, with loss, reorder, \
      duplicate, corrupt, inject or rewrite.

      Examples:
        hopscope compare before.db after.db
        hopscope compare --format html before.db after.db > compare.html
        hopscope compare --fail-on worse --fail-on 'loss>0.1%' before.db after.db
      """)

  @Argument(help: ArgumentHelp("The analysis before the change.", valueName: "OLD.db"))
  var old: String

  @Argument(help: ArgumentHelp("The analysis after it.", valueName: "NEW.db"))
  var new: String

  @Option(help: ArgumentHelp("Exit with 1 if this holds: fault, warning, worse, or loss>0.1%.", valueName: "CONDITION"))
  var failOn: [CompareCondition] = []

  @Option(help: ArgumentHelp("What goes to standard output.", valueName: ComparisonFormat.usage))
  var format: ComparisonFormat = .text

  @OptionGroup(title: "Looks")
  var looks: PresentationOptions

  func run() throws {
    let key = looks.maskingKey
    let before = try ArchiveReading(old, maskingKey: key)
    let after = try ArchiveReading(new, maskingKey: key)
    let comparison = AnalysisComparison(
      old: before.report, new: after.report, oldDelays: try before.delays(), newDelays: try after.delays())
    switch format {
    case .json: try StandardStreams.writeOutput(ComparisonJSON.render(comparison, old: old, new: new))
    case .html: try StandardStreams.writeOutput(ComparisonHTML.render(comparison, old: old, new: new))
    case .text:
      let terminal = Terminal.current()
      let style = try looks.style(for: after.report, on: terminal)
      try Pager.show(ComparisonText.render(comparison, old: old, new: new, style: style), on: terminal)
    }
    var status = ExitStatus.analysed
    for condition in failOn {
      guard let reason = condition.reason(after.report, comparison) else { continue }
      StandardStreams.complain("--fail-on \(condition.typed) holds: \(reason)")
      status = .conditionHolds
    }
    if status != .analysed { throw status.exitCode }
  }
}

/// What `compare` can write.
enum ComparisonFormat: String, CaseIterable, ExpressibleByArgument, Sendable {
  case text, json, html

  static let usage = allCases.map(\.rawValue).joined(separator: "|")
}
