import GRDB
import Verdicts

/// The addresses of each connection at each point that saw it, in path order.
enum LegsTable {
  static let table = Table(
    name: "legs",
    columns: [
      "connection INTEGER NOT NULL REFERENCES connections (connection)", "leg INTEGER NOT NULL",
      "point INTEGER NOT NULL \(ArchiveSchema.pointReference)", "client TEXT NOT NULL", "server TEXT NOT NULL",
    ],
    constraints: ["PRIMARY KEY (connection, leg)"],
    isWithoutRowID: true,
    indexes: ["client", "server"],
    order: "connection, leg")

  static func insert(of connections: ReportList<ConnectionReport>, into db: Database) throws {
    let rows = try table.inserter(in: db)
    for connection in connections {
      for (number, leg) in connection.legs.enumerated() {
        try rows.insert { row in
          row.add(connection.id)
          row.add(number)
          row.add(leg.point)
          row.add(leg.client)
          row.add(leg.server)
        }
      }
    }
  }

  /// The legs by the id of the connection.
  static func legs(in db: Database) throws -> [Int: [ConnectionReport.Leg]] {
    let rows = try table.rows(of: db) { row in
      let connection: Int = try row.integer()
      let _: Int = try row.integer()
      return (
        connection,
        ConnectionReport.Leg(point: try row.integer(), client: try row.text(), server: try row.text())
      )
    }
    return grouped(rows)
  }
}
