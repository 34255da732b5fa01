import GRDB

/// All tables and views.
enum ArchiveSchema {
  /// Every table stands behind those that it refers to.
  static let tables = [
    PointsTable.table, PointFilesTable.table, ClockStepsTable.table, AnalysisTable.table, SegmentsTable.table,
    ConnectionsTable.table, LegsTable.table, EventsTable.table, RewritesTable.table, FindingsTable.table,
    FindingConnectionsTable.table, FindingEvidenceTable.table, RemarksTable.table, DelaysTable.table,
    LaddersTable.table,
  ]

  /// Creates tables and views.
  static func create(in db: Database) throws {
    for table in tables { try table.create(in: db) }
    for view in ArchiveViews.all { try db.execute(sql: view) }
  }

  /// Creates the indexes of all tables.
  static func createIndexes(in db: Database) throws {
    for table in tables { try table.createIndexes(in: db) }
  }

  // Declarations that several tables share.

  static let pointReference = "REFERENCES points (position)"
  static let isDirection = "CHECK (direction IN ('c2s', 's2c'))"

  /// The columns of a frame, which may be absent.
  static func frameColumns(_ prefix: String) -> [String] {
    ["\(prefix)_point INTEGER", "\(prefix)_file INTEGER", "\(prefix)_frame INTEGER"]
  }

  /// A frame is in a file that the archive knows.
  static func frameReference(_ prefix: String) -> String {
    "FOREIGN KEY (\(prefix)_point, \(prefix)_file) REFERENCES point_files (point, file)"
  }
}
