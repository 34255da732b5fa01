import Files
import Foundation
import Testing
import Verdicts

@testable import Archive

@Suite struct ArchiveMigrationsTests {
  let folder: TemporaryFolder
  var path: String { folder.file("old.db") }

  init() throws { folder = try TemporaryFolder() }

  /// An archive as the release of this layout wrote it.
  private func makeOld(_ layout: Int) throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Layouts/\(layout).sql")
    try execute(try String(contentsOf: file, encoding: .utf8), on: path, foreignKeys: false)
    try execute("PRAGMA application_id = 1215262803; PRAGMA user_version = \(layout)", on: path)
  }

  @Test(arguments: 1..<Int(AnalysisArchive.version))
  func `what an older release wrote is read, and left as it is`(layout: Int) throws {
    try makeOld(layout)
    let before = try bytes(of: path)

    let report = try AnalysisArchive.read(path)

    #expect(report.points.map(\.name).prefix(3) == ["client", "fw1-in", "fw1-out"])
    #expect(report.connections.map(\.id) == [1])
    #expect(report.findings.map(\.kind) == ["loss"])
    #expect(report.events.count == 6)
    #expect(try AnalysisArchive.delays(path) == [])
    #expect(try AnalysisArchive.ladder(of: 1, in: path) == nil)
    #expect(try bytes(of: path) == before)
    #expect(try folder.names() == ["old.db"])
  }

  @Test func `an archive of the first layout does not know its captures`() throws {
    try makeOld(1)
    #expect(try AnalysisArchive.stamps(path) == Array(repeating: [nil], count: 8))
  }

  @Test(arguments: 1..<Int(AnalysisArchive.version))
  func `what is read from an older layout is the same when it is written in today's`(layout: Int) throws {
    try makeOld(layout)
    let report = try AnalysisArchive.read(path)
    try AnalysisArchive.write(report, to: path)
    #expect(try AnalysisArchive.read(path) == report)
    #expect(try rows(of: "PRAGMA user_version", in: path) == ["\(AnalysisArchive.version)"])
  }

  @Test func `the archive knows by what its captures are known again`() throws {
    let stamp = FileStamp(path: "/captures/client.pcap", size: 1_234, digest: 0xAB)
    let other = FileStamp(path: "/captures/fw1-out-1.pcap", size: .max, digest: .max)
    try AnalysisArchive.write(RichReport.value, stamps: [[stamp], [nil, other]], to: path)

    #expect(try AnalysisArchive.stamps(path) == [[stamp], [nil, other], [nil]])
    #expect(try AnalysisArchive.read(path) == RichReport.value)
    #expect(
      try rows(of: "SELECT point, size, digest FROM captures WHERE digest IS NOT NULL", in: path) == [
        "client | 1234 | 00000000000000ab", "fw1-out | 9223372036854775807 | ffffffffffffffff",
      ])
  }
}
