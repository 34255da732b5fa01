import GRDB
import Verdicts

/// What concerns the analysis as a whole: one row.
enum AnalysisTable {
  static let table = Table(
    name: "analysis",
    columns: [
      "analysis INTEGER PRIMARY KEY CHECK (analysis = 1)",
      "order_source TEXT NOT NULL CHECK (order_source IN ('given', 'inferred'))",
      "order_confidence REAL NOT NULL", "reference_clock INTEGER NOT NULL \(ArchiveSchema.pointReference)",
      "order_evidence TEXT NOT NULL",
    ],
    order: "analysis")

  static func insert(_ order: PathOrder, into db: Database) throws {
    try table.inserter(in: db).insert { row in
      row.add(1)
      row.add(order.source == .given ? "given" : "inferred")
      row.add(order.confidence)
      row.add(order.referenceClock)
      row.add(order.evidence)
    }
  }

  static func order(in db: Database) throws -> PathOrder {
    let rows = try table.rows(of: db) { row in
      let _: Int = try row.integer()
      return PathOrder(
        source: try row.text() == "given" ? .given : .inferred, confidence: try row.real(),
        referenceClock: try row.integer(), evidence: try row.texts())
    }
    guard let order = rows.first else { throw UnreadableValue(table: table.name, column: "analysis") }
    return order
  }
}
