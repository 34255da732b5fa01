import Verdicts

/// One event with all that is known of it.
enum EventText {
  static func lines(_ event: Event, number: Int, _ view: ReportView) -> [Line] {
    var rows: [(String, String)] = [
      ("what", what(event, view)), ("when", TimeText.dateAndTime(event.timeNS, view)),
      ("direction", event.direction.words), ("packet", EventWords.packet(event)),
    ]
    if let ipID = event.ipID { rows.append(("IP ID", String(ipID))) }
    if let change = EventWords.change(event) { rows.append(("change", change)) }
    rows.append(("upstream", frame(event.upstream, view)))
    rows.append(("downstream", frame(event.downstream, view)))
    if let connection = view.report.connections.first(where: { $0.id == event.connection }) {
      let leg = connection.legs.first.map { ", \($0.client) → \($0.server)" } ?? ""
      rows.append(("connection", "#\(connection.id), \(connection.proto)\(leg)"))
    }
    rows.append(("sure", Numbers.confidence(event.confidence)))
    for (index, evidence) in event.evidence.enumerated() { rows.append((index == 0 ? "because" : "", evidence)) }
    return view.heading("EVENT \(number)") + LabelledLines.lines(rows, view)
  }

  private static func what(_ event: Event, _ view: ReportView) -> String {
    let place = view.place(event.between)
    return switch event.kind {
    case .drop: "drop: on the wire upstream and never downstream, \(place)"
    case .notCaptured: "not captured: it passed \(event.point.map { view.names[$0] } ?? place), whose capture lacks it"
    case .reorder: "reorder: arrived after a packet that was sent later, \(place)"
    case .duplicate: "duplicate: a further copy, \(place)"
    case .corrupt: "corrupt: changed, and its checksum no longer holds, \(place)"
    case .inject: "inject: first appears on this stretch, \(place)"
    case .rewrite: "rewrite: changed, and its checksum holds, \(place)"
    }
  }

  private static func frame(_ frame: FrameReference?, _ view: ReportView) -> String {
    guard let frame else { return "not there" }
    return "\(view.names[frame.point]), frame \(frame.frame) of \(view.names.file(of: frame))"
  }
}

/// Labels with what belongs to them, in two columns.
enum LabelledLines {
  static func lines(_ rows: [(String, String)], _ view: ReportView) -> [Line] {
    let column = (rows.map { $0.0.count }.max() ?? 0) + 4
    return rows.flatMap { label, text in
      Wrapping.hanging(
        Line(label, .faint).indented(2), Wrapping.lines(text, width: view.width - column), column: column)
    }
  }
}
