import GRDB
import Verdicts

/// The connections; `rank` is their order in the report, those with most trouble first.
enum ConnectionsTable {
  static let table = Table(
    name: "connections",
    columns: [
      "connection INTEGER PRIMARY KEY", "rank INTEGER NOT NULL", "protocol TEXT NOT NULL",
      "match_confidence REAL NOT NULL", "match_evidence TEXT NOT NULL", "ambiguous_with TEXT NOT NULL",
      "terminated_near INTEGER \(ArchiveSchema.pointReference)",
      "terminated_far INTEGER \(ArchiveSchema.pointReference)", "start_ns INTEGER NOT NULL",
      "end_ns INTEGER NOT NULL", "bytes_c2s INTEGER NOT NULL", "bytes_s2c INTEGER NOT NULL",
      "events INTEGER NOT NULL", "lost INTEGER NOT NULL",
    ],
    order: "rank")

  static func insert(_ connections: ReportList<ConnectionReport>, into db: Database) throws {
    let rows = try table.inserter(in: db)
    for (rank, connection) in connections.enumerated() {
      try rows.insert { row in
        row.add(connection.id)
        row.add(rank)
        row.add(connection.proto)
        row.add(connection.match.confidence)
        row.add(connection.match.evidence)
        row.add(connection.match.ambiguousWith)
        row.add(connection.terminatedBetween)
        row.add(connection.startNS)
        row.add(connection.endNS)
        row.add(connection.bytesClientToServer)
        row.add(connection.bytesServerToClient)
        row.add(connection.events)
        row.add(connection.lost)
      }
    }
    try LegsTable.insert(of: connections, into: db)
  }

  static func connections(in db: Database) throws -> [ConnectionReport] {
    let legs = try LegsTable.legs(in: db)
    return try table.rows(of: db) { row in
      let id: Int = try row.integer()
      let _: Int = try row.integer()
      return ConnectionReport(
        id: id, proto: try row.text(), legs: legs[id, default: []],
        match: ConnectionReport.MatchReport(
          confidence: try row.real(), evidence: try row.texts(), ambiguousWith: try row.integers()),
        terminatedBetween: try row.pairIfAny(), startNS: try row.integer(), endNS: try row.integer(),
        bytesClientToServer: try row.integer(), bytesServerToClient: try row.integer(),
        events: try row.integer(), lost: try row.integer())
    }
  }
}
