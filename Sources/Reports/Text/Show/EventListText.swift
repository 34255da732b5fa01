import Verdicts

/// What happened to single packets, by time.
enum EventListText {
  static func lines(_ view: ReportView, _ filter: EventFilter) -> [Line] {
    let all = view.report.events.indices.filter { filter.lets(view.report.events[$0]) }
    let shown = all.prefix(filter.limit)
    let heading = view.heading(
      "EVENTS",
      ShownCount.words(shown.count, all.count, view.report.events.count)
        + "; times in \(TimeText.zone(view)), lengths in bytes")
    guard !shown.isEmpty else { return heading }
    return heading + table(shown.map { ($0 + 1, view.report.events[$0]) }, view)
  }

  /// A row for each event, with its number.
  static func table(_ events: [(Int, Event)], _ view: ReportView) -> [Line] {
    func column(_ title: String, right: Bool = false, droppable: Int = 0, _ cell: (Int, Event) -> Line)
      -> ColumnLayout.Column
    {
      ColumnLayout.Column(title: [title], name: title, right: right, droppable: droppable, cells: events.map(cell))
    }
    let changes =
      events.contains { $0.1.field != nil }
      ? [column("change") { _, event in Line(EventWords.change(event) ?? "") }] : []
    let columns =
      [
        column("#", right: true) { number, _ in Line(String(number)) },
        column("time") { _, event in Line(TimeText.time(event.timeNS, view)) },
        column("kind") { _, event in Line(event.kind.word, EventWords.style(event.kind)) },
        column("where") { _, event in Line(EventWords.place(event, view)) },
        column("of", right: true) { _, event in Line("#\(event.connection)") },
        column("frames", droppable: 2) { _, event in Line(EventWords.frames(event, view)) },
        column("packet", droppable: 3) { _, event in Line(EventWords.packet(event)) },
      ] + changes + [
        column("sure", right: true, droppable: 1) { _, event in Line(Numbers.confidence(event.confidence)) }
      ]
    return Page(style: view.style).table(ColumnLayout(columns, width: view.width - 2))
  }
}

/// The words for one event.
enum EventWords {
  static func style(_ kind: Event.Kind) -> ANSIStyle { kind == .notCaptured ? .warning : .fault }

  /// Where: the stretch with an arrow along the packet's direction, or the point whose capture is concerned.
  static func place(_ event: Event, _ view: ReportView) -> String {
    if event.kind == .notCaptured, let point = event.point {
      return view.names[point] + (event.direction == .clientToServer ? " →" : " ←")
    }
    return view.stretch(event.between, event.direction)
  }

  /// The packet: `PSH,ACK seq 2861942979, 1,448 bytes`.
  static func packet(_ event: Event) -> String {
    let flags = event.flagNames.map { $0 + " " } ?? ""
    let sequence = event.sequence.map { "seq \($0), " } ?? event.ipID.map { "IP ID \($0), " } ?? ""
    return flags + sequence + Numbers.count(event.length, "byte")
  }

  /// The frames on both sides: `fw1-in 46 → –`.
  static func frames(_ event: Event, _ view: ReportView) -> String {
    let sides = [event.upstream, event.downstream].map { side in side.map { frame($0, view) } ?? "–" }
    return sides.joined(separator: " → ")
  }

  /// `fw1-in 46`, with the file where the point has several.
  static func frame(_ frame: FrameReference, _ view: ReportView) -> String {
    let file = view.names.hasSeveralFiles(frame.point) ? " of \(view.names.file(of: frame))" : ""
    return "\(view.names[frame.point]) \(frame.frame)\(file)"
  }

  /// What was changed: `tcp.ack 17 → 19`.
  static func change(_ event: Event) -> String? {
    guard let field = event.field else { return nil }
    return "\(field) \(value(event.before)) → \(value(event.after))"
  }

  static func value(_ value: FieldValue?) -> String {
    switch value {
    case .number(let number): String(number)
    case .text(let text): text
    case nil: "absent"
    }
  }
}
