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
    """,
    """
    CREATE TABLE delays (
      near INTEGER NOT NULL REFERENCES points (position),
      far INTEGER NOT NULL REFERENCES points (position),
      direction TEXT NOT NULL CHECK (direction IN ('c2s', 's2c')),
      low_ns INTEGER NOT NULL,
      width_ns INTEGER NOT NULL,
      counts TEXT NOT NULL,
      longer INTEGER NOT NULL,
      sampled INTEGER NOT NULL,
      percentiles_ns TEXT NOT NULL,
      PRIMARY KEY (near, far, direction)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE ladders (
      connection INTEGER PRIMARY KEY REFERENCES connections (connection),
      start_ns INTEGER NOT NULL,
      packets_in_all INTEGER NOT NULL,
      packets TEXT NOT NULL
    ) STRICT;
    """,
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
