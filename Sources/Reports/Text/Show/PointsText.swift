import Verdicts

/// The points in path order: what each captured, and what its capture missed or added.
enum PointsText {
  static func lines(_ view: ReportView, _ states: [[String]]) -> [Line] {
    let points = Array(view.report.points.enumerated())
    func column(
      _ title: [String], _ name: String = "", right: Bool = true, droppable: Int = 0,
      _ cell: (PointReport) -> String
    ) -> ColumnLayout.Column {
      ColumnLayout.Column(
        title: title, name: name, right: right, droppable: droppable, cells: points.map { Line(cell($0.element)) })
    }
    let remarks =
      points.contains { !remark($0.element.capture).isEmpty }
      ? [column(["remark"], "remark", right: false, droppable: 5) { remark($0.capture) }] : []
    let layout = ColumnLayout(
      [
        ColumnLayout.Column(title: ["point"], right: false, cells: points.map { Line($0.element.name, .strong) }),
        column(["packets"]) { Numbers.grouped($0.packets) },
        column(["first packet"], right: false) { $0.firstNS.map { TimeText.time($0, view) } ?? "–" },
        column(["duration"]) { duration($0) },
        column(["link type"], "link type", right: false, droppable: 3) { $0.linkType },
        column(["not", "captured"]) { Numbers.grouped($0.capture.notCaptured) },
        column(["held", "twice"], "held twice", droppable: 2) { Numbers.grouped($0.capture.duplicates) },
        column(["cut by", "snap length"], "cut by snap length", droppable: 1) {
          Numbers.grouped($0.capture.truncated)
        },
        column(["dropped", "by kernel"], "dropped by kernel", droppable: 4) {
          $0.capture.kernelDrops.map(Numbers.grouped) ?? "–"
        },
      ] + remarks, width: view.width - 2)
    let facts = "packets; times in \(TimeText.zone(view)) by the clock of \(reference(view))"
    return view.heading("POINTS", facts) + Page(style: view.style).table(layout) + [.empty] + files(view, states)
  }

  private static func files(_ view: ReportView, _ states: [[String]]) -> [Line] {
    var rows: [(String, String, String)] = []
    for (position, point) in view.report.points.enumerated() {
      for (index, file) in point.files.enumerated() {
        let known = states.indices.contains(position) && states[position].indices.contains(index)
        rows.append((point.name, file, known ? states[position][index] : "not known"))
      }
    }
    let layout = ColumnLayout(
      [
        ColumnLayout.Column(title: ["point"], right: false, cells: rows.map { Line($0.0, .strong) }),
        ColumnLayout.Column(title: ["file, as given"], right: false, cells: rows.map { Line($0.1) }),
        ColumnLayout.Column(title: ["now"], right: false, cells: rows.map { Line($0.2) }),
      ], width: view.width - 2)
    return view.heading("FILES") + layout.lines.map { $0.indented(2) }
  }

  private static func reference(_ view: ReportView) -> String {
    let clock = view.report.order.referenceClock
    return view.report.points.indices.contains(clock) ? view.names[clock] : "the first point"
  }

  private static func duration(_ point: PointReport) -> String {
    guard let first = point.firstNS, let last = point.lastNS else { return "–" }
    return Numbers.duration(max(0, last - first))
  }

  private static func remark(_ capture: CaptureReport) -> String {
    var remarks: [String] = []
    if let direction = capture.oneWay { remarks.append("sees only \(direction.words)") }
    if capture.offload { remarks.append("offload") }
    return remarks.joined(separator: ", ")
  }
}
