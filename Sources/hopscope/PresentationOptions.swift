import ArgumentParser
import Foundation
import Reports
import Verdicts

/// How a report is to look, as typed; for every verb that shows something of an analysis.
struct PresentationOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Colours in the text.", valueName: ColorChoice.usage))
  var color: ColorChoice = .auto

  @Option(help: ArgumentHelp("Columns of the text (default: those of the terminal).", valueName: "N"))
  var width: Int?

  @Option(help: ArgumentHelp("Times of day by UTC or by the local time zone.", valueName: TimeChoice.usage))
  var time: TimeChoice = .utc

  @Option(
    help: ArgumentHelp(
      "Other addresses, the same ones for the same KEY; --anonymize alone takes a new key.", valueName: "KEY"))
  var anonymize: String?

  /// The key that addresses are to be masked by, if they are; one that nobody gave is another one each time.
  var maskingKey: String? { anonymize.map(AnalyzeOptions.key) }

  /// The style for a report on this terminal.
  func style(for report: AnalysisReport, on terminal: Terminal) throws(Failure) -> TextStyle {
    if let width, width < 40 { throw .usage(.tooSmall(option: "--width", minimum: 40)) }
    let colour =
      switch color {
      case .auto: terminal.outputIsTerminal && !terminal.refusesColor
      case .always: true
      case .never: false
      }
    return TextStyle(
      width: width ?? max(40, terminal.columns ?? AnalyzeOptions.defaultWidth), colour: colour,
      utcOffsetSeconds: time.offset(for: report))
  }
}

/// By which clock on the wall times are shown.
enum TimeChoice: String, CaseIterable, ExpressibleByArgument, Sendable {
  case utc
  case local

  static let usage = allCases.map(\.rawValue).joined(separator: "|")

  /// Seconds ahead of UTC when the captures began.
  func offset(for report: AnalysisReport) -> Int {
    guard self == .local, let first = report.points.compactMap(\.firstNS).min() else { return 0 }
    return TimeZone.current.secondsFromGMT(for: Date(timeIntervalSince1970: Double(first) / 1e9))
  }
}
