import Foundation
import GRDB
import Testing

/// The queries of `docs/archive.md`, run on the archive of a sample.
@Suite struct ArchiveDocumentTests {
  private struct Query: Sendable, CustomTestStringConvertible {
    var sql: String
    /// The names of the columns, as the document shows them.
    var columns: [String]
    /// The rows that the document shows.
    var rows: Int
    var testDescription: String { sql }
  }

  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// What stands behind `sqlite>`, up to the line that is no continuation, and what is shown below it.
  private static let queries: [Query] = {
    let file = root.appending(path: "docs/archive.md")
    let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    var queries: [Query] = []
    var isOpen = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
      let content = line.drop { $0 == " " }
      if content.hasPrefix("sqlite> ") {
        queries.append(Query(sql: String(content.dropFirst(8)), columns: [], rows: 0))
        isOpen = true
      } else if isOpen, content.hasPrefix("...> ") {
        queries[queries.count - 1].sql += " " + content.dropFirst(5)
      } else if isOpen, line.hasPrefix("    ") {
        if queries[queries.count - 1].columns.isEmpty {
          queries[queries.count - 1].columns = content.split(separator: " ").map(String.init)
        } else if !content.hasPrefix("---") {
          queries[queries.count - 1].rows += 1
        }
      } else {
        isOpen = false
      }
    }
    return queries
  }()

  @Test func `ten questions at least are answered`() {
    #expect(Self.queries.count >= 10)
  }

  @Test func `every query of the document gives what the document shows`() throws {
    try withTemporaryFolder { folder in
      let sample = Self.root.appending(path: "Samples/loss-firewall").path
      let archive = folder.appending(path: "analysis.db").path
      let outcome = try Program.analyze(sample, "--topology", sample + "/topology.json", "--db", archive)
      #expect(outcome.status == 0)
      var configuration = Configuration()
      configuration.readonly = true
      let queue = try DatabaseQueue(path: archive, configuration: configuration)
      for query in Self.queries {
        let rows = try queue.read { try Row.fetchAll($0, sql: query.sql) }
        #expect(rows.first.map { Array($0.columnNames) } == query.columns, "\(query.sql)")
        #expect(rows.count == query.rows, "\(query.sql)")
      }
    }
  }
}
