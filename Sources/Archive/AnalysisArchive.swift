import GRDB
public import Verdicts

/// One analysis, kept in one SQLite file.
///
/// `write` replaces the whole file or nothing of it; `read` gives back a report equal to the written one.
public enum AnalysisArchive {
  /// Marks a SQLite file as ours (`PRAGMA application_id`); the letters `HopS`.
  static let applicationID: Int32 = 0x486F_7053
  /// The layout of the tables (`PRAGMA user_version`), from 1: every change of the layout counts it up.
  static let version: Int32 = 1

  /// Writes the report to the file at `path`, in place of the analysis that it holds.
  ///
  /// The rows go to a new file beside `path`, which takes its name once it is complete and on the disk. A run that
  /// fails, or is killed, leaves the old file as it was. A text ends at its first NUL.
  ///
  /// - Throws: ``ArchiveError/notAnArchive(path:)`` if the file holds anything else, which is left untouched;
  ///   ``ArchiveError/inconsistent(path:message:)`` if the report names points, files or connections that it lacks;
  ///   other cases if the file cannot be written.
  public static func write(_ report: AnalysisReport, to path: String) throws(ArchiveError) {
    let file = try ReplacedFile(at: path)
    do {
      try fill(file.partialPath, with: report)
      try file.commit()
    } catch {
      file.discard()
      throw ArchiveError(error, writing: path)
    }
  }

  /// The report in the file at `path`.
  ///
  /// - Throws: ``ArchiveError/notAnArchive(path:)`` if the file holds anything else,
  ///   ``ArchiveError/newerVersion(path:version:supported:)`` if a later release wrote it,
  ///   ``ArchiveError/damaged(path:message:)`` if what it holds does not fit together, and
  ///   ``ArchiveError/cannotOpen(path:message:)``.
  public static func read(_ path: String) throws(ArchiveError) -> AnalysisReport {
    switch try FileContent(at: path) {
    case .absent: throw .missing(path: path)
    case .empty, .foreign: throw .notAnArchive(path: path)
    case .archive(let found): try checkVersion(found, of: path)
    }
    do {
      var configuration = Configuration()
      configuration.readonly = true
      let queue = try DatabaseQueue(path: path, configuration: configuration)
      defer { try? queue.close() }
      return try queue.read { db in
        try db.checkForeignKeys()
        return try AnalysisReport(from: db)
      }
    } catch {
      throw ArchiveError(error, reading: path)
    }
  }

  static func checkVersion(_ found: Int32, of path: String) throws(ArchiveError) {
    if found > version { throw .newerVersion(path: path, version: Int(found), supported: Int(version)) }
    if found < 1 { throw .damaged(path: path, message: "its user_version is \(found)") }
  }

  private static func fill(_ path: String, with report: AnalysisReport) throws {
    var configuration = Configuration()
    configuration.prepareDatabase { db in
      // Nobody sees this file before it is complete, so neither a journal on disk nor a sync on the way is of use.
      try db.execute(sql: "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF")
    }
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    do {
      try queue.write { db in
        try db.execute(sql: "PRAGMA application_id = \(applicationID); PRAGMA user_version = \(version)")
        try ArchiveSchema.create(in: db)
        try report.insert(into: db)
        try ArchiveSchema.createIndexes(in: db)
      }
    } catch {
      try? queue.close()
      throw error
    }
    try queue.close()
  }
}
