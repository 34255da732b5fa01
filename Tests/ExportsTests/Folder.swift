import Foundation

/// A folder of its own for one test.
struct Folder {
  let url: URL

  /// The path of a new, empty file.
  func file(_ name: String, _ bytes: [UInt8] = []) throws -> String {
    let file = url.appending(path: name)
    try Data(bytes).write(to: file)
    return file.path
  }
}

/// Gives `body` a folder of its own, removed afterwards.
func withFolder<Result>(_ body: (Folder) throws -> Result) throws -> Result {
  let url = FileManager.default.temporaryDirectory.appending(path: "exports-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: url) }
  return try body(Folder(url: url))
}
