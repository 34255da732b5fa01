import GRDB
import Verdicts

/// Adds rows to one table by one prepared statement.
struct RowInserter {
  fileprivate let statement: Statement
  fileprivate let count: Int

  /// An inserter for a statement with `count` places.
  init(statement: Statement, count: Int) {
    self.statement = statement
    self.count = count
  }

  /// Adds the row whose columns the closure gives, in the order of the table.
  func insert(_ fill: (inout ColumnWriter) -> Void) throws {
    var columns = ColumnWriter(count: count)
    fill(&columns)
    precondition(columns.values.count == count, "a row does not fit its table: \(statement.sql)")
    statement.setUncheckedArguments(StatementArguments(columns.values))
    try statement.execute()
  }
}

/// Takes the values of one row, column after column; ``ColumnReader`` gives them back in the same order.
struct ColumnWriter {
  /// Not of `DatabaseValue`s: of those GRDB makes its arguments by a key path for each, which takes longer than SQLite.
  fileprivate var values: [(any DatabaseValueConvertible)?] = []

  fileprivate init(count: Int) { values.reserveCapacity(count) }

  mutating func add(_ number: (some FixedWidthInteger)?) {
    // A report holds no number above the range of Int64.
    values.append(number.map { Int64($0) })
  }

  mutating func add(_ number: Double?) { values.append(number) }

  mutating func add(_ text: String?) { values.append(text) }

  mutating func add(_ flag: Bool) { values.append(flag ? 1 : 0) }

  /// One column.
  mutating func add(_ word: (some ArchivedWord)?) { add(word?.word) }

  /// Two columns: the point nearer to the client, the other one.
  mutating func add(_ pair: PointPair?) {
    add(pair?.near)
    add(pair?.far)
  }

  /// Three columns: point, file, frame.
  mutating func add(_ frame: FrameReference?) {
    add(frame?.point)
    add(frame?.file)
    add(frame?.frame)
  }

  /// One column that keeps the type of the value.
  mutating func add(_ value: FieldValue?) {
    switch value {
    case .number(let number): add(number)
    case .text(let text): add(text)
    case nil: values.append(nil)
    }
  }

  /// One column: a JSON array, which SQL takes apart with `json_each`.
  mutating func add(_ texts: [String]) { add(JSONArray.text(of: texts)) }

  /// One column: a JSON array.
  mutating func add(_ numbers: [some FixedWidthInteger]) { add(JSONArray.text(of: numbers)) }
}
