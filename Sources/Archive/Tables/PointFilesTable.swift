import Files
import GRDB

/// The capture files of each point, and by what they are known again.
enum PointFilesTable {
  static let table = Table(
    name: "point_files",
    columns: [
      "point INTEGER NOT NULL \(ArchiveSchema.pointReference)", "file INTEGER NOT NULL", "path TEXT NOT NULL",
      "absolute_path TEXT", "size INTEGER", "digest TEXT",
    ],
    constraints: ["PRIMARY KEY (point, file)"],
    isWithoutRowID: true,
    order: "point, file")

  /// Takes the paths of each point, by its position, and the stamps of these files as far as they are known.
  static func insert(_ files: [[String]], stamps: [[FileStamp?]], into db: Database) throws {
    let rows = try table.inserter(in: db)
    for (point, paths) in files.enumerated() {
      for (file, path) in paths.enumerated() {
        let known = stamps.indices.contains(point) && stamps[point].indices.contains(file)
        let stamp = known ? stamps[point][file] : nil
        try rows.insert { row in
          row.add(point)
          row.add(file)
          row.add(path)
          row.add(stamp?.path)
          row.add(stamp?.size)
          row.add(stamp.map { hexadecimal($0.digest) })
        }
      }
    }
  }

  /// The paths by the position of the point.
  static func files(in db: Database) throws -> [Int: [String]] {
    grouped(try rows(of: db).map { ($0.point, $0.path) })
  }

  /// The stamps by the position of the point.
  static func stamps(in db: Database) throws -> [Int: [FileStamp?]] {
    grouped(try rows(of: db).map { ($0.point, $0.stamp) })
  }

  private static func rows(of db: Database) throws -> [(point: Int, path: String, stamp: FileStamp?)] {
    try table.rows(of: db) { row in
      let point: Int = try row.integer()
      let _: Int = try row.integer()
      return (point, try row.text(), try stamp(from: &row))
    }
  }

  private static func stamp(from row: inout ColumnReader) throws -> FileStamp? {
    let path = try row.textIfAny()
    let size: Int64? = try row.integerIfAny()
    guard let digest = try row.textIfAny(), let path, let size else { return nil }
    guard let number = UInt64(digest, radix: 16) else { throw UnreadableValue(table: table.name, column: "digest") }
    return FileStamp(path: path, size: size, digest: number)
  }

  /// Sixteen digits, as `xxhsum` prints them.
  private static func hexadecimal(_ digest: UInt64) -> String {
    let digits = String(digest, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
