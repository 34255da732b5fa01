import Verdicts

/// The addresses of each connection at every point that changes them: the NAT table of the path.
enum NATListText {
  static func lines(_ view: ReportView, limit: Int) -> [Line] {
    var rows: [Row] = []
    var translated = 0
    for connection in view.report.connections {
      let changes = zip(connection.legs, connection.legs.dropFirst()).filter { leg, next in
        leg.client != next.client || leg.server != next.server
      }
      guard !changes.isEmpty else { continue }
      translated += 1
      guard translated <= limit else { continue }
      for (index, change) in changes.enumerated() {
        rows.append(Row(connection, change.0, change.1, isFirst: index == 0))
      }
    }
    let count = ShownCount.words(min(limit, translated), translated, view.report.connections.count)
    let heading = view.heading("NAT", count)
    guard !rows.isEmpty else { return heading }
    func column(_ title: String, right: Bool = false, _ cell: (Row) -> String) -> ColumnLayout.Column {
      ColumnLayout.Column(title: [title], right: right, cells: rows.map { Line(cell($0)) })
    }
    let layout = ColumnLayout(
      [
        column("connection", right: true) { $0.isFirst ? "#\($0.connection.id)" : "" },
        column("between") { view.stretch(PointPair($0.before.point, $0.after.point)) },
        column("client") { change($0.before.client, $0.after.client) },
        column("server") { change($0.before.server, $0.after.server) },
      ], width: view.width - 2)
    return heading + layout.lines.map { $0.indented(2) }
  }

  private struct Row {
    let connection: ConnectionReport
    let before: ConnectionReport.Leg
    let after: ConnectionReport.Leg
    let isFirst: Bool

    init(
      _ connection: ConnectionReport, _ before: ConnectionReport.Leg, _ after: ConnectionReport.Leg, isFirst: Bool
    ) {
      self.connection = connection
      self.before = before
      self.after = after
      self.isFirst = isFirst
    }
  }

  private static func change(_ before: String, _ after: String) -> String {
    before == after ? "unchanged" : "\(before) → \(after)"
  }
}
