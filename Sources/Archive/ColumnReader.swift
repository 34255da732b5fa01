import GRDB
import Verdicts

/// A value that no archive of ours holds.
struct UnreadableValue: Error {
  /// The table.
  let table: String
  /// The column.
  let column: String
}

/// Gives the values of one row, column after column, in the order in which ``ColumnWriter`` took them.
///
/// Nothing is believed about the file: a value of another type or out of range is an ``UnreadableValue``.
struct ColumnReader {
  fileprivate let table: String
  fileprivate let columns: [String]
  fileprivate let row: Row
  fileprivate var next = 0

  /// A reader at the first column of the row.
  init(table: String, columns: [String], row: Row) {
    self.table = table
    self.columns = columns
    self.row = row
  }

  mutating func integerIfAny<Number: FixedWidthInteger>() throws -> Number? {
    switch take() {
    case .null: return nil
    case .int64(let number):
      guard let exact = Number(exactly: number) else { throw unreadable }
      return exact
    default: throw unreadable
    }
  }

  mutating func integer<Number: FixedWidthInteger>() throws -> Number {
    guard let value = try integerIfAny() as Number? else { throw unreadable }
    return value
  }

  mutating func realIfAny() throws -> Double? {
    switch take() {
    case .null: nil
    case .double(let number): number
    default: throw unreadable
    }
  }

  mutating func real() throws -> Double {
    guard let value = try realIfAny() else { throw unreadable }
    return value
  }

  mutating func textIfAny() throws -> String? {
    switch take() {
    case .null: nil
    case .string(let text): text
    default: throw unreadable
    }
  }

  mutating func text() throws -> String {
    guard let value = try textIfAny() else { throw unreadable }
    return value
  }

  mutating func flag() throws -> Bool {
    switch take() {
    case .int64(0): false
    case .int64(1): true
    default: throw unreadable
    }
  }

  mutating func wordIfAny<Word: ArchivedWord>() throws -> Word? {
    guard let text = try textIfAny() else { return nil }
    guard let word = Word.allCases.first(where: { $0.word == text }) else { throw unreadable }
    return word
  }

  mutating func word<Word: ArchivedWord>() throws -> Word {
    guard let value = try wordIfAny() as Word? else { throw unreadable }
    return value
  }

  mutating func pairIfAny() throws -> PointPair? {
    let near: Int? = try integerIfAny()
    let far: Int? = try integerIfAny()
    guard let near, let far else { return nil }
    return PointPair(near, far)
  }

  mutating func pair() throws -> PointPair {
    guard let value = try pairIfAny() else { throw unreadable }
    return value
  }

  mutating func frameIfAny() throws -> FrameReference? {
    let point: Int? = try integerIfAny()
    let file: Int? = try integerIfAny()
    let frame: Int? = try integerIfAny()
    guard let point, let file, let frame else { return nil }
    return FrameReference(point: point, file: file, frame: frame)
  }

  mutating func frame() throws -> FrameReference {
    guard let value = try frameIfAny() else { throw unreadable }
    return value
  }

  mutating func fieldValueIfAny() throws -> FieldValue? {
    switch take() {
    case .null: nil
    case .int64(let number): .number(number)
    case .string(let text): .text(text)
    default: throw unreadable
    }
  }

  mutating func texts() throws -> [String] {
    guard let texts = JSONArray.texts(in: try text()) else { throw unreadable }
    return texts
  }

  mutating func integers() throws -> [Int] {
    guard let numbers = JSONArray.integers(in: try text()) else { throw unreadable }
    return numbers
  }

  private mutating func take() -> DatabaseValue.Storage {
    let value: DatabaseValue = row[next]
    next += 1
    return value.storage
  }

  private var unreadable: UnreadableValue { UnreadableValue(table: table, column: columns[next - 1]) }
}
