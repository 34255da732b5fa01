import Verdicts

/// The connections, those with most trouble first.
enum ConnectionListText {
  static func lines(_ view: ReportView, _ filter: ConnectionFilter) -> [Line] {
    let all = view.report.connections.filter(filter.lets)
    let shown = Array(all.prefix(filter.limit))
    let heading = view.heading("CONNECTIONS", ShownCount.words(shown.count, all.count, view.report.connections.count))
    guard !shown.isEmpty else { return heading }
    func column(_ title: String, right: Bool = true, droppable: Int = 0, _ cell: (ConnectionReport) -> String)
      -> ColumnLayout.Column
    {
      ColumnLayout.Column(
        title: [title], name: title, right: right, droppable: droppable, cells: shown.map { Line(cell($0)) })
    }
    let layout = ColumnLayout(
      [
        column("#") { String($0.id) },
        column("protocol", right: false) { $0.proto },
        column("lost") { Numbers.grouped($0.lost) },
        column("events") { Numbers.grouped($0.events) },
        column("start", right: false, droppable: 3) { TimeText.time($0.startNS, view) },
        column("duration", droppable: 2) { Numbers.duration(max(0, $0.endNS - $0.startNS)) },
        column("bytes →", droppable: 4) { Numbers.grouped($0.bytesClientToServer) },
        column("bytes ←", droppable: 4) { Numbers.grouped($0.bytesServerToClient) },
        column("match", droppable: 5) { Numbers.confidence($0.match.confidence) },
        column("at the first point", right: false) { ends($0.legs.first) },
        column("at the last point", right: false, droppable: 1) { ends($0.legs.count > 1 ? $0.legs.last : nil) },
      ], width: view.width - 2)
    return heading + Page(style: view.style).table(layout)
  }

  private static func ends(_ leg: ConnectionReport.Leg?) -> String {
    leg.map { "\($0.client) → \($0.server)" } ?? "–"
  }
}

/// How many of what there is a list shows.
enum ShownCount {
  static func words(_ shown: Int, _ matching: Int, _ all: Int) -> String {
    let of = matching == all ? "" : ", of \(Numbers.grouped(all)) in all"
    if shown == matching { return "\(Numbers.grouped(shown))\(of)" }
    return "the first \(Numbers.grouped(shown)) of \(Numbers.grouped(matching))\(of); --limit shows more"
  }
}
