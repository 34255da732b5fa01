import GRDB

/// One table: its columns in the order in which rows are written and read.
struct Table {
  /// Its name.
  let name: String
  /// Each column as SQL declares it, its name first.
  let columns: [String]
  /// What holds between columns, as SQL declares it.
  var constraints: [String] = []
  /// Whether the primary key is the table; saves an index where a key has several columns.
  var isWithoutRowID = false
  /// The columns of each index.
  var indexes: [String] = []
  /// The columns that give the order of the rows.
  let order: String

  /// Creates the table.
  func create(in db: Database) throws {
    let body = (columns + constraints).joined(separator: ",\n  ")
    try db.execute(sql: "CREATE TABLE \(name) (\n  \(body)\n) STRICT\(isWithoutRowID ? ", WITHOUT ROWID" : "")")
  }

  /// Creates the indexes: once the rows are there, which costs less than to keep them up to date.
  func createIndexes(in db: Database) throws {
    for (number, index) in indexes.enumerated() {
      try db.execute(sql: "CREATE INDEX \(name)_\(number + 1) ON \(name) (\(index))")
    }
  }

  /// Something that adds rows to the table.
  func inserter(in db: Database) throws -> RowInserter {
    let places = Array(repeating: "?", count: columns.count).joined(separator: ", ")
    return RowInserter(
      statement: try db.cachedStatement(sql: "INSERT INTO \(name) VALUES (\(places))"), count: columns.count)
  }

  /// Every row of the table, in order.
  func rows<Element>(
    of db: Database, _ element: (inout ColumnReader) throws -> Element
  ) throws -> [Element] {
    let names = columns.map { String($0.prefix { $0 != " " }) }
    let sql = "SELECT \(names.joined(separator: ", ")) FROM \(name) ORDER BY \(order)"
    return try rows(of: db, sql: sql, [], element)
  }

  /// What a query of the table gives, in its order.
  func rows<Element>(
    of db: Database, sql: String, _ arguments: StatementArguments,
    _ element: (inout ColumnReader) throws -> Element
  ) throws -> [Element] {
    let statement = try db.cachedStatement(sql: sql)
    let cursor = try Row.fetchCursor(statement, arguments: arguments)
    var elements: [Element] = []
    while let row = try cursor.next() {
      var reader = ColumnReader(table: name, columns: statement.columnNames, row: row)
      elements.append(try element(&reader))
    }
    return elements
  }
}
