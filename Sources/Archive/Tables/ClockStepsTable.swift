import GRDB
import Verdicts

/// The sudden changes of each point's clock.
enum ClockStepsTable {
  static let table = Table(
    name: "clock_steps",
    columns: [
      "point INTEGER NOT NULL \(ArchiveSchema.pointReference)", "step INTEGER NOT NULL", "time_ns INTEGER NOT NULL",
      "by_ns INTEGER NOT NULL",
    ],
    constraints: ["PRIMARY KEY (point, step)"],
    isWithoutRowID: true,
    order: "point, step")

  /// Takes the steps of each point, by its position.
  static func insert(_ steps: [[ClockStep]], into db: Database) throws {
    let rows = try table.inserter(in: db)
    for (point, steps) in steps.enumerated() {
      for (number, step) in steps.enumerated() {
        try rows.insert { row in
          row.add(point)
          row.add(number)
          row.add(step.timeNS)
          row.add(step.byNS)
        }
      }
    }
  }

  /// The steps by the position of the point.
  static func steps(in db: Database) throws -> [Int: [ClockStep]] {
    let rows = try table.rows(of: db) { row in
      let point: Int = try row.integer()
      let _: Int = try row.integer()
      return (point, ClockStep(timeNS: try row.integer(), byNS: try row.integer()))
    }
    return grouped(rows)
  }
}
