import Foundation

/// Gives `body` the path of a file with these bytes, alone in a folder that is removed afterwards.
func withTemporaryFile<Result>(_ bytes: [UInt8], _ body: (_ path: String) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appending(path: "hopscope-captures-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  let file = folder.appending(path: "capture.pcap")
  try Data(bytes).write(to: file)
  return try body(file.path)
}
