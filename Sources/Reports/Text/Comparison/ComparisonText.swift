public import Comparison
import Verdicts

/// Two analyses of one path against each other, for people: first the answer, then what it rests on.
public enum ComparisonText {
  /// Renders a comparison as UTF-8 lines; `old` and `new` are what the analyses are called.
  public static func render(
    _ comparison: AnalysisComparison, old: String, new: String, style: TextStyle
  ) -> [UInt8] {
    let page = Page(style: style)
    let width = page.width
    let sections = [
      answer(comparison, width: width)
        + Wrapping.lines("old: \(old); new: \(new)", .faint, width: width),
      rates(comparison, page), findings(comparison, page), delays(comparison, page), strangers(comparison, page),
      method(comparison, width: width),
    ]
    return sections.bytes(colour: style.colour)
  }

  private static func answer(_ comparison: AnalysisComparison, width: Int) -> [Line] {
    answers(comparison).flatMap { Wrapping.lines($0.text, $0.isBad ? .fault : .good, width: width) }
  }

  /// What got worse, and what better, in a sentence each; or that nothing did.
  static func answers(_ comparison: AnalysisComparison) -> [(text: String, isBad: Bool)] {
    func list(_ verdict: Verdict) -> [String] {
      let rates = comparison.ledgers.filter { $0.rate.verdict == verdict }.map { change in
        "\(change.measure.rawValue) \(ChangeWords.place(change.place, change.direction)) (\(ChangeWords.shares(change.rate)))"
      }
      let findings = comparison.findings.filter { $0.verdict == verdict && $0.severity != .note }.map { finding in
        "the finding \(finding.kind) \(ChangeWords.place(finding.place, finding.direction)) (\(finding.presence.rawValue))"
      }
      let delays = comparison.delays.filter { $0.verdict == verdict }.map { change in
        "\(ChangeWords.measure(change)) \(ChangeWords.place(change)) (\(ChangeWords.medians(change)))"
      }
      return rates + delays + findings
    }
    if comparison.hasNothingInCommon {
      return [("Nothing to compare: the two analyses have no segment in common.", true)]
    }
    let (worse, better) = (list(.worse), list(.better))
    let faults = comparison.newFaults.map { fault in
      "\(fault.kind) \(ChangeWords.place(fault.place, fault.direction)) "
        + "(\(Numbers.count(fault.newPackets, "packet")))"
    }
    let unsure = faults.isEmpty ? "" : "New faults, though chance may explain them: \(faults.joined(separator: "; "))."
    guard !worse.isEmpty || !better.isEmpty else {
      return faults.isEmpty ? [("Nothing differs by more than chance explains.", false)] : [(unsure, true)]
    }
    return [
      (worse.isEmpty ? "" : "Worse: \(worse.joined(separator: "; ")).", true), (unsure, true),
      (better.isEmpty ? "" : "Better: \(better.joined(separator: "; ")).", false),
    ].filter { !$0.0.isEmpty }
  }

  private static func rates(_ comparison: AnalysisComparison, _ page: Page) -> [Line] {
    let changes = comparison.ledgers
    guard !changes.isEmpty else { return [] }
    func column(
      _ title: String, right: Bool = true, droppable: Int = 0, _ cell: (LedgerChange) -> Line
    ) -> ColumnLayout.Column {
      ColumnLayout.Column(title: [title], name: title, right: right, droppable: droppable, cells: changes.map(cell))
    }
    let layout = ColumnLayout(
      [
        column("segment", right: false) { Line(ChangeWords.place($0.place, $0.direction)) },
        column("measure", right: false) { Line($0.measure.rawValue) },
        column("old") { Line($0.rate.old.share.map(Numbers.percent) ?? "–") },
        column("old packets", droppable: 3) { Line(ChangeWords.counts($0.rate.old)) },
        column("new") { Line($0.rate.new.share.map(Numbers.percent) ?? "–") },
        column("new packets", droppable: 3) { Line(ChangeWords.counts($0.rate.new)) },
        column("difference, 95 % interval", droppable: 2) { Line(ChangeWords.interval($0.rate)) },
        column("p", droppable: 4) { Line($0.rate.test.map { ChangeWords.pValue($0.pValue) } ?? "–") },
        column("p adjusted", droppable: 1) { Line($0.rate.adjustedP.map(ChangeWords.pValue) ?? "–") },
        column("", right: false) { ChangeWords.verdict($0.rate.verdict) },
      ], width: page.width - 2)
    return page.heading("SEGMENTS", "→ client to server, ← server to client") + page.table(layout)
  }

