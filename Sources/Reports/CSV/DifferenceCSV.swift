public import Comparison
public import Verdicts

/// Two points against each other, for spreadsheets: a row for each value that a rule changes, and for each exception.
public enum DifferenceCSV {
  private static let columns = [
    "row", "direction", "kind", "near", "far", "connection", "connections", "packets", "time_ns", "field", "before",
    "after", "offset", "harmful", "upstream_point", "upstream_file", "upstream_frame", "downstream_point",
    "downstream_file", "downstream_frame", "seq", "length", "confidence",
  ]

  /// Renders a difference, made of this report, as CSV (RFC 4180) in UTF-8, the names of the columns first.
  public static func render(_ difference: PointDifference, of report: AnalysisReport) -> [UInt8] {
    let names = PointNames(report.points)
    let near = names[difference.near]
    let far = names[difference.far]
    var rows = [columns]
    for rule in difference.rules {
      for mapping in rule.mappings {
        rows.append(
          [
            "rule", rule.direction.word, rule.form.word, near, far, mapping.connections.first.map(String.init) ?? "",
            String(mapping.connections.count), String(mapping.packets), "", rule.field, value(mapping.before),
            value(mapping.after), value(mapping.offset), String(rule.harmful),
          ] + frame(mapping.firstUpstream, names) + frame(mapping.firstDownstream, names) + ["", "", ""])
      }
    }
    for exception in difference.exceptions {
      let event = report.events[exception.event]
      rows.append(
        [
          exception.side.rawValue, event.direction.word, event.kind.word, names[event.between.near],
          names[event.between.far], String(event.connection), "1", "1", String(event.timeNS), event.field ?? "",
          value(event.before), value(event.after), "", "",
        ] + frame(event.upstream, names) + frame(event.downstream, names)
          + [event.sequence.map(String.init) ?? "", String(event.length), String(event.confidence)])
    }
    return rows.flatMap { row in Array((row.map(quoted).joined(separator: ",") + "\r\n").utf8) }
  }

  private static func frame(_ frame: FrameReference?, _ names: PointNames) -> [String] {
    frame.map { [names[$0.point], names.file(of: $0), String($0.frame)] } ?? ["", "", ""]
  }

  private static func value(_ value: FieldValue?) -> String {
    switch value {
    case .number(let number): String(number)
    case .text(let text): text
    case nil: ""
    }
  }

  private static func quoted(_ field: String) -> String {
    guard field.utf8.contains(where: { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }) else { return field }
    return "\"" + field.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }
}
