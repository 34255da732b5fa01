import GRDB

/// The connections that each finding concerns.
enum FindingConnectionsTable {
  static let table = Table(
    name: "finding_connections",
    columns: [
      "finding INTEGER NOT NULL REFERENCES findings (finding)", "number INTEGER NOT NULL",
      "connection INTEGER NOT NULL REFERENCES connections (connection)",
    ],
    constraints: ["PRIMARY KEY (finding, number)"],
    isWithoutRowID: true,
    indexes: ["connection"],
    order: "finding, number")

  /// Takes the ids of each finding's connections.
  static func insert(_ connections: [[Int]], into db: Database) throws {
    let rows = try table.inserter(in: db)
    for (index, ids) in connections.enumerated() {
      for (number, id) in ids.enumerated() {
        try rows.insert { row in
          row.add(index + 1)
          row.add(number)
          row.add(id)
        }
      }
    }
  }

  /// The ids by the number of the finding.
  static func connections(in db: Database) throws -> [Int: [Int]] {
    let rows = try table.rows(of: db) { row in
      let finding: Int = try row.integer()
      let _: Int = try row.integer()
      return (finding, try row.integer() as Int)
    }
    return grouped(rows)
  }
}
