import Verdicts

/// Rows of packets over the points of the path, a column for each point.
///
///           client     fw1-in    fw1-out    server
///     1        │         46 ──✗      │         │      [A] 1+1,448 ack 1  drop (event 3)
enum LadderText {
  private static let narrowest = 8

  static func lines(_ rows: [LadderRow], _ view: ReportView, limit: Int, facts: String) -> [Line] {
    guard !rows.isEmpty else { return [] }
    let shown = rows.prefix(limit)
    let names = view.report.points.map { Line($0.name) }
    let widest = max(names.map(\.width).max() ?? 0, shown.flatMap { $0.marks.map { $0.text.count + 2 } }.max() ?? 0)
    let cell = max(narrowest, widest + 2)
    let labels = max(1, shown.map { $0.label.count }.max() ?? 1)
    let time = 15
    var title = Line("#").padded(to: labels, right: true) + Line("  time").padded(to: time + 3, right: false)
    for name in names { title.append(centred(name, in: cell)) }
    var lines = view.heading("LADDER", facts) + [title.indented(2)].map { Line($0.trimmed.plain, .faint) }
    let width = labels + 3 + time + cell * names.count
    for row in shown {
      if row.skipped > 0 {
        lines.append(Line("… \(Numbers.count(row.skipped, "packet")) not shown", .faint).indented(labels + 4))
      }
      let label = Line(row.label).padded(to: labels, right: true)
      let head = label + Line("  " + TimeText.time(row.timeNS, view) + " ")
      let words = Wrapping.lines(row.words, row.style, width: max(20, view.width - 4 - width))
      let body = head + LadderDrawing.line(row, points: names.count, cell: cell) + Line(" ")
      // On a narrow screen the words stand below the row.
      if width + 24 > view.width {
        lines.append(body.trimmed.indented(2))
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
}

/// One row over the lines of the points.
private struct LadderDrawing {
  private let points: Int
  private let cell: Int
  private var columns: [Character]

  static func line(_ row: LadderRow, points: Int, cell: Int) -> Line {
    var drawing = LadderDrawing(points: points, cell: cell)
    drawing.draw(row)
    return drawing.line(row.style)
  }

  /// The way in its own style, and the lines of the points that it does not touch in none.
  private func line(_ style: ANSIStyle) -> Line {
    columns.reduce(into: Line()) { $0.append(String($1), $1 == "│" || $1 == " " ? .faint : style) }
  }

  private init(points: Int, cell: Int) {
    self.points = points
    self.cell = cell
    columns = [Character](repeating: " ", count: points * cell)
    for point in 0..<points { columns[place(point)] = "│" }
  }

  /// The column of a point; one beyond the path lies as far away as the next point would.
  private func place(_ point: Int) -> Int { point * cell + (cell - 1) / 2 }

  private mutating func draw(_ row: LadderRow) {
    for (one, other) in zip(row.marks, row.marks.dropFirst()) {
      stroke(from: place(one.point), to: place(other.point))
      let middle = (place(one.point) + place(other.point)) / 2
      if let mark = row.middles[PointPair(one.point, other.point)] { put(mark, at: middle) }
    }
    if let last = row.marks.last, let end = row.end {
      let start = place(last.point)
      let middle = (start + place(end.towards)) / 2
      stroke(from: start, to: middle)
      put(end.mark, at: middle)
    }
    for mark in row.marks { write(mark.text, at: mark.point) }
    guard let first = row.marks.first, let last = row.marks.last else { return }
    let isForward = first.point == last.point ? true : first.point < last.point
    if first.point != last.point, row.end == nil {
      put(isForward ? "▶" : "◀", at: isForward ? edge(last, isForward) - 1 : edge(last, isForward) + 1)
    }
    if let birth = row.birth {
      put(birth, at: isForward ? edge(first, true) - 2 : edge(first, false) + 2)
    }
  }

  /// The column at which the text of a mark begins, or ends.
  private func edge(_ mark: (point: Int, text: String), _ begins: Bool) -> Int {
    let start = place(mark.point) - (mark.text.count - 1) / 2
    return begins ? start : start + mark.text.count - 1
  }

  private mutating func put(_ character: Character, at column: Int) {
    if columns.indices.contains(column) { columns[column] = character }
  }

  private mutating func stroke(from start: Int, to end: Int) {
    for column in min(start, end)...max(start, end) {
      let isPassed = columns.indices.contains(column) && columns[column] == "│"
      put(isPassed ? "┼" : "─", at: column)
    }
  }

  private mutating func write(_ text: String, at point: Int) {
    guard (0..<points).contains(point) else { return }
    let start = edge((point, text), true)
    for (offset, character) in text.enumerated() { put(character, at: start + offset) }
  }
}

extension Line {
  /// The text without its styles.
  var plain: String { runs.map(\.text).joined() }
}
