public import Files
import GRDB
public import Verdicts

/// One analysis, kept in one SQLite file.
///
/// `write` replaces the whole file or nothing of it; `read` gives back a report equal to the written one, ``delays(_:)``
/// and ``ladder(of:in:)`` what was kept beside it.
public enum AnalysisArchive {
  /// Marks a SQLite file as ours (`PRAGMA application_id`); the letters `HopS`.
  static let applicationID: Int32 = 0x486F_7053
  /// The layout of the tables (`PRAGMA user_version`), from 1: every change of the layout counts it up.
  static let version: Int32 = 3

  /// Writes the report to the file at `path`, in place of the analysis that it holds.
  ///
  /// The rows go to a new file beside `path`, which takes its name once it is complete and on the disk. A run that
  /// fails, or is killed, leaves the old file as it was. A text ends at its first NUL.
  ///
  /// Of the detail, the delays and ladders are kept; not the timeline, which the events give. `stamps` says by what each
  /// point's files are known again, by point and file; a file without one is not known.
  ///
  /// - Throws: ``ArchiveError/notAnArchive(path:)`` if the file holds anything else, which is left untouched;
  ///   ``ArchiveError/inconsistent(path:message:)`` if the report names points, files or connections that it lacks;
  ///   other cases if the file cannot be written.
  public static func write(
    _ report: AnalysisReport, detail: AnalysisDetail = .none, stamps: [[FileStamp?]] = [], to path: String
  ) throws(ArchiveError) {
    let file = try ReplacedFile(at: path)
    do {
      try fill(file.partialPath, with: report, detail, stamps)
      try file.commit()
    } catch {
      file.discard()
      throw ArchiveError(error, writing: path)
    }
  }

  /// The report in the file at `path`, which is only read; an older layout is brought up to date in memory.
  ///
  /// - Throws: ``ArchiveError/notAnArchive(path:)`` if the file holds anything else,
  ///   ``ArchiveError/newerVersion(path:version:supported:)`` if a later release wrote it,
  ///   ``ArchiveError/damaged(path:message:)`` if what it holds does not fit together, and
  ///   ``ArchiveError/cannotOpen(path:message:)``.
  public static func read(_ path: String) throws(ArchiveError) -> AnalysisReport {
    try reading(path) { db in
      try db.checkForeignKeys()
      let report = try AnalysisReport(from: db)
      try ReportBounds.check(report)
      return report
    }
  }

  /// By what the capture files of the analysis are known again, by point and file; throws as ``read(_:)`` does.
  ///
  /// `nil` stands for a file of which the archive does not know that.
  public static func stamps(_ path: String) throws(ArchiveError) -> [[FileStamp?]] {
    try reading(path) { db in
      let stamps = try PointFilesTable.stamps(in: db)
      return try PointsTable.points(in: db).indices.map { stamps[$0, default: []] }
    }
  }

  /// How long packets took on each segment, as far as the archive knows; throws as ``read(_:)`` does.
  public static func delays(_ path: String) throws(ArchiveError) -> [DelayHistogram] {
    try reading(path) { db in
      let delays = try DelaysTable.delays(in: db)
      try ReportBounds.check(delays, points: try PointsTable.points(in: db))
      return delays
    }
  }

  /// Single packets of the connection of this id.
  ///
  /// `nil` if the archive keeps none of it; throws as ``read(_:)`` does.
  public static func ladder(of connection: Int, in path: String) throws(ArchiveError) -> Ladder? {
    try reading(path) { db in
      guard let ladder = try LaddersTable.ladder(of: connection, in: db) else { return nil }
      let events = try Int.fetchOne(db, sql: "SELECT count(*) FROM events") ?? 0
      try ReportBounds.check(ladder, points: try PointsTable.points(in: db), events: events)
      return ladder
    }
  }

  private static func reading<Value>(
    _ path: String, _ body: (Database) throws -> Value
  ) throws(ArchiveError) -> Value {
    let found: Int32
    switch try FileContent(at: path) {
    case .absent: throw .missing(path: path)
    case .empty, .foreign: throw .notAnArchive(path: path)
    case .archive(let version): found = version
    }
    try checkVersion(found, of: path)
    do {
      var configuration = Configuration()
      configuration.readonly = true
      // Functions that do more than compute are not for the file to call.
      configuration.prepareDatabase { try $0.execute(sql: "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON") }
      guard found < version else {
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        defer { try? queue.close() }
        return try queue.read { db in
          try SchemaCheck.check(db)
          return try body(db)
        }
      }
      configuration.readonly = false
      let copy = try DatabaseQueue.inMemoryCopy(fromPath: path, configuration: configuration)
      defer { try? copy.close() }
      try copy.write { db in
        try SchemaCheck.check(db)
        try ArchiveMigrations.migrate(db, from: found)
      }
      return try copy.read(body)
    } catch {
      throw ArchiveError(error, reading: path)
    }
  }

  static func checkVersion(_ found: Int32, of path: String) throws(ArchiveError) {
    if found > version { throw .newerVersion(path: path, version: Int(found), supported: Int(version)) }
    if found < 1 { throw .damaged(path: path, message: "its user_version is \(found)") }
  }

  private static func fill(
    _ path: String, with report: AnalysisReport, _ detail: AnalysisDetail, _ stamps: [[FileStamp?]]
  ) throws {
    var configuration = Configuration()
    // All rows are checked at once in the end, which takes less time than one by one.
    configuration.foreignKeysEnabled = false
    configuration.prepareDatabase { db in
      // Nobody sees this file before it is complete, so neither a journal on disk nor a sync on the way is of use.
      try db.execute(sql: "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF")
    }
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    do {
      try queue.write { db in
        try db.execute(sql: "PRAGMA application_id = \(applicationID); PRAGMA user_version = \(version)")
        try ArchiveSchema.create(in: db)
        try report.insert(into: db, stamps: stamps)
        try DelaysTable.insert(detail.delays, into: db)
        try LaddersTable.insert(detail.ladders, into: db)
        try checkReferences(in: db)
        try ArchiveSchema.createIndexes(in: db)
      }
    } catch {
      try? queue.close()
      throw error
    }
    try queue.close()
  }

  private static func checkReferences(in db: Database) throws {
    guard let stray = try db.foreignKeyViolations().next() else { return }
    throw DatabaseError(
      resultCode: .SQLITE_CONSTRAINT,
      message: "a row of \(stray.originTable) names one that \(stray.destinationTable) lacks")
  }
}
