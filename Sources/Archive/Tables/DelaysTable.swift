import GRDB
import Verdicts

/// How long packets took: a row for each segment and direction whose clocks allow it.
enum DelaysTable {
  static let table = Table(
    name: "delays",
    columns: [
      "near INTEGER NOT NULL \(ArchiveSchema.pointReference)", "far INTEGER NOT NULL \(ArchiveSchema.pointReference)",
      "direction TEXT NOT NULL \(ArchiveSchema.isDirection)", "low_ns INTEGER NOT NULL", "width_ns INTEGER NOT NULL",
      "counts TEXT NOT NULL", "longer INTEGER NOT NULL", "sampled INTEGER NOT NULL", "percentiles_ns TEXT NOT NULL",
    ],
    constraints: ["PRIMARY KEY (near, far, direction)"],
    isWithoutRowID: true,
    order: "near, far, direction")

  static func insert(_ delays: [DelayHistogram], into db: Database) throws {
    let rows = try table.inserter(in: db)
    for delay in delays {
      try rows.insert { row in
        row.add(delay.between)
        row.add(delay.direction)
        row.add(delay.lowNS)
        row.add(delay.widthNS)
        row.add(delay.counts)
        row.add(delay.longer)
        row.add(delay.sampled)
        row.add(delay.percentilesNS)
      }
    }
  }

  static func delays(in db: Database) throws -> [DelayHistogram] {
    try table.rows(of: db) { row in
      DelayHistogram(
        between: try row.pair(), direction: try row.word(), lowNS: try row.integer(), widthNS: try row.integer(),
        counts: try row.integers(), longer: try row.integer(), sampled: try row.integer(),
        percentilesNS: try row.integers().map(Int64.init))
    }
  }
}
