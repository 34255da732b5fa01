import GRDB
import Verdicts

/// Rules by which boxes rewrote packets, with the first packet that shows each.
enum RewritesTable {
  static let table = Table(
    name: "rewrites",
    columns: [
      "rewrite INTEGER PRIMARY KEY", "connection INTEGER NOT NULL REFERENCES connections (connection)",
      "near INTEGER NOT NULL \(ArchiveSchema.pointReference)", "far INTEGER NOT NULL \(ArchiveSchema.pointReference)",
      "direction TEXT NOT NULL \(ArchiveSchema.isDirection)", "field TEXT NOT NULL", "rule TEXT NOT NULL",
      "value ANY", "packets INTEGER NOT NULL", "harmful INTEGER NOT NULL CHECK (harmful IN (0, 1))",
    ] + ArchiveSchema.frameColumns("upstream") + ArchiveSchema.frameColumns("downstream") + [
      "value_before ANY", "value_after ANY",
    ],
    constraints: [ArchiveSchema.frameReference("upstream"), ArchiveSchema.frameReference("downstream")],
    indexes: ["connection", "field"],
    order: "rewrite")

  static func insert(_ rewrites: ReportList<RewriteRule>, into db: Database) throws {
    let rows = try table.inserter(in: db)
    for (index, rewrite) in rewrites.enumerated() {
      try rows.insert { row in
        row.add(index + 1)
        row.add(rewrite.connection)
        row.add(rewrite.between)
        row.add(rewrite.direction)
        row.add(rewrite.field)
        row.add(rewrite.form)
        row.add(rewrite.value)
        row.add(rewrite.packets)
        row.add(rewrite.harmful)
        row.add(rewrite.firstUpstream)
        row.add(rewrite.firstDownstream)
        row.add(rewrite.before)
        row.add(rewrite.after)
      }
    }
  }

  static func rewrites(in db: Database) throws -> [RewriteRule] {
    try table.rows(of: db) { row in
      let _: Int = try row.integer()
      return RewriteRule(
        connection: try row.integer(), between: try row.pair(), direction: try row.word(), field: try row.text(),
        form: try row.word(), value: try row.fieldValueIfAny(), packets: try row.integer(),
        harmful: try row.flag(), firstUpstream: try row.frame(), firstDownstream: try row.frame(),
        before: try row.fieldValueIfAny(), after: try row.fieldValueIfAny())
    }
  }
}
