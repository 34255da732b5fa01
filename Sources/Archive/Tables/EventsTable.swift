import GRDB
import Verdicts

/// What happened to single packets, by time: the table with the most rows.
enum EventsTable {
  static let table = Table(
    name: "events",
    columns: [
      "event INTEGER PRIMARY KEY", "kind TEXT NOT NULL", "near INTEGER NOT NULL \(ArchiveSchema.pointReference)",
      "far INTEGER NOT NULL \(ArchiveSchema.pointReference)", "point INTEGER \(ArchiveSchema.pointReference)",
      "direction TEXT NOT NULL \(ArchiveSchema.isDirection)",
      "connection INTEGER NOT NULL REFERENCES connections (connection)", "time_ns INTEGER NOT NULL",
    ] + ArchiveSchema.frameColumns("upstream") + ArchiveSchema.frameColumns("downstream") + [
      "ip_id INTEGER", "seq INTEGER", "length INTEGER NOT NULL", "flags INTEGER", "field TEXT", "value_before ANY",
      "value_after ANY", "confidence REAL NOT NULL", "evidence TEXT NOT NULL",
    ],
    constraints: [ArchiveSchema.frameReference("upstream"), ArchiveSchema.frameReference("downstream")],
    indexes: ["connection", "near, far, kind"],
    order: "event")

  static func insert(_ events: ReportList<Event>, into db: Database) throws {
    let rows = try table.inserter(in: db)
    for (index, event) in events.enumerated() {
      try rows.insert { row in
        row.add(index + 1)
        row.add(event.kind)
        row.add(event.between)
        row.add(event.point)
        row.add(event.direction)
        row.add(event.connection)
        row.add(event.timeNS)
        row.add(event.upstream)
        row.add(event.downstream)
        row.add(event.ipID)
        row.add(event.sequence)
        row.add(event.length)
        row.add(event.flags)
        row.add(event.field)
        row.add(event.before)
        row.add(event.after)
        row.add(event.confidence)
        row.add(event.evidence)
      }
    }
  }

  static func events(in db: Database) throws -> [Event] {
    try table.rows(of: db) { row in
      let _: Int = try row.integer()
      return Event(
        kind: try row.word(), between: try row.pair(), point: try row.integerIfAny(), direction: try row.word(),
        connection: try row.integer(), timeNS: try row.integer(), upstream: try row.frameIfAny(),
        downstream: try row.frameIfAny(), ipID: try row.integerIfAny(), sequence: try row.integerIfAny(),
        length: try row.integer(), flags: try row.integerIfAny(), field: try row.textIfAny(),
        before: try row.fieldValueIfAny(), after: try row.fieldValueIfAny(), confidence: try row.real(),
        evidence: try row.texts())
    }
  }
}
