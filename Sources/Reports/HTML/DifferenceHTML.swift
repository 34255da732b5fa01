public import Comparison
public import Verdicts

/// Two points of one analysis against each other, as a page for people: what holds for many packets, then the exceptions.
public enum DifferenceHTML {
  /// Renders a difference, made of this report, as one UTF-8 page with at most `limit` exceptions.
  ///
  /// The page loads nothing and runs no script. Times are shown by `utcOffsetSeconds` ahead of UTC.
  public static func render(
    _ difference: PointDifference, of report: AnalysisReport, limit: Int, utcOffsetSeconds: Int = 0
  ) -> [UInt8] {
    let view = ReportView(report, style: TextStyle(utcOffsetSeconds: utcOffsetSeconds))
    let (near, far) = (view.names[difference.near], view.names[difference.far])
    return HTMLText.page("\(near) against \(far)") { html in
      html.element("header", class: "top") { html in
        html.element("p", class: "product", "hopscope diff")
        html.element("h1", class: difference.exceptions.isEmpty ? "good" : "warning", "\(near) against \(far)")
        html.element("p", DifferenceText.summary(difference, view))
      }
      html.element("main") { html in
        packets(difference, view, &html)
        rules(difference, &html)
        exceptions(difference, view, limit, &html)
      }
    }
  }

  private static func packets(_ difference: PointDifference, _ view: ReportView, _ html: inout HTMLText) {
    let pair = PointPair(difference.near, difference.far)
    func count(_ title: String, _ look: String, _ number: @escaping (SegmentLedger) -> Int)
      -> HTMLText.Column<DirectionDifference>
    {
      HTMLText.Column(title, number: true, look: { number($0.total) > 0 ? "strong \(look)" : "zero" }) {
        Numbers.grouped(number($0.total))
      }
    }
    html.section("Packets", "Of all segments between the two.") { html in
      html.table(
        "Packets", difference.directions,
        [
          HTMLText.Column("Direction", head: true) { view.stretch(pair, $0.direction) },
          HTMLText.Column("Offered", number: true) { $0.offered.map(Numbers.grouped) ?? "–" },
          count("Lost", "loss", \.lost), count("Not captured", "missed", \.notCaptured),
          count("Outside capture", "", \.outsideCoverage), count("Undecided", "missed", \.undecided),
          count("Late", "reorder", \.reordered), count("Duplicated", "duplicate", \.duplicated),
          count("Corrupted", "change", \.corrupted), count("Rewritten", "change", \.rewritten),
          count("Injected", "inject", \.injected),
        ])
    }
  }

  private static func rules(_ difference: PointDifference, _ html: inout HTMLText) {
    html.section("Rules", "What changes in the same way in every packet of a connection.") { html in
      guard !difference.rules.isEmpty else { return html.element("p", "No field is changed by a rule.") }
      html.table(
        "Rules", difference.rules,
        [
          HTMLText.Column("Direction") { $0.direction.words }, HTMLText.Column("Field", head: true) { $0.field },
          HTMLText.Column("Rule", look: { $0.harmful ? "strong loss" : "" }) {
            $0.form.word + ($0.harmful ? ", harmful" : "")
          },
          HTMLText.Column("Packets", number: true) { Numbers.grouped($0.packets) },
          HTMLText.Column("Connections", number: true) { Numbers.grouped($0.connections) },
          HTMLText.Column("Values") { DifferenceText.values($0, shown: 12) },
        ])
    }
  }

  private static func exceptions(
    _ difference: PointDifference, _ view: ReportView, _ limit: Int, _ html: inout HTMLText
  ) {
    let all = difference.exceptions
    let shown = all.prefix(limit)
    let facts = "\(ShownCount.words(shown.count, all.count, all.count)); times in \(TimeText.zone(view))."
    html.section("Exceptions", facts) { html in
      guard !shown.isEmpty else { return }
      html.table(
        "Exceptions", Array(shown),
        [
          HTMLText.Column("Event", number: true) { Numbers.grouped($0.event + 1) },
          HTMLText.Column("Time") { TimeText.time(view.report.events[$0.event].timeNS, view) },
          HTMLText.Column("Packet is") { $0.side.words(view.names[difference.near], view.names[difference.far]) },
          HTMLText.Column("What", look: { "strong \(look(view.report.events[$0.event].kind))" }) {
            view.report.events[$0.event].kind.word
          },
          HTMLText.Column("Where", look: { _ in "address" }) { EventWords.place(view.report.events[$0.event], view) },
          HTMLText.Column("Connection", number: true) { "#\(view.report.events[$0.event].connection)" },
          HTMLText.Column("Frames", look: { _ in "address" }) {
            EventWords.frames(view.report.events[$0.event], view)
          },
          HTMLText.Column("Packet") { EventWords.packet(view.report.events[$0.event]) },
          HTMLText.Column("Change") { EventWords.change(view.report.events[$0.event]) ?? "" },
          HTMLText.Column("Sure", number: true) { Numbers.confidence(view.report.events[$0.event].confidence) },
        ])
    }
  }

  private static func look(_ kind: Event.Kind) -> String {
    switch kind {
    case .drop: "loss"
    case .notCaptured: "missed"
    case .reorder: "reorder"
    case .duplicate: "duplicate"
    case .corrupt, .rewrite: "change"
    case .inject: "inject"
    }
  }
}

extension PointDifference.Exception.Side {
  /// Where the packet is, between points of these names.
  fileprivate func words(_ near: String, _ far: String) -> String {
    switch self {
    case .onlyNear: "only at \(near)"
    case .onlyFar: "only at \(far)"
    case .changed: "at both, changed or late"
    case .perhaps: "perhaps elsewhere"
    }
  }
}