  private static func findings(_ comparison: AnalysisComparison, _ page: Page) -> [Line] {
    let changes = comparison.findings
    guard !changes.isEmpty else { return [] }
    func column(
      _ title: String, right: Bool = false, droppable: Int = 0, _ cell: (FindingChange) -> Line
    ) -> ColumnLayout.Column {
      ColumnLayout.Column(title: [title], name: title, right: right, droppable: droppable, cells: changes.map(cell))
    }
    let layout = ColumnLayout(
      [
        column("severity") { Line($0.severity.word, FindingListText.style($0.severity)) },
        column("kind") { Line($0.kind) },
        column("where") { Line(ChangeWords.place($0.place, $0.direction)) },
        column("is") { Line($0.presence.rawValue) },
        column("packets", right: true) {
          Line("\(Numbers.grouped($0.oldPackets)) → \(Numbers.grouped($0.newPackets))")
        },
        column("connections", right: true, droppable: 1) { change in
          Line(change.connections.map { "\(ChangeWords.counts($0.old)) → \(ChangeWords.counts($0.new))" } ?? "–")
        },
        column("p adjusted", right: true, droppable: 2) { change in
          Line(change.connections?.adjustedP.map(ChangeWords.pValue) ?? "–")
        },
        column("") { $0.severity == .note ? Line("") : ChangeWords.verdict($0.verdict) },
      ], width: page.width - 2)
    return page.heading("FINDINGS") + page.table(layout)
  }

  private static func delays(_ comparison: AnalysisComparison, _ page: Page) -> [Line] {
    let changes = comparison.delays
    guard !changes.isEmpty else { return [] }
    func column(
      _ title: String, right: Bool = true, droppable: Int = 0, _ cell: (DelayChange) -> Line
    ) -> ColumnLayout.Column {
      ColumnLayout.Column(title: [title], name: title, right: right, droppable: droppable, cells: changes.map(cell))
    }
    let layout = ColumnLayout(
      [
        column("segment", right: false) { Line(ChangeWords.place($0)) },
        column("measure", right: false) { Line(ChangeWords.measure($0)) },
        column("old median") { Line(ChangeWords.median($0.oldNS, $0.oldErrorNS)) },
        column("new median") { Line(ChangeWords.median($0.newNS, $0.newErrorNS)) },
        column("beyond the clocks", droppable: 3) { Line($0.test.map { ChangeWords.change($0.changeNS) } ?? "–") },
        column("new > old", droppable: 2) { Line($0.test.map { Numbers.percent($0.superiority) } ?? "–") },
        column("p adjusted", droppable: 1) { Line($0.adjustedP.map(ChangeWords.pValue) ?? "–") },
        column("", right: false) { ChangeWords.verdict($0) },
      ], width: page.width - 2)
    return page.heading("DELAYS", ChangeWords.delayFacts)
      + page.table(layout)
  }

  private static func strangers(_ comparison: AnalysisComparison, _ page: Page) -> [Line] {
    let sides = [("only in old", comparison.onlyOld), ("only in new", comparison.onlyNew)].filter { !$0.1.isEmpty }
    guard !sides.isEmpty else { return [] }
    return page.heading("NOT COMPARED", "segments that one analysis alone has")
      + sides.flatMap { label, places in
        Wrapping.hanging(
          Line(label, .faint).indented(2),
          Wrapping.lines(
            places.map { ChangeWords.place($0, nil) }.joined(separator: "; "), width: page.width - 16), column: 16)
      }
  }

  private static func method(_ comparison: AnalysisComparison, width: Int) -> [Line] {
    Wrapping.lines(ChangeWords.method(comparison), .faint, width: width)
  }
}

/// The words for changes.
enum ChangeWords {
  static func place(_ place: Place, _ direction: Direction?) -> String {
    guard let near = place.near else { return "the whole path" }
    guard let far = place.far else { return near }
    return near + (direction == .serverToClient ? " ← " : " → ") + far
  }

