import Verdicts

/// What the page's script reads: the report and its pictures as one JSON object, made small.
///
/// Times are nanoseconds since `start`, which is a string because a script's numbers do not hold nanoseconds since 1970.
/// Strings that occur often are places in `words`. Of what is too much for one page the rest is left out, and counted.
struct PageData {
  let view: ReportView
  let detail: AnalysisDetail
  /// What all times are counted from.
  let start: Int64
  var words = WordTable()

  /// Bytes up to which ladders, then events, then connections are written.
  private static let room = (ladders: 4_000_000, events: 1_500_000, connections: 3_500_000)

  static func json(_ view: ReportView, _ detail: AnalysisDetail) -> [UInt8] {
    var data = PageData(
      view: view, detail: detail, start: view.report.points.compactMap(\.firstNS).min() ?? 0)
    return data.render()
  }

  private init(view: ReportView, detail: AnalysisDetail, start: Int64) {
    self.view = view
    self.detail = detail
    self.start = start
  }

  /// A time as the page has it.
  func since(_ timeNS: Int64) -> Int64 { timeNS.subtractingReportingOverflow(start).partialValue }

  private mutating func render() -> [UInt8] {
    let report = view.report
    var selection = EventSelection(report)
    var ladders = RowList()
    for ladder in detail.ladders where ladders.bytes.count < Self.room.ladders {
      selection.add(ladder)
      ladders.add(row(ladder, selection))
    }
    selection.fill(most: Self.room.events / 150)
    var events = RowList()
    for index in selection.indices { events.add(row(report.events[index])) }
    let kinds = report.events.reduce(into: [Int: Int]()) {
      $0[$1.connection, default: 0] |= 1 << Int($1.kind.rawValue)
    }
    var connections = RowList()
    for connection in report.connections where connections.bytes.count + words.bytes < Self.room.connections {
      connections.add(row(connection, kinds: kinds[connection.id] ?? 0))
    }
    var json = JSONWriter(.embedded)
    json.object { json in
      overview(to: &json)
      json.member("findings", each: report.findings) { json, item in finding(item, to: &json) }
      timeline(to: &json)
      json.member("delays", each: detail.delays) { json, item in histogram(item, to: &json) }
      json.member("ladders", ladders)
      json.member("eventsInAll", report.events.count)
      json.member("events", events)
      json.member("connectionsInAll", report.connections.count)
      json.member("connections", connections)
      json.member("words", words.all)
    }
    return json.bytes
  }
}
