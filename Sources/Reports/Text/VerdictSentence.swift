import Verdicts

/// The answer in one sentence, then what to keep in mind about it, then what was looked at.
enum VerdictSentence {
  static func lines(_ view: ReportView) -> [Line] {
    let (sentence, style) = verdict(view)
    return Wrapping.lines(sentence, style, width: view.width)
      + Cautions.sentences(view).flatMap {
        Wrapping.hanging(Line("  ! ", .warning), Wrapping.lines($0, .warning, width: view.width - 4), column: 4)
      } + Wrapping.lines(scope(view), .faint, width: view.width)
  }

  /// The same for reports that are no lines of text.
  static func parts(_ view: ReportView) -> (sentence: String, isGood: Bool, cautions: [String], scope: String) {
    let (sentence, style) = verdict(view)
    return (sentence, style == .good, Cautions.sentences(view), scope(view))
  }

  private static func verdict(_ view: ReportView) -> (String, ANSIStyle) {
    let report = view.report
    let packets = report.points.reduce(0) { $0 + $1.packets }
    guard let first = report.points.first, let last = report.points.last, packets > 0 else {
      return ("Nothing to analyse: the captures hold no packet.", .warning)
    }
    let faults = view.findings(.fault)
    guard faults.isEmpty else { return (FaultClauses(view).sentence(faults), .fault) }

    if report.points.count == 1 {
      let sentence = """
        One point alone, \(first.name), with \(Numbers.count(packets, "packet")): where packets are lost takes a \
        second point
        """
      return (sentence + warnings(view), .warning)
    }
    let total = view.total
    guard total.offered > 0 else {
      return ("Nothing to compare: no packet could be followed from one point to another.", .warning)
    }
    if total.lost > 0 {
      let places = report.segments.filter { $0.clientToServer.lost + $0.serverToClient.lost > 0 }
      let sentence = """
        No fault is proven, but \(Numbers.count(total.lost, "packet")) went missing: \
        \(places.map { view.place($0.between) }.joined(separator: ", "))
        """
      return (sentence + warnings(view), .warning)
    }
    // Between the outermost points that were compared, which need not be all.
    let compared = report.segments.filter { $0.clientToServer.offered + $0.serverToClient.offered > 0 }.map(\.between)
    let nearest = compared.map(\.near).min().map { report.points[$0].name } ?? first.name
    let farthest = compared.map(\.far).max().map { report.points[$0].name } ?? last.name
    let nothing = "No fault found between \(nearest) and \(farthest)"
    if total.undecided > 0 {
      let share = "\(Numbers.grouped(total.undecided)) of \(Numbers.grouped(total.offered))"
      return ("\(nothing), but what became of \(share) packets is undecided" + warnings(view), .warning)
    }
    let connections = report.connections.count
    let followed = report.connections.count { $0.legs.count > 1 }
    var scope = "every packet that the captures cover"
    if followed < connections {
      scope +=
        " of the \(Numbers.grouped(followed)) of \(Numbers.grouped(connections)) connections that several points saw"
    }
    let isMostlyFollowed = followed * 10 >= connections * 9
    let style: ANSIStyle = view.findings(.warning).isEmpty && isMostlyFollowed ? .good : .warning
    return ("\(nothing): \(scope) is accounted for" + warnings(view), style)
  }

  /// The end of a sentence about a path without faults.
  private static func warnings(_ view: ReportView) -> String {
    let warnings = view.findings(.warning)
    guard !warnings.isEmpty else { return "." }
    let titles = warnings.prefix(2).map { "\($0.title) (\(view.place($0)))" }.joined(separator: "; ")
    let more = warnings.count > 2 ? "; and \(warnings.count - 2) more" : ""
    return ". " + Numbers.count(warnings.count, "warning") + ": " + titles + more + "."
  }

  private static func scope(_ view: ReportView) -> String {
    let report = view.report
    let packets = report.points.reduce(0) { $0 + $1.packets }
    var text = """
      \(Numbers.count(packets, "packet")) at \(Numbers.count(report.points.count, "point")), \
      \(Numbers.count(report.connections.count, "connection"))
      """
    guard let first = report.points.compactMap(\.firstNS).min(), let last = report.points.compactMap(\.lastNS).max()
    else { return text }
    let from = Moment(nanoseconds: first, utcOffsetSeconds: view.style.utcOffsetSeconds)
    let to = Moment(nanoseconds: last, utcOffsetSeconds: view.style.utcOffsetSeconds)
    text += ", \(from.date) \(from.time) to \(to.date == from.date ? "" : to.date + " ")\(to.time) \(to.zone)"
    return text + " (\(Numbers.duration(max(0, last - first))))"
  }
}
