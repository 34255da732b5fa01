import Foundation
import Testing

@testable import Files

@Suite struct FileStampTests {
  private func withFile(_ bytes: [UInt8], _ body: (String) throws -> Void) throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "files-\(UUID().uuidString)")
    try Data(bytes).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    try body(file.path)
  }

  @Test func `the digest of a small file is what xxhsum prints`() throws {
    try withFile([]) { path in
      let stamp = try FileStamp(of: path)
      #expect(stamp.digest == 0x2D06_8005_38D3_94C2)
    }
    // xxhsum -H3 of xxHash 0.8.1.
    try withFile(Array("hopscope".utf8)) { path in
      let stamp = try FileStamp(of: path)
      #expect(stamp.size == 8)
      #expect(stamp.path.hasPrefix("/"))
      #expect(stamp.digest == 0x4509_D678_4FA9_0F5D)
    }
  }

  @Test func `a file that is as it was is the same`() throws {
    try withFile([1, 2, 3]) { path in
      let stamp = try FileStamp(of: path)
      #expect(stamp.state() == .same)
    }
  }

  @Test func `a file that was written anew, went on or is gone is told`() throws {
    try withFile([1, 2, 3]) { path in
      let stamp = try FileStamp(of: path)
      try Data([1, 2, 4]).write(to: URL(filePath: path))
      #expect(stamp.state() == .changed(size: 3))
      try Data([1, 2, 3, 4]).write(to: URL(filePath: path))
      #expect(stamp.state() == .changed(size: 4))
      try FileManager.default.removeItem(atPath: path)
      #expect(stamp.state() == .missing)
    }
  }

  @Test func `of a large file the first and the last bytes count, and blocks between`() throws {
    let size = FileStamp.blocks * FileStamp.blockSize + 12_345
    let bytes = [UInt8](repeating: 7, count: size)
    try withFile(bytes) { path in
      let stamp = try FileStamp(of: path)
      #expect(stamp.size == Int64(size))
      for place in [0, (size - FileStamp.blockSize) / (FileStamp.blocks - 1) * 100, size - 1] {
        var other = bytes
        other[place] = 8
        try withFile(other) {
          let changed = try FileStamp(of: $0)
          #expect(changed.digest != stamp.digest, "byte \(place)")
        }
      }
    }
  }

  @Test func `a folder has no stamp`() {
    #expect(throws: FileError.self) { try FileStamp(of: "/tmp") }
  }
}
