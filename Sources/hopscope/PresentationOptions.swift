import ArgumentParser
import Foundation
import Reports
import Verdicts

/// How a text is to look, as typed; for every verb that shows something.
struct PresentationOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Colours in the text.", valueName: ColorChoice.usage))
  var color: ColorChoice = .auto

  @Option(help: ArgumentHelp("Columns of the text (default: those of the terminal).", valueName: "N"))
  var width: Int?

  @Option(help: ArgumentHelp("Times of day by UTC or by the local time zone.", valueName: TimeChoice.usage))
  var time: TimeChoice = .utc

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
