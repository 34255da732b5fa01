public import Verdicts

/// The tables of a report for spreadsheets and databases, as CSV by RFC 4180 with a header line.
///
/// Columns are named as the keys of the JSON report, and mean the same; an empty cell is what is `null` there.
public enum CSVReport {
  /// A row for each segment and direction.
  public static func segments(_ report: AnalysisReport) -> [UInt8] {
    let names = PointNames(report.points)
    var csv = CSVWriter(
      header: [
        "near", "far", "inside", "direction", "offered", "delivered", "lost", "lost_bytes", "loss_ratio",
        "loss_low", "loss_high", "not_captured", "outside_coverage", "undecided", "reordered", "duplicated",
        "corrupted", "injected", "rewritten", "delay_min_ns", "delay_p50_ns", "delay_p95_ns", "delay_p99_ns",
        "delay_max_ns", "delay_error_ns",
      ])
    for segment in report.segments {
      for direction in Direction.allCases {
        let ledger = segment[direction]
        csv.row(
          [
            .text(names[segment.between.near]), .text(names[segment.between.far]), .text(segment.inside),
            .text(direction.word), .number(ledger.offered), .number(ledger.delivered), .number(ledger.lost),
            .number(ledger.lostBytes), .number(ledger.lossRatio), .number(ledger.lossInterval?.low),
            .number(ledger.lossInterval?.high), .number(ledger.notCaptured), .number(ledger.outsideCoverage),
            .number(ledger.undecided), .number(ledger.reordered), .number(ledger.duplicated),
            .number(ledger.corrupted), .number(ledger.injected), .number(ledger.rewritten),
          ] + delays(ledger.delay))
      }
    }
    return csv.bytes
  }

  private static func delays(_ delay: DelaySummary?) -> [CSVWriter.Cell] {
    [delay?.minNS, delay?.p50NS, delay?.p95NS, delay?.p99NS, delay?.maxNS, delay?.errorNS].map { .number($0) }
  }

  /// A row for each connection, with its addresses where it is seen first and last.
  public static func connections(_ report: AnalysisReport) -> [UInt8] {
    let names = PointNames(report.points)
    var csv = CSVWriter(
      header: [
        "id", "protocol", "first_point", "first_client", "first_server", "last_point", "last_client", "last_server",
        "points", "confidence", "evidence", "ambiguous_with", "terminated_near", "terminated_far", "start_ns",
        "end_ns", "bytes_c2s", "bytes_s2c", "lost", "events",
      ])
    for connection in report.connections {
      let (first, last) = (connection.legs.first, connection.legs.last)
      csv.row([
        .number(connection.id), .text(connection.proto), .text(first.map { names[$0.point] }), .text(first?.client),
        .text(first?.server), .text(last.map { names[$0.point] }), .text(last?.client), .text(last?.server),
        .number(connection.legs.count), .number(connection.match.confidence), .list(connection.match.evidence),
        .list(connection.match.ambiguousWith.map(String.init)),
        .text(connection.terminatedBetween.map { names[$0.near] }),
        .text(connection.terminatedBetween.map { names[$0.far] }), .number(connection.startNS),
        .number(connection.endNS), .number(connection.bytesClientToServer), .number(connection.bytesServerToClient),
        .number(connection.lost), .number(connection.events),
      ])
    }
    return csv.bytes
  }

  /// A row for each event, by time.
  public static func events(_ report: AnalysisReport) -> [UInt8] {
    let names = PointNames(report.points)
    var csv = CSVWriter(
      header: [
        "kind", "near", "far", "point", "direction", "connection", "time_ns", "upstream_point", "upstream_file",
        "upstream_frame", "downstream_point", "downstream_file", "downstream_frame", "ip_id", "seq", "length", "flags",
        "field", "before", "after", "confidence", "evidence",
      ])
    for event in report.events {
      csv.row(
        [
          .text(event.kind.word), .text(names[event.between.near]), .text(names[event.between.far]),
          .text(event.point.map { names[$0] }), .text(event.direction.word), .number(event.connection),
          .number(event.timeNS),
        ] + frame(event.upstream, names) + frame(event.downstream, names) + [
          .number(event.ipID), .number(event.sequence), .number(event.length), .text(event.flagNames),
          .text(event.field), value(event.before), value(event.after), .number(event.confidence),
          .list(event.evidence),
        ])
    }
    return csv.bytes
  }

  /// The NAT table: a row for each connection and point, in path order.
  public static func addresses(_ report: AnalysisReport) -> [UInt8] {
    let names = PointNames(report.points)
    var csv = CSVWriter(header: ["connection", "protocol", "position", "point", "client", "server"])
    for connection in report.connections {
      for leg in connection.legs {
        csv.row([
          .number(connection.id), .text(connection.proto), .number(leg.point), .text(names[leg.point]),
          .text(leg.client), .text(leg.server),
        ])
      }
    }
    return csv.bytes
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
