import Foundation
import Testing
import Verdicts

@testable import Archive

@Suite struct AnalysisArchiveTests {
  let folder: TemporaryFolder
  var path: String { folder.file("analysis.db") }

  init() throws { folder = try TemporaryFolder() }

  @Test func `a report comes back as it was written`() throws {
    try AnalysisArchive.write(RichReport.value, to: path)

    #expect(try AnalysisArchive.read(path) == RichReport.value)
    #expect(try folder.names() == ["analysis.db"])
  }

  @Test func `a report of points alone comes back as it was written`() throws {
    let report = AnalysisReport(
      order: PathOrder(source: .given, confidence: 1, referenceClock: 0, evidence: []),
      points: [RichReport.points[2]], segments: [], connections: [], events: [], rewrites: [], findings: [],
      remarks: [])

    try AnalysisArchive.write(report, to: path)

    #expect(try AnalysisArchive.read(path) == report)
  }

  @Test func `a second report takes the place of the first`() throws {
    try AnalysisArchive.write(RichReport.withEvents(2000), to: path)
    try AnalysisArchive.write(RichReport.value, to: path)

    #expect(try AnalysisArchive.read(path) == RichReport.value)
  }

  @Test func `the same report gives the same bytes`() throws {
    try AnalysisArchive.write(RichReport.value, to: path)
    try AnalysisArchive.write(RichReport.value, to: folder.file("again.db"))

    #expect(try bytes(of: path) == bytes(of: folder.file("again.db")))
  }

  @Test func `an empty file is filled`() throws {
    try Data().write(to: URL(fileURLWithPath: path))

    try AnalysisArchive.write(RichReport.value, to: path)

    #expect(try AnalysisArchive.read(path) == RichReport.value)
  }

  @Test func `a link stays a link, and the file keeps its permissions`() throws {
    let link = folder.file("link.db")
    try AnalysisArchive.write(RichReport.withEvents(1), to: path)
    try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "analysis.db")

    try AnalysisArchive.write(RichReport.value, to: link)

    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "analysis.db")
    #expect(try AnalysisArchive.read(path) == RichReport.value)
    #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o640)
  }

  @Test func `the file says whose it is, and every reference in it holds`() throws {
    try AnalysisArchive.write(RichReport.value, to: path)

    #expect(try rows(of: "PRAGMA application_id", in: path) == ["1215262803"])
    #expect(try rows(of: "PRAGMA user_version", in: path) == ["3"])
    #expect(try rows(of: "PRAGMA integrity_check", in: path) == ["ok"])
    #expect(try rows(of: "PRAGMA foreign_key_check", in: path) == [])
  }
}
