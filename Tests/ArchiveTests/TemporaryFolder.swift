import Foundation
import GRDB

/// A folder that goes away with its last reference.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("archive-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of a file in the folder.
  func file(_ name: String) -> String { "\(path)/\(name)" }

  /// The names of all files in the folder.
  func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
}

/// Runs SQL on a database, as any other program might.
func execute(_ sql: String, on path: String, foreignKeys: Bool = true) throws {
  var configuration = Configuration()
  configuration.foreignKeysEnabled = foreignKeys
  let queue = try DatabaseQueue(path: path, configuration: configuration)
  try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
  try queue.close()
}

/// The rows of a query, each with its values in words, `-` for none.
func rows(of sql: String, in path: String) throws -> [String] {
  let queue = try DatabaseQueue(path: path)
  defer { try? queue.close() }
  return try queue.read { db in
    try Row.fetchAll(db, sql: sql).map { row in
      row.map { _, value in value.isNull ? "-" : String.fromDatabaseValue(value) ?? "\(value)" }
        .joined(separator: " | ")
    }
  }
}

/// All bytes of a file.
func bytes(of path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) }
