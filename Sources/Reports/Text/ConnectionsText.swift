import Verdicts

/// The connections with most trouble.
enum ConnectionsText {
  private static let shown = 10

  static func lines(_ view: ReportView) -> [Line] {
    let troubled = view.report.connections.filter { $0.lost > 0 || $0.events > 0 }
    guard !troubled.isEmpty else { return [] }
    let worst = troubled.sorted { ($1.lost, $1.events, $0.id) < ($0.lost, $0.events, $1.id) }.prefix(shown)
    let facts = """
      \(troubled.count > worst.count ? "the worst \(worst.count) of the " : "")\(Numbers.grouped(troubled.count)) \
      with trouble, of \(Numbers.grouped(view.report.connections.count))
      """
    return view.heading("CONNECTIONS", facts) + table(Array(worst), view).map { $0.indented(2) }
  }

  /// The two ends side by side, or below each other where the screen is narrow.
  private static func table(_ connections: [ConnectionReport], _ view: ReportView) -> [Line] {
    func column(_ title: String, right: Bool = true, _ cell: (ConnectionReport) -> Line) -> ColumnLayout.Column {
      ColumnLayout.Column(title: [title], right: right, cells: connections.map(cell))
    }
    let facts = [
      column("#") { Line(String($0.id)) },
      column("protocol", right: false) { Line($0.proto) },
      column("lost") { Line(Numbers.grouped($0.lost), $0.lost > 0 ? .fault : .faint) },
      column("events") { Line(Numbers.grouped($0.events)) },
    ]
    let first = End(connections, view, fallback: "first point") { $0.legs.first }
    let last = End(connections, view, fallback: "last point") { $0.legs.count > 1 ? $0.legs.last : nil }
    let remark = column("remark", right: false) { Line(Self.remark($0, view), .warning) }
    let ends = [first, last].map { end in column(end.title, right: false) { end.line($0) } }
    let remarks = remark.cells.contains { $0.width > 0 } ? [remark] : []
    let wide = ColumnLayout(facts + ends + remarks, width: view.width - 2)
    if wide.width <= view.width - 2 { return wide.lines }

    let narrow = ColumnLayout(facts, width: view.width - 2)
    let column = narrow.width + 2
    let bodies = connections.indices.map { index in
      [first, last].flatMap { end in
        Wrapping.pack(end.pieces(connections[index]), between: Line(" "), width: view.width - 2 - column)
      } + [remark.cells[index]].filter { $0.width > 0 }
    }
    let title = Line("\(first.title), then \(last.title)", .faint)
    return zip(narrow.lines, [[title]] + bodies).flatMap { Wrapping.hanging($0, $1, column: column) }
  }

  /// One end of the path: the addresses of a connection there.
  private struct End {
    /// The point, if it is the same for all connections.
    let title: String
    private let names: PointNames
    private let isCommon: Bool
    private let leg: (ConnectionReport) -> ConnectionReport.Leg?

    init(
      _ connections: [ConnectionReport], _ view: ReportView, fallback: String,
      leg: @escaping (ConnectionReport) -> ConnectionReport.Leg?
    ) {
      self.leg = leg
      names = view.names
      let points = Set(connections.map { leg($0)?.point })
      let common = points.count == 1 ? points.first.flatMap { $0 } : nil
      isCommon = common != nil
      title = common.map { "at " + view.names[$0] } ?? fallback
    }

    /// The addresses, with a place to break between them.
    func pieces(_ connection: ConnectionReport) -> [Line] {
      guard let leg = leg(connection) else { return [Line("–", .faint)] }
      return [Line((isCommon ? "" : names[leg.point] + ": ") + leg.client + " →"), Line(leg.server)]
    }

    func line(_ connection: ConnectionReport) -> Line {
      pieces(connection).reduce(into: Line()) { line, piece in
        if line.width > 0 { line.append(" ") }
        line.append(piece)
      }
    }
  }

  private static func remark(_ connection: ConnectionReport, _ view: ReportView) -> String {
    var remarks: [String] = []
    if let pair = connection.terminatedBetween {
      remarks.append("ends in \(view.segment(pair)?.inside ?? view.stretch(pair))")
    }
    if let other = connection.match.ambiguousWith.first {
      let more = connection.match.ambiguousWith.count - 1
      remarks.append("like #\(other)" + (more > 0 ? " and \(more) more" : ""))
    }
    return remarks.joined(separator: ", ")
  }
}
