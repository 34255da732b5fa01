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
    var table = CSVWriter(header: columns)
    for rule in difference.rules {
      for mapping in rule.mappings {
        let what: [CSVWriter.Cell] = [
          .text("rule"), .text(rule.direction.word), .text(rule.form.word), .text(near), .text(far),
          .number(mapping.connections.first), .number(mapping.connections.count), .number(mapping.packets), .empty,
          .text(rule.field), value(mapping.before), value(mapping.after), value(mapping.offset),
          .text(String(rule.harmful)),
        ]
        let frames = frame(mapping.firstUpstream, names) + frame(mapping.firstDownstream, names)
        table.row(what + frames + [.empty, .empty, .empty])
      }
    }
    for exception in difference.exceptions {
      let event = report.events[exception.event]
      let what: [CSVWriter.Cell] = [
        .text(exception.side.rawValue), .text(event.direction.word), .text(event.kind.word),
        .text(names[event.between.near]), .text(names[event.between.far]), .number(event.connection), .number(1),
        .number(1), .number(event.timeNS), .text(event.field), value(event.before), value(event.after), .empty, .empty,
      ]
      let frames = frame(event.upstream, names) + frame(event.downstream, names)
      table.row(what + frames + [.number(event.sequence), .number(event.length), .number(event.confidence)])
    }
    return table.bytes
  }

  private static func frame(_ frame: FrameReference?, _ names: PointNames) -> [CSVWriter.Cell] {
    guard let frame else { return [.empty, .empty, .empty] }
    return [.text(names[frame.point]), .text(names.file(of: frame)), .number(frame.frame)]
  }

  private static func value(_ value: FieldValue?) -> CSVWriter.Cell {
    switch value {
    case .number(let number): .number(number)
    case .text(let text): .text(text)
    case nil: .empty
    }
  }
}
