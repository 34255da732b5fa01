import Foundation
import Testing

@testable import Files

@Suite struct PartialFileTests {
  @Test func `a file takes the place of another when it is committed, and not before`() throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "partial-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data("old".utf8).write(to: URL(filePath: path))
    let file = try PartialFile(replacing: path)
    try Data("new".utf8).write(to: URL(filePath: file.path))
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
    try file.commit()
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "new")
    #expect(!FileManager.default.fileExists(atPath: file.path))
  }

  @Test func `a process that is told to stop leaves nothing unfinished`() async {
    await #expect(processExitsWith: .success) {
      let path = FileManager.default.temporaryDirectory.appending(path: "partial-\(UUID().uuidString)").path
      let unfinished = try PartialFile(replacing: path)
      let finished = try PartialFile(replacing: path + "-2")
      try finished.commit()
      PartialFile.discardAll()
      #expect(!FileManager.default.fileExists(atPath: unfinished.path))
      #expect(FileManager.default.fileExists(atPath: path + "-2"))
      try? FileManager.default.removeItem(atPath: path + "-2")
    }
  }

  @Test func `a folder that is not there is an error that names the file`() {
    #expect(throws: FileError.self) { try PartialFile(replacing: "/nowhere/at/all") }
  }
}