  static func counts(_ proportion: Proportion) -> String {
    "\(Numbers.grouped(proportion.hits)) of \(Numbers.grouped(proportion.count))"
  }

  static func shares(_ rate: RateChange) -> String {
    [rate.old, rate.new].map { $0.share.map(Numbers.percent) ?? "–" }.joined(separator: " → ")
  }

  /// The interval of the difference in percentage points: `+1.2 (+0.4 to +2.1) points`.
  static func interval(_ rate: RateChange) -> String {
    guard let test = rate.test else { return "–" }
    return "\(points(test.difference)) (\(points(test.low)) to \(points(test.high))) points"
  }

  private static func points(_ share: Double) -> String {
    let hundredths = Int((share * 10_000).rounded())
    return (hundredths > 0 ? "+" : "") + Numbers.fixed(hundredths, decimals: 2)
  }

  /// What the tests are, in sentences.
  static func method(_ comparison: AnalysisComparison) -> String {
    """
    \(Numbers.count(comparison.tests, "test")): two proportions (z), Fisher's exact test where fewer than 5 are \
    expected; interval of the difference by Newcombe; delays by Mann and Whitney's rank sums, after the clocks' errors \
    were taken off; p adjusted by Holm for the number of tests, of delays and of all else; worse or better below 0.05. Of delays only if the \
    median changed by a tenth and 0.1 ms at least, and a new packet is slower than an old one in 56 % of all pairs (or \
    faster). Packets count as independent: bursts of losses, and queues, make p too small.
    """
  }

  static let delayFacts =
    "round trip: both ways added; variation: what exceeds the delay 5 % stay below; both whatever the clocks"

  static func measure(_ change: DelayChange) -> String {
    change.measure == .roundTrip ? "round trip" : change.measure.rawValue
  }

  /// The segment, with an arrow each way for a round trip.
  static func place(_ change: DelayChange) -> String {
    guard change.direction == nil, let near = change.place.near, let far = change.place.far else {
      return place(change.place, change.direction)
    }
    return "\(near) ⇄ \(far)"
  }

  static func median(_ nanoseconds: Int64, _ error: Int64) -> String {
    error == 0 ? Numbers.duration(nanoseconds) : "\(Numbers.duration(nanoseconds)) ± \(Numbers.duration(error, .up))"
  }

  static func medians(_ change: DelayChange) -> String {
    "median \(Numbers.duration(change.oldNS)) → \(Numbers.duration(change.newNS))"
  }

  static func change(_ nanoseconds: Int64) -> String { (nanoseconds > 0 ? "+" : "") + Numbers.duration(nanoseconds) }

  static func pValue(_ value: Double) -> String {
    value < 0.0001 ? "<0.0001" : Numbers.fixed(Int((value * 10_000).rounded()), decimals: 4)
  }

  static func verdict(_ change: DelayChange) -> Line {
    if change.test == nil { return Line("not tested", .faint) }
    return change.isSmall ? Line("too small to matter", .faint) : verdict(change.verdict)
  }

  static func verdict(_ verdict: Verdict) -> Line {
    switch verdict {
    case .worse: Line("worse", .fault)
    case .better: Line("better", .good)
    case .unclear: Line("·", .faint)
    case .notComparable: Line("not comparable", .faint)
    }
  }
}

/// Headings and tables of a text that is about more than one report.
struct Page {
  let width: Int

  init(style: TextStyle) { width = max(style.width, TextStyle.narrowest) }

  func heading(_ title: String, _ facts: String = "") -> [Line] {
    let label = Line(title, .strong)
    guard !facts.isEmpty else { return [label] }
    let column = label.width + 2
    return Wrapping.hanging(label, Wrapping.lines(facts, .faint, width: width - column), column: column)
  }

  func table(_ layout: ColumnLayout) -> [Line] {
    var lines = layout.lines.map { $0.indented(2) }
    if !layout.dropped.isEmpty {
      let text = "not shown at this width: \(layout.dropped.joined(separator: ", "))"
      lines += Wrapping.lines(text, .faint, width: width - 2).map { $0.indented(2) }
    }
    return lines
  }
}
