import Foundation
import Testing
import Verdicts

@testable import Archive

@Suite struct RefusedFileTests {
  let folder: TemporaryFolder
  var path: String { folder.file("analysis.db") }

  init() throws { folder = try TemporaryFolder() }

  @Test func `a foreign database is refused and left untouched`() throws {
    try execute("CREATE TABLE events (event INTEGER); PRAGMA application_id = 7", on: path)
    try expectRefusal()
  }

  @Test(arguments: ["Dear diary", "SQLite format 3\0", String(repeating: "x", count: 5000)])
  func `a file that is no database is refused and left untouched`(content: String) throws {
    try Data(content.utf8).write(to: URL(fileURLWithPath: path))
    try expectRefusal()
  }

  @Test(arguments: ["/dev/null", "/"]) func `a device or a folder is refused`(path: String) {
    #expect(throws: ArchiveError.notAnArchive(path: path)) { try AnalysisArchive.write(RichReport.value, to: path) }
    #expect(throws: ArchiveError.notAnArchive(path: path)) { try AnalysisArchive.read(path) }
  }

  @Test func `an empty file holds no analysis`() throws {
    try Data().write(to: URL(fileURLWithPath: path))

    #expect(throws: ArchiveError.notAnArchive(path: path)) { try AnalysisArchive.read(path) }
  }

  @Test func `the layout of a later release is neither read nor replaced`() throws {
    try AnalysisArchive.write(RichReport.value, to: path)
    try execute("PRAGMA user_version = 99", on: path)
    let before = try bytes(of: path)
    let refusal = ArchiveError.newerVersion(path: path, version: 99, supported: 3)

    #expect(throws: refusal) { try AnalysisArchive.read(path) }
    #expect(throws: refusal) { try AnalysisArchive.write(RichReport.value, to: path) }
    #expect(try bytes(of: path) == before)
  }

  @Test func `a missing file is missing`() {
    #expect(throws: ArchiveError.missing(path: path)) { try AnalysisArchive.read(path) }
  }

  @Test func `a missing folder cannot be written to`() {
    let path = folder.file("nowhere/analysis.db")
    #expect {
      try AnalysisArchive.write(RichReport.value, to: path)
    } throws: { error in
      guard case ArchiveError.cannotOpen(_, "No such file or directory") = error else { return false }
      return true
    }
  }

  @Test(arguments: ["-journal", "-wal"])
  func `a file with another program's journal beside it is not replaced`(ending: String) throws {
    try AnalysisArchive.write(RichReport.value, to: path)
    let journal = path + ending
    try Data("rows to come".utf8).write(to: URL(fileURLWithPath: journal))

    #expect(throws: ArchiveError.inUse(path: path, journal: journal)) {
      try AnalysisArchive.write(RichReport.value, to: path)
    }
  }

  @Test(
    arguments: [
      ("UPDATE events SET kind = 'miracle' WHERE event = 3", "table events, column kind"),
      ("UPDATE events SET flags = 256 WHERE event = 1", "table events, column flags"),
      ("UPDATE events SET evidence = '[\"open' WHERE event = 1", "table events, column evidence"),
      ("DELETE FROM segments WHERE direction = 'c2s'", "table segments, column direction"),
      ("DELETE FROM analysis", "table analysis, column analysis"),
      ("DELETE FROM points WHERE position = 2", "FOREIGN KEY constraint"),
      ("DROP VIEW nat_table; DROP TABLE legs", "no such table: legs"),
      ("PRAGMA user_version = 0", "user_version is 0"),
      ("UPDATE segments SET lost = 9223372036854775807", "table segments, column counts"),
      ("UPDATE points SET first_ns = -9223372036854775807", "table points, column first_ns"),
    ])
  func `a damaged archive is said to be damaged, and where`(damage: String, place: String) throws {
    try AnalysisArchive.write(RichReport.value, to: path)
    try execute(damage, on: path, foreignKeys: false)

    #expect {
      try AnalysisArchive.read(path)
    } throws: { error in
      guard case ArchiveError.damaged(path, let message) = error else { return false }
      return message.contains(place)
    }
  }

  /// What SQL of its own an archive may bring, in the place of a table or beside it.
  @Test(
    arguments: [
      (
        "ALTER TABLE events RENAME TO kept; CREATE VIEW events AS WITH RECURSIVE n (i) AS "
          + "(SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n", "table events, column type"
      ),
      ("CREATE TRIGGER t BEFORE UPDATE ON points BEGIN DELETE FROM points; END", "table sqlite_schema, column t"),
      ("ALTER TABLE remarks ADD COLUMN more TEXT GENERATED ALWAYS AS (hex(zeroblob(9)))", "table remarks, column more"),
    ])
  func `SQL that an archive brings is not run`(sql: String, place: String) throws {
    try AnalysisArchive.write(RichReport.value, to: path)
    try execute(sql, on: path, foreignKeys: false)
    #expect {
      try AnalysisArchive.read(path)
    } throws: { error in
      guard case ArchiveError.damaged(path, let message) = error else { return false }
      return message.contains(place)
    }
  }

  @Test func `the name of a view is no SQL`() throws {
    let layout = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Layouts/1.sql")
    try execute(try String(contentsOf: layout, encoding: .utf8), on: path, foreignKeys: false)
    let made = folder.file("made.db")
    try execute(
      "PRAGMA application_id = 1215262803; PRAGMA user_version = 1;"
        + "CREATE VIEW \"x\"\"; ATTACH '\(made)' AS y; CREATE TABLE y.z (a); --\" AS SELECT 1",
      on: path, foreignKeys: false)
    #expect(throws: Never.self) { try AnalysisArchive.read(path) }
    #expect(try !folder.names().contains("made.db"))
  }

  @Test(
    arguments: [
      ("events", "near = 77"), ("legs", "point = 99"), ("finding_evidence", "file = 5"),
      ("analysis", "reference_clock = 50"),
    ])
  func `what an archive refers to must be in it, whatever it declares`(table: String, lie: String) throws {
    try AnalysisArchive.write(RichReport.value, to: path)
    // The same rows in a table that declares nothing.
    try execute(
      "PRAGMA legacy_alter_table = ON; CREATE TABLE bare AS SELECT * FROM \(table); DROP TABLE \(table);"
        + "ALTER TABLE bare RENAME TO \(table); UPDATE \(table) SET \(lie)", on: path, foreignKeys: false)
    #expect {
      try AnalysisArchive.read(path)
    } throws: { error in
      guard case ArchiveError.damaged(path, let message) = error else { return false }
      return message.contains("table \(table)")
    }
  }

  @Test func `an archive cut short is damaged`() throws {
    try AnalysisArchive.write(RichReport.withEvents(1000), to: path)
    let whole = try bytes(of: path)
    try Data(whole.prefix(whole.count / 2)).write(to: URL(fileURLWithPath: path))

    #expect {
      try AnalysisArchive.read(path)
    } throws: { error in
      guard case ArchiveError.damaged(path, _) = error else { return false }
      return true
    }
  }

  private func expectRefusal() throws {
    let before = try bytes(of: path)
    #expect(throws: ArchiveError.notAnArchive(path: path)) { try AnalysisArchive.write(RichReport.value, to: path) }
    #expect(throws: ArchiveError.notAnArchive(path: path)) { try AnalysisArchive.read(path) }
    #expect(try bytes(of: path) == before)
    #expect(try folder.names() == ["analysis.db"])
  }
}
