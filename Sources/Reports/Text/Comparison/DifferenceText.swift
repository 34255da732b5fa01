public import Comparison
public import Verdicts

/// Two points of one analysis against each other, for people: what holds for many packets, then the exceptions.
public enum DifferenceText {
  private static let valuesShown = 3

  /// Renders a difference, made of this report, as UTF-8 lines with at most `limit` exceptions.
  public static func render(
    _ difference: PointDifference, of report: AnalysisReport, limit: Int, style: TextStyle
  ) -> [UInt8] {
    let view = ReportView(report, style: style)
    let page = Page(style: style)
    return [
      heading(difference, view), packets(difference, view, page), rules(difference, view, page),
      exceptions(difference, view, limit: limit),
    ].bytes(colour: style.colour)
  }

  private static func heading(_ difference: PointDifference, _ view: ReportView) -> [Line] {
    [Line("\(view.names[difference.near]) against \(view.names[difference.far])", .strong)]
      + Wrapping.lines(summary(difference, view), width: view.width)
  }

  /// How much differs, in a sentence.
  static func summary(_ difference: PointDifference, _ view: ReportView) -> String {
    let near = view.names[difference.near]
    let far = view.names[difference.far]
    func count(_ side: PointDifference.Exception.Side) -> Int { difference.exceptions.count { $0.side == side } }
    var clauses = [
      "\(Numbers.count(count(.onlyNear), "packet")) only at \(near)",
      "\(Numbers.grouped(count(.onlyFar))) only at \(far)", "\(Numbers.grouped(count(.changed))) changed or late",
    ]
    if count(.perhaps) > 0 { clauses.append("\(Numbers.grouped(count(.perhaps))) perhaps here, perhaps elsewhere") }
    var text = clauses.joined(separator: ", ") + "; " + Numbers.count(difference.rules.count, "rule")
    for (ids, name) in [(difference.onlyNear, near), (difference.onlyFar, far)] where !ids.isEmpty {
      text += "; \(Numbers.count(ids.count, "connection")) seen only at \(name)"
      text += " (\(ids.prefix(5).map { "#\($0)" }.joined(separator: " "))\(ids.count > 5 ? " …" : ""))"
    }
    return text + "." + unlisted(difference)
  }

  /// Packets that differ as far as anybody knows, and of which there is no event.
  private static func unlisted(_ difference: PointDifference) -> String {
    let undecided = difference.directions.reduce(0) { $0 + $1.total.undecided }
    let outside = difference.directions.reduce(0) { $0 + $1.total.outsideCoverage }
    var parts: [String] = []
    if undecided > 0 { parts.append("\(Numbers.count(undecided, "packet")) undecided") }
    if outside > 0 { parts.append("\(Numbers.count(outside, "packet")) outside coverage") }
    return parts.isEmpty ? "" : " Counted, but not listed: \(parts.joined(separator: " and "))."
  }

  private static func packets(_ difference: PointDifference, _ view: ReportView, _ page: Page) -> [Line] {
    let rows = difference.directions
    func column(_ title: String, right: Bool = true, always: Bool = false, _ value: (DirectionDifference) -> Int)
      -> ColumnLayout.Column?
    {
      guard always || rows.contains(where: { value($0) != 0 }) else { return nil }
      return ColumnLayout.Column(title: [title], cells: rows.map { Line(Numbers.grouped(value($0))) })
    }
    let pair = PointPair(difference.near, difference.far)
    let columns: [ColumnLayout.Column?] = [
      ColumnLayout.Column(
        title: ["direction"], right: false, cells: rows.map { Line(view.stretch(pair, $0.direction)) }),
      ColumnLayout.Column(
        title: ["offered"], cells: rows.map { Line($0.offered.map(Numbers.grouped) ?? "–") }),
      column("lost", always: true, \.total.lost), column("not captured", \.total.notCaptured),
      column("outside coverage", \.total.outsideCoverage), column("undecided", \.total.undecided),
      column("reordered", \.total.reordered), column("duplicated", \.total.duplicated),
      column("corrupted", \.total.corrupted), column("injected", \.total.injected),
      column("rewritten", \.total.rewritten),
    ]
    let layout = ColumnLayout(columns.compactMap { $0 }, width: page.width - 2)
    return page.heading("PACKETS", "of all segments between the two") + page.table(layout)
  }

  private static func rules(_ difference: PointDifference, _ view: ReportView, _ page: Page) -> [Line] {
    let rules = difference.rules
    guard !rules.isEmpty else { return page.heading("RULES") + [Line("  no field is changed by a rule")] }
    func column(_ title: String, right: Bool = false, _ cell: (FieldRule) -> Line) -> ColumnLayout.Column {
      ColumnLayout.Column(title: [title], right: right, cells: rules.map(cell))
    }
    let layout = ColumnLayout(
      [
        column("") { Line($0.direction == .clientToServer ? "→" : "←") }, column("field") { Line($0.field, .strong) },
        column("rule") { Line($0.form.word + ($0.harmful ? ", harmful" : ""), $0.harmful ? .fault : .plain) },
        column("packets", right: true) { Line(Numbers.grouped($0.packets)) },
        column("connections", right: true) { Line(Numbers.grouped($0.connections)) },
        column("values") { Line(values($0, shown: valuesShown)) },
      ], width: page.width - 2)
    return page.heading("RULES", "→ client to server, ← server to client")
      + page.table(layout).map { $0.clipped(to: page.width) }
  }

  /// What becomes what, as far as there is room.
  static func values(_ rule: FieldRule, shown most: Int) -> String {
    let isExample = rule.form != .set && rule.form != .constantOffset
    let shown = rule.mappings.prefix(isExample ? 1 : most).map { mapping in
      mapping.offset.map { "+ \(EventWords.value($0))" }
        ?? "\(EventWords.value(mapping.before)) → \(EventWords.value(mapping.after))"
    }
    let more = isExample ? 0 : rule.mappings.count - shown.count
    return (isExample ? "such as " : "") + shown.joined(separator: ", ") + (more > 0 ? ", and \(more) more" : "")
  }

  private static func exceptions(_ difference: PointDifference, _ view: ReportView, limit: Int) -> [Line] {
    let all = difference.exceptions
    let shown = all.prefix(limit)
    let heading = view.heading(
      "EXCEPTIONS", ShownCount.words(shown.count, all.count, all.count) + "; times in \(TimeText.zone(view))")
    guard !shown.isEmpty else { return heading }
    return heading + EventListText.table(shown.map { ($0.event + 1, view.report.events[$0.event]) }, view)
  }
}
