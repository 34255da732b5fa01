import Verdicts

/// The points in a row: `client ── fw1-in ═fw1═ fw1-out ─✗─ server`.
///
/// A box stands between double lines, with its name; a fault is marked where it is, and with a question mark where it may
/// be, as captures between lack what would show it.
enum PathDrawing {
  static func lines(_ view: ReportView) -> [Line] {
    let points = view.report.points
    guard points.count > 1 else { return [] }
    var pieces: [Line] = []
    for (position, point) in points.enumerated() {
      var piece = Line(point.name, .strong)
      if position + 1 < points.count { piece.append(connector(PointPair(position, position + 1), view)) }
      pieces.append(piece)
    }
    return heading(view) + Wrapping.pack(pieces, between: Line(" "), width: view.width - 2).map { $0.indented(2) }
      + order(view)
  }

  private static func heading(_ view: ReportView) -> [Line] {
    let points = view.report.points
    let clock = view.report.order.referenceClock
    let facts = points.indices.contains(clock) ? "times by the clock of \(points[clock].name)" : ""
    return view.heading("PATH", facts)
  }

  private static func connector(_ pair: PointPair, _ view: ReportView) -> Line {
    let around = view.findings(.fault).compactMap(\.between).filter { $0.near <= pair.near && pair.far <= $0.far }
    let mark = around.contains(pair) ? "✗" : around.isEmpty ? "" : "?"
    let style: ANSIStyle = mark.isEmpty ? .plain : .fault
    guard let box = view.segment(pair)?.inside else { return Line(mark.isEmpty ? " ──" : " ─\(mark)─", style) }
    return Line(" ═\(box)\(mark)═", style)
  }

  private static func order(_ view: ReportView) -> [Line] {
    let order = view.report.order
    let reasons = order.evidence.isEmpty ? "" : ": " + order.evidence.joined(separator: "; ")
    let text =
      switch order.source {
      case .given: "order as given" + reasons
      case .inferred: "order inferred, \(Numbers.confidence(order.confidence)) sure" + reasons
      }
    return Wrapping.lines(text, .faint, width: view.width - 2).map { $0.indented(2) }
  }
}
