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
