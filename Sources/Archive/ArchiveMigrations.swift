import GRDB

/// Brings what an older release wrote to the layout of today.
///
/// A migration is never changed once it was released: it says what was then.
enum ArchiveMigrations {
  /// What makes of layout `n` layout `n + 1`, at index `n - 1`.
  private static let steps = [
    """
    ALTER TABLE point_files ADD COLUMN absolute_path TEXT;
    ALTER TABLE point_files ADD COLUMN size INTEGER;
    ALTER TABLE point_files ADD COLUMN digest TEXT;
    """
  ]

  /// Takes all steps from this layout on, and puts today's views in the place of the old ones.
  static func migrate(_ db: Database, from version: Int32) throws {
    for step in steps.dropFirst(Int(version) - 1) { try db.execute(sql: step) }
    let views = try String.fetchAll(db, sql: "SELECT name FROM sqlite_schema WHERE type = 'view'")
    // Whoever made the file named its views; a quotation mark in a name is doubled, or SQL would go on behind it.
    for view in views {
      let name = view.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
      try db.execute(sql: "DROP VIEW \"\(name)\"")
    }
    for view in ArchiveViews.all { try db.execute(sql: view) }
  }
}
