import GRDB

/// The capture files of each point.
enum PointFilesTable {
  static let table = Table(
    name: "point_files",
    columns: [
      "point INTEGER NOT NULL \(ArchiveSchema.pointReference)", "file INTEGER NOT NULL", "path TEXT NOT NULL",
    ],
    constraints: ["PRIMARY KEY (point, file)"],
    isWithoutRowID: true,
    order: "point, file")

  /// Takes the paths of each point, by its position.
  static func insert(_ files: [[String]], into db: Database) throws {
    let rows = try table.inserter(in: db)
    for (point, paths) in files.enumerated() {
      for (file, path) in paths.enumerated() {
        try rows.insert { row in
          row.add(point)
          row.add(file)
          row.add(path)
        }
      }
    }
  }

  /// The paths by the position of the point.
  static func files(in db: Database) throws -> [Int: [String]] {
    let rows = try table.rows(of: db) { row in
      let point: Int = try row.integer()
      let _: Int = try row.integer()
      return (point, try row.text())
    }
    return grouped(rows)
  }
}
