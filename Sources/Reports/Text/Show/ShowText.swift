public import Verdicts

/// One table of an analysis, or the details of one thing in it, for people.
public enum ShowText {
  /// Renders what is asked for as UTF-8 lines; a connection, event or finding that is not there gives `nil`.
  ///
  /// Every position, and every index of a file, must be one of the report's own points and files.
  public static func render(_ shown: Shown, of report: AnalysisReport, style: TextStyle) -> [UInt8]? {
    let view = ReportView(report, style: style)
    return sections(shown, view)?.bytes(colour: style.colour)
  }

  private static func sections(_ shown: Shown, _ view: ReportView) -> [[Line]]? {
    switch shown {
    case .points(let states): return [PointsText.lines(view, states)]
    case .segments: return [LossTable.lines(view), DelaysText.lines(view)]
    case .connections(let filter): return [ConnectionListText.lines(view, filter)]
    case .connection(let id, let ladder, let limit):
      return view.report.connections.first { $0.id == id }.map {
        ConnectionText.sections($0, ladder, view, limit: limit)
      }
    case .events(let filter): return [EventListText.lines(view, filter)]
    case .event(let number):
      guard view.report.events.indices.contains(number - 1) else { return nil }
      return [EventText.lines(view.report.events[number - 1], number: number, view)]
    case .findings(let filter): return [FindingListText.lines(view, filter)]
    case .finding(let number):
      guard view.report.findings.indices.contains(number - 1) else { return nil }
      return [FindingListText.inFull(number, view)]
    case .nat(let limit): return [NATListText.lines(view, limit: limit)]
    case .clocks: return [ClockListText.lines(view)]
    }
  }
}

/// What of an analysis to show.
public enum Shown: Sendable, Equatable {
  /// The points and their files; with words for the state of each file, by point and file, as far as they are known.
  case points(fileStates: [[String]])
  /// The ledgers and delays.
  case segments
  /// The connections that pass the filter.
  case connections(ConnectionFilter)
  /// One connection by its id, with at most so many packets of its ladder; without a ladder, of its events.
  case connection(Int, ladder: Ladder? = nil, limit: Int)
  /// The events that pass the filter.
  case events(EventFilter)
  /// One event by its number, from 1, in the order of time.
  case event(Int)
  /// The findings that pass the filter.
  case findings(FindingFilter)
  /// One finding by its number, from 1, in the order of the report.
  case finding(Int)
  /// The addresses of at most so many connections along the path.
  case nat(limit: Int)
  /// Every clock against the reference clock.
  case clocks
}
