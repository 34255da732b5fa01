/// A table whose columns are as wide as they must be, and fewer where the screen is narrow.
struct ColumnLayout {
  /// One column.
  struct Column {
    /// Up to two lines; the shorter titles stand on the lower line.
    var title: [String]
    /// What the column is called in a sentence.
    var name = ""
    /// Numbers stand at the right.
    var right = true
    /// 0 is always shown; of the others, each with its own number, the highest goes first on a narrow screen.
    var droppable = 0
    var cells: [Line]

    fileprivate var width: Int { max(title.map(\.unicodeScalars.count).max() ?? 0, cells.map(\.width).max() ?? 0) }
  }

  private static let gap = 2

  /// The columns that fit.
  private(set) var columns: [Column]
  /// The names of those that do not.
  private(set) var dropped: [String] = []

  /// A table at most so wide, unless the columns that are always shown need more.
  init(_ columns: [Column], width: Int) {
    self.columns = columns
    let droppable = columns.filter { $0.droppable > 0 }.sorted { $0.droppable > $1.droppable }
    for column in droppable where self.width > width {
      self.columns.removeAll { $0.droppable == column.droppable }
      dropped.append(column.name)
    }
  }

  /// Columns of the screen that the table takes.
  var width: Int { columns.reduce(0) { $0 + $1.width + Self.gap } - Self.gap }

  /// The lines of the titles, then those of the rows.
  var lines: [Line] {
    let height = columns.map(\.title.count).max() ?? 0
    let titles = (0..<height).map { line in
      row { column in
        let index = line - (height - column.title.count)
        return index < 0 ? .empty : Line(column.title[index], .faint)
      }
    }
    return titles + (columns.first?.cells.indices.map { index in row { $0.cells[index] } } ?? [])
  }

  private func row(_ cell: (Column) -> Line) -> Line {
    var line = Line()
    for (index, column) in columns.enumerated() {
      if index > 0 { line.append("  ") }
      let isLast = index == columns.count - 1
      line.append(isLast && !column.right ? cell(column) : cell(column).padded(to: column.width, right: column.right))
    }
    return line
  }
}
