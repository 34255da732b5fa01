import GRDB
import Verdicts

/// The capture points, in path order.
enum PointsTable {
  static let table = Table(
    name: "points",
    columns: [
      "position INTEGER PRIMARY KEY", "name TEXT NOT NULL", "packets INTEGER NOT NULL", "link_type TEXT NOT NULL",
      "first_ns INTEGER", "last_ns INTEGER", "clock_offset_ns INTEGER", "clock_drift_ppm REAL",
      "clock_error_ns INTEGER", "not_captured INTEGER NOT NULL", "duplicates INTEGER NOT NULL",
      "truncated INTEGER NOT NULL", "kernel_drops INTEGER", "one_way TEXT CHECK (one_way IN ('c2s', 's2c'))",
      "offload INTEGER NOT NULL CHECK (offload IN (0, 1))",
    ],
    order: "position")

  static func insert(_ points: [PointReport], into db: Database) throws {
    let rows = try table.inserter(in: db)
    for (position, point) in points.enumerated() {
      try rows.insert { row in
        row.add(position)
        row.add(point.name)
        row.add(point.packets)
        row.add(point.linkType)
        row.add(point.firstNS)
        row.add(point.lastNS)
        row.add(point.clock.offsetNS)
        row.add(point.clock.driftPPM)
        row.add(point.clock.errorNS)
        row.add(point.capture.notCaptured)
        row.add(point.capture.duplicates)
        row.add(point.capture.truncated)
        row.add(point.capture.kernelDrops)
        row.add(point.capture.oneWay)
        row.add(point.capture.offload)
      }
    }
    try ClockStepsTable.insert(points.map(\.clock.steps), into: db)
  }

  static func points(in db: Database) throws -> [PointReport] {
    let files = try PointFilesTable.files(in: db)
    let steps = try ClockStepsTable.steps(in: db)
    return try table.rows(of: db) { row in
      let position: Int = try row.integer()
      return PointReport(
        name: try row.text(), files: files[position, default: []], packets: try row.integer(),
        linkType: try row.text(), firstNS: try row.integerIfAny(), lastNS: try row.integerIfAny(),
        clock: ClockReport(
          offsetNS: try row.integerIfAny(), driftPPM: try row.realIfAny(), errorNS: try row.integerIfAny(),
          steps: steps[position, default: []]),
        capture: CaptureReport(
          notCaptured: try row.integer(), duplicates: try row.integer(), truncated: try row.integer(),
          kernelDrops: try row.integerIfAny(), oneWay: try row.wordIfAny(), offload: try row.flag()))
    }
  }
}
