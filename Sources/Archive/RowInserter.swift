import GRDB
import GRDBSQLite
import Verdicts

/// Adds rows to one table by one prepared statement, whose values are bound through SQLite's C interface: GRDB's
/// arguments take several times as long as SQLite itself.
struct RowInserter {
  private let statement: Statement
  private let count: Int

  /// An inserter for a statement with `count` places.
  init(statement: Statement, count: Int) {
    self.statement = statement
    self.count = count
  }

  /// Adds the row whose columns the closure gives, in the order of the table.
  ///
  /// - Throws: `DatabaseError` where SQLite refuses a value or the row.
  func insert(_ fill: (inout ColumnWriter) -> Void) throws {
    var columns = unsafe ColumnWriter(statement.sqliteStatement)
    fill(&columns)
    precondition(columns.count == count, "a row does not fit its table: \(statement.sql)")
    defer { unsafe sqlite3_reset(statement.sqliteStatement) }
    let code = unsafe columns.code == SQLITE_OK ? sqlite3_step(statement.sqliteStatement) : columns.code
    guard code == SQLITE_DONE else {
      let message = unsafe String(cString: sqlite3_errmsg(sqlite3_db_handle(statement.sqliteStatement)))
      throw DatabaseError(resultCode: ResultCode(rawValue: code), message: message, sql: statement.sql)
    }
  }
}

/// Takes the values of one row, column after column; ``ColumnReader`` gives them back in the same order.
@safe
struct ColumnWriter {
  private let statement: SQLiteStatement
  /// Columns that have their value.
  fileprivate private(set) var count = 0
  /// What SQLite said of the first value that it refused; `SQLITE_OK` if there is none.
  fileprivate private(set) var code = SQLITE_OK

  /// SQLite's sign that it is to copy a text, as it is gone after the call.
  private static let copied = unsafe unsafeBitCast(OpaquePointer(bitPattern: -1), to: sqlite3_destructor_type.self)

  fileprivate init(_ statement: SQLiteStatement) { unsafe self.statement = statement }

  /// Counts a column whose value SQLite took or refused.
  private mutating func note(_ bound: Int32) {
    count += 1
    if code == SQLITE_OK { code = bound }
  }

  /// The number of the next column, from 1.
  private var place: Int32 { Int32(count) + 1 }

  private mutating func addNull() { unsafe note(sqlite3_bind_null(statement, place)) }

  mutating func add(_ number: (some FixedWidthInteger)?) {
    guard let number else { return addNull() }
    // A report holds no number above the range of Int64.
    unsafe note(sqlite3_bind_int64(statement, place, Int64(number)))
  }

  mutating func add(_ number: Double?) {
    guard let number else { return addNull() }
    unsafe note(sqlite3_bind_double(statement, place, number))
  }

  /// A text, up to its first NUL.
  mutating func add(_ text: String?) {
    guard let text else { return addNull() }
    unsafe note(sqlite3_bind_text(statement, place, text, -1, Self.copied))
  }

  mutating func add(_ flag: Bool) { add(flag ? 1 : 0) }

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
    case nil: addNull()
    }
  }

  /// One column: a JSON array, which SQL takes apart with `json_each`.
  mutating func add(_ texts: [String]) { add(JSONArray.text(of: texts)) }

  /// One column: a JSON array.
  mutating func add(_ numbers: [some FixedWidthInteger]) { add(JSONArray.text(of: numbers)) }
}
