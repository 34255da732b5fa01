public import Comparison
import Verdicts

/// Two analyses of one path against each other, as a page for people: first the answer, then what it rests on.
public enum ComparisonHTML {
  /// Renders a comparison as one UTF-8 page; `old` and `new` are what the analyses are called.
  ///
  /// The page loads nothing and runs no script.
  public static func render(_ comparison: AnalysisComparison, old: String, new: String) -> [UInt8] {
    let answers = ComparisonText.answers(comparison)
    let title = answers.map(\.text).joined(separator: " ")
    return HTMLText.page(comparison.isWorse ? "Worse than before" : "Not worse than before") { html in
      html.element("header", class: "top") { html in
        html.element("p", class: "product", "hopscope compare")
        html.element("h1", class: comparison.isWorse ? "fault" : "good", answers.count > 1 ? "Worse and better" : title)
        if answers.count > 1 {
          for answer in answers { html.element("p", class: answer.isBad ? "strong loss" : "strong", answer.text) }
        }
        html.element("p", class: "muted", "old: \(old); new: \(new)")
      }
      html.element("main") { html in
        rates(comparison, &html)
        delays(comparison, &html)
        findings(comparison, &html)
        strangers(comparison, &html)
        html.section("Method") { $0.element("p", class: "muted", ChangeWords.method(comparison)) }
      }
    }
  }

  private static func rates(_ comparison: AnalysisComparison, _ html: inout HTMLText) {
    guard !comparison.ledgers.isEmpty else { return }
    html.section("Segments", "Shares of packets. → client to server, ← server to client.") { html in
      html.table(
        "Segments", comparison.ledgers,
        [
          HTMLText.Column("Segment", head: true) { ChangeWords.place($0.place, $0.direction) },
          HTMLText.Column("Measure") { $0.measure.rawValue },
          HTMLText.Column("Old", number: true) { $0.rate.old.share.map(Numbers.percent) ?? "–" },
          HTMLText.Column("Old packets", number: true) { ChangeWords.counts($0.rate.old) },
          HTMLText.Column("New", number: true) { $0.rate.new.share.map(Numbers.percent) ?? "–" },
          HTMLText.Column("New packets", number: true) { ChangeWords.counts($0.rate.new) },
          HTMLText.Column("Difference, 95 % interval", number: true) { ChangeWords.interval($0.rate) },
          HTMLText.Column("p adjusted", number: true) { $0.rate.adjustedP.map(ChangeWords.pValue) ?? "–" },
          verdict { $0.rate.verdict },
        ])
    }
  }

  private static func delays(_ comparison: AnalysisComparison, _ html: inout HTMLText) {
    guard !comparison.delays.isEmpty else { return }
    html.section("Delays", "Of each segment: \(ChangeWords.delayFacts).") { html in
      html.table(
        "Delays", comparison.delays,
        [
          HTMLText.Column("Segment", head: true) { ChangeWords.place($0) },
          HTMLText.Column("Measure") { ChangeWords.measure($0) },
          HTMLText.Column("Old median", number: true) { ChangeWords.median($0.oldNS, $0.oldErrorNS) },
          HTMLText.Column("New median", number: true) { ChangeWords.median($0.newNS, $0.newErrorNS) },
          HTMLText.Column("Beyond the clocks", number: true) {
            $0.test.map { ChangeWords.change($0.changeNS) } ?? "not tested"
          },
          HTMLText.Column("New > old", number: true) { $0.test.map { Numbers.percent($0.superiority) } ?? "–" },
          HTMLText.Column("p adjusted", number: true) { $0.adjustedP.map(ChangeWords.pValue) ?? "–" },
          verdict({ $0.verdict }, isSmall: \.isSmall),
        ])
    }
  }

  private static func findings(_ comparison: AnalysisComparison, _ html: inout HTMLText) {
    guard !comparison.findings.isEmpty else { return }
    html.section("Findings") { html in
      html.table(
        "Findings", comparison.findings,
        [
          HTMLText.Column("Severity") { $0.severity.word }, HTMLText.Column("Kind", head: true) { $0.kind },
          HTMLText.Column("Where") { ChangeWords.place($0.place, $0.direction) },
          HTMLText.Column("Is") { $0.presence.rawValue }, HTMLText.Column("Title") { $0.title },
          HTMLText.Column("Packets", number: true) {
            "\(Numbers.grouped($0.oldPackets)) → \(Numbers.grouped($0.newPackets))"
          },
          HTMLText.Column("Connections", number: true) { change in
            change.connections.map { "\(ChangeWords.counts($0.old)) → \(ChangeWords.counts($0.new))" } ?? "–"
          },
          HTMLText.Column("p adjusted", number: true) { $0.connections?.adjustedP.map(ChangeWords.pValue) ?? "–" },
          verdict { $0.verdict },
        ])
    }
  }

  private static func strangers(_ comparison: AnalysisComparison, _ html: inout HTMLText) {
    let sides = [("only in old", comparison.onlyOld), ("only in new", comparison.onlyNew)].filter { !$0.1.isEmpty }
    guard !sides.isEmpty else { return }
    html.section("Not compared", "Segments that one analysis alone has.") { html in
      for (label, places) in sides {
        html.element("p", "\(label): \(places.map { ChangeWords.place($0, nil) }.joined(separator: "; "))")
      }
    }
  }

  private static func verdict<Row>(
    _ verdict: @escaping (Row) -> Verdict, isSmall: @escaping (Row) -> Bool = { _ in false }
  ) -> HTMLText.Column<Row> {
    HTMLText.Column(
      "Verdict", look: { look(verdict($0)) }, { isSmall($0) ? "too small to matter" : words(verdict($0)) })
  }

  private static func look(_ verdict: Verdict) -> String {
    switch verdict {
    case .worse: "strong loss"
    case .better: "strong inject"
    case .unclear, .notComparable: "muted"
    }
  }

  private static func words(_ verdict: Verdict) -> String {
    switch verdict {
    case .worse: "worse"
    case .better: "better"
    case .unclear: "no difference shown"
    case .notComparable: "not comparable"
    }
  }
}
