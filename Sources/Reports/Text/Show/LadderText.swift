import Verdicts

/// One row of a ladder: where a packet was seen, between which points something happened to it, and what.
///
/// This is all that ``LadderText`` knows: whatever has a time and a place on the path can be a row.
struct LadderRow {
  /// When, by the reference clock, in nanoseconds since the Unix epoch.
  var timeNS: Int64
  /// The point at which the arrow starts.
  var from: Int
  /// The point to which it goes.
  var to: Int
  /// What stands at a point, by position.
  var marks: [Int: Character]
  /// What stands in the middle of the arrow, if anything.
  var middle: Character?
  /// Whether the arrow ends in its middle.
  var endsInMiddle: Bool
  /// What stands at the start of the row.
  var label: String
  /// What stands behind the points.
  var words: String
  /// How the row looks.
  var style: ANSIStyle
}

extension LadderRow {
  /// The row of an event with this number.
  init(_ event: Event, number: Int) {
    let upstream = event.between.upstream(event.direction)
    let downstream = event.between.downstream(event.direction)
    timeNS = event.timeNS
    from = upstream
    to = downstream
    label = "\(number)"
    style = EventWords.style(event.kind)
    marks = event.kind == .inject ? [downstream: "●"] : [upstream: "●", downstream: "●"]
    endsInMiddle = false
    switch event.kind {
    case .drop:
      marks[downstream] = nil
      middle = "✗"
      endsInMiddle = true
    case .notCaptured:
      marks[event.point ?? downstream] = "○"
    case .inject: middle = "+"
    case .duplicate: middle = "+"
    case .reorder: middle = "↷"
    case .corrupt, .rewrite: middle = "≠"
    }
    words = "\(event.kind.word) \(EventWords.change(event) ?? EventWords.packet(event))"
  }
}

/// Rows of packets over the points of the path, a column for each point.
///
///           client   fw1-in  fw1-out   server
///     1       │        ●──✗     │        │      drop ACK seq 17, 1,448 bytes
enum LadderText {
  private static let narrowest = 8

  static func lines(_ rows: [LadderRow], _ view: ReportView, limit: Int, facts: String) -> [Line] {
    guard !rows.isEmpty else { return [] }
    let shown = rows.prefix(limit)
    let names = view.report.points.map { Line($0.name) }
    let cell = max(narrowest, (names.map(\.width).max() ?? 0) + 2)
    let labels = max(1, shown.map { $0.label.count }.max() ?? 1)
    let time = 15
    var title = Line("#").padded(to: labels, right: true) + Line("  time").padded(to: time + 3, right: false)
    for name in names { title.append(centred(name, in: cell)) }
    var lines = view.heading("LADDER", facts) + [title.indented(2)].map { Line($0.trimmed.plain, .faint) }
    let width = labels + 3 + time + cell * names.count
    for row in shown {
      let label = Line(row.label).padded(to: labels, right: true)
      let head = label + Line("  " + TimeText.time(row.timeNS, view) + " ")
      let words = Wrapping.lines(row.words, row.style, width: max(20, view.width - 4 - width))
      let body = head + drawing(row, points: names.count, cell: cell) + Line(" ")
      // On a narrow screen the words stand below the row.
      if width + 24 > view.width {
        lines.append(body.indented(2))
        lines.append(Line(row.words, row.style).indented(labels + 4))
      } else {
        lines += Wrapping.hanging(body.indented(2), words, column: width + 3)
      }
    }
    if rows.count > shown.count {
      lines.append(Line("  … and \(Numbers.grouped(rows.count - shown.count)) more; --limit shows more", .faint))
    }
    return lines
  }

  private static func centred(_ line: Line, in columns: Int) -> Line {
    let left = max(0, (columns - line.width) / 2)
    return line.indented(left).padded(to: columns, right: false)
  }

  /// The arrow and the marks over the lines of the points.
  private static func drawing(_ row: LadderRow, points: Int, cell: Int) -> Line {
    var columns = [Character](repeating: " ", count: points * cell)
    func place(_ point: Int) -> Int { point * cell + (cell - 1) / 2 }
    for point in 0..<points { columns[place(point)] = "│" }
    let start = place(row.from)
    let end = place(row.to)
    let middle = (start + end) / 2
    let last = row.endsInMiddle ? middle : end
    for column in min(start, last)...max(start, last) { columns[column] = "─" }
    for point in 0..<points where place(point) > min(start, last) && place(point) < max(start, last) {
      columns[place(point)] = "┼"
    }
    if !row.endsInMiddle { columns[end + (end > start ? -1 : 1)] = end > start ? "▶" : "◀" }
    columns[end] = "│"
    columns[start] = "│"
    if let mark = row.middle { columns[middle] = mark }
    for (point, mark) in row.marks where (0..<points).contains(point) { columns[place(point)] = mark }
    return Line(String(columns), row.style)
  }
}

extension Line {
  /// The text without its styles.
  var plain: String { runs.map(\.text).joined() }
}
