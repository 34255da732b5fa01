import GRDB

/// Looks at what kind of things an archive holds, before any of them is read: what its tables do may be for others to
/// say.
///
/// In the place of a table may stand a view, a virtual table or a column that is computed, which run whatever SQL they
/// were made of, for as long as that takes; and a trigger runs with the migration of an older layout.
enum SchemaCheck {
  /// - Throws: `UnreadableValue` with the name of what is not as we make it.
  static func check(_ db: Database) throws {
    if let trigger = try String.fetchOne(db, sql: "SELECT name FROM sqlite_schema WHERE type = 'trigger'") {
      throw UnreadableValue(table: "sqlite_schema", column: trigger)
    }
    for table in ArchiveSchema.tables {
      let isPlain = try Bool.fetchOne(
        db,
        sql: "SELECT type = 'table' AND sql LIKE 'CREATE TABLE %' FROM sqlite_schema WHERE name = ? COLLATE NOCASE",
        arguments: [table.name])
      guard isPlain != false else { throw UnreadableValue(table: table.name, column: "type") }
      let computed = try String.fetchOne(
        db, sql: "SELECT name FROM pragma_table_xinfo(?) WHERE hidden <> 0", arguments: [table.name])
      if let computed { throw UnreadableValue(table: table.name, column: computed) }
    }
  }
}
