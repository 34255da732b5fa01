import Verdicts

/// One connection: who it was at each point, what happened to it where, and its events as a ladder.
enum ConnectionText {
  static func sections(
    _ connection: ConnectionReport, _ ladder: Ladder?, _ view: ReportView, limit: Int
  ) -> [[Line]] {
    let events = view.report.events.enumerated().filter { $0.element.connection == connection.id }
    let findings = view.report.findings.indices.filter {
      view.report.findings[$0].connections.contains(connection.id)
    }
    return [
      facts(connection, view), legs(connection, view), ledger(events.map(\.element), view),
      rewrites(connection, view),
      findings.isEmpty ? [] : view.heading("FINDINGS", "that name it") + FindingListText.table(findings, view),
      ladder.map { packets($0, view, limit: limit) } ?? happenings(events, view, limit: limit),
    ]
  }

  /// Every packet that the analysis keeps of the connection, or those around the trouble.
  private static func packets(_ ladder: Ladder, _ view: ReportView, limit: Int) -> [Line] {
    let shown = ladder.shortened(to: limit)
    var number = 0
    let rows = shown.packets.map { packet in
      number += packet.skipped + 1
      return LadderRow(packet, number: number, view)
    }
    var facts = Numbers.count(ladder.packetsInAll, "packet")
    if shown.packets.count < ladder.packetsInAll {
      facts = "\(Numbers.grouped(shown.packets.count)) of \(facts), those around the trouble"
      if shown.packets.count < ladder.packets.count { facts += " (--limit shows more)" }
    }
    return LadderText.lines(
      rows, view, limit: .max, facts: "\(facts); times in \(TimeText.zone(view)); \(LadderRow.legend)")
  }

  /// The packets to which something happened, where no others are known.
  private static func happenings(_ events: [(offset: Int, element: Event)], _ view: ReportView, limit: Int) -> [Line] {
    LadderText.lines(
      events.map { LadderRow($0.element, number: $0.offset + 1, view) }, view, limit: limit,
      facts: "its events alone, for other packets of it are not kept; times in \(TimeText.zone(view)); "
        + LadderRow.legend)
  }

  private static func facts(_ connection: ConnectionReport, _ view: ReportView) -> [Line] {
    var match = Numbers.confidence(connection.match.confidence) + " sure"
    if !connection.match.evidence.isEmpty {
      match += ": \(connection.match.evidence.joined(separator: ", ")) agree"
    }
    var rows = [
      ("protocol", connection.proto),
      ("from", TimeText.dateAndTime(connection.startNS, view)),
      ("to", TimeText.dateAndTime(connection.endNS, view)),
      ("lasted", Numbers.duration(max(0, connection.endNS - connection.startNS))),
      (
        "payload",
        "\(Numbers.count(connection.bytesClientToServer, "byte")) client to server, "
          + "\(Numbers.count(connection.bytesServerToClient, "byte")) back"
      ), ("match", match),
    ]
    if !connection.match.ambiguousWith.isEmpty {
      let others = connection.match.ambiguousWith.map { "#\($0)" }.joined(separator: " ")
      rows.append(("unclear", "cannot be told apart from \(others)"))
    }
    if let pair = connection.terminatedBetween {
      rows.append(("ends", "between \(view.place(pair)), where another connection carries its bytes on"))
    }
    return view.heading("CONNECTION #\(connection.id)") + LabelledLines.lines(rows, view)
  }

  private static func legs(_ connection: ConnectionReport, _ view: ReportView) -> [Line] {
    func column(_ title: String, _ cell: (ConnectionReport.Leg) -> Line) -> ColumnLayout.Column {
      ColumnLayout.Column(title: [title], right: false, cells: connection.legs.map(cell))
    }
    let layout = ColumnLayout(
      [
        column("point") { Line(view.names[$0.point], .strong) }, column("client") { Line($0.client) },
        column("server") { Line($0.server) },
      ], width: view.width - 2)
    return view.heading("LEGS", "its addresses at each point that saw it") + layout.lines.map { $0.indented(2) }
  }

  /// What happened to its packets, by stretch and direction; a report keeps no count of those that nothing happened to.
  private static func ledger(_ events: [Event], _ view: ReportView) -> [Line] {
    struct Row: Hashable {
      var between: PointPair
      var direction: Direction
    }
    let heading = view.heading("LEDGER", "packets of this connection to which something happened, by segment")
    guard !events.isEmpty else { return heading + [Line("  nothing happened to any of its packets")] }
    let rows = Set(events.map { Row(between: $0.between, direction: $0.direction) }).sorted {
      ($0.between, $0.direction.rawValue) < ($1.between, $1.direction.rawValue)
    }
    let kinds = Event.Kind.allCases.filter { kind in events.contains { $0.kind == kind } }
    let columns =
      [
        ColumnLayout.Column(
          title: ["segment"], right: false, cells: rows.map { Line(view.stretch($0.between, $0.direction)) })
      ]
      + kinds.map { kind in
        ColumnLayout.Column(
          title: [kind.word],
          cells: rows.map { row in
            let count = events.count {
              $0.kind == kind && $0.between == row.between && $0.direction == row.direction
            }
            return count == 0 ? Line("·", .faint) : Line(Numbers.grouped(count), EventWords.style(kind))
          })
      }
    return heading + ColumnLayout(columns, width: view.width - 2).lines.map { $0.indented(2) }
  }

  private static func rewrites(_ connection: ConnectionReport, _ view: ReportView) -> [Line] {
    let rules = view.report.rewrites.filter { $0.connection == connection.id }
    guard !rules.isEmpty else { return [] }
    func column(_ title: String, right: Bool = false, _ cell: (RewriteRule) -> Line) -> ColumnLayout.Column {
      ColumnLayout.Column(title: [title], right: right, cells: rules.map(cell))
    }
    let layout = ColumnLayout(
      [
        column("segment") { Line(view.stretch($0.between, $0.direction)) }, column("field") { Line($0.field) },
        column("rule") { Line($0.form.word, $0.harmful ? .fault : .plain) },
        column("packets", right: true) { Line(Numbers.grouped($0.packets)) },
        column("first") { Line("\(EventWords.value($0.before)) → \(EventWords.value($0.after))") },
      ], width: view.width - 2)
    return view.heading("REWRITES") + layout.lines.map { $0.indented(2) }
  }
}
