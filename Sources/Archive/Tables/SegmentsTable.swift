import GRDB
import Verdicts

/// The ledgers: a row for each segment and direction.
enum SegmentsTable {
  static let table = Table(
    name: "segments",
    columns: [
      "segment INTEGER NOT NULL", "direction TEXT NOT NULL \(ArchiveSchema.isDirection)",
      "near INTEGER NOT NULL \(ArchiveSchema.pointReference)", "far INTEGER NOT NULL \(ArchiveSchema.pointReference)",
      "inside TEXT", "offered INTEGER NOT NULL", "delivered INTEGER NOT NULL", "lost INTEGER NOT NULL",
      "lost_bytes INTEGER NOT NULL", "not_captured INTEGER NOT NULL", "outside_coverage INTEGER NOT NULL",
      "undecided INTEGER NOT NULL", "reordered INTEGER NOT NULL", "duplicated INTEGER NOT NULL",
      "corrupted INTEGER NOT NULL", "injected INTEGER NOT NULL", "rewritten INTEGER NOT NULL",
      "delay_min_ns INTEGER", "delay_p50_ns INTEGER", "delay_p95_ns INTEGER", "delay_p99_ns INTEGER",
      "delay_max_ns INTEGER", "delay_error_ns INTEGER",
    ],
    constraints: ["PRIMARY KEY (segment, direction)"],
    isWithoutRowID: true,
    order: "segment, direction")

  static func insert(_ segments: [SegmentReport], into db: Database) throws {
    let rows = try table.inserter(in: db)
    for (number, segment) in segments.enumerated() {
      for direction in Direction.allCases {
        try rows.insert { row in
          row.add(number)
          row.add(direction)
          row.add(segment.between)
          row.add(segment.inside)
          add(segment[direction], to: &row)
        }
      }
    }
  }

  static func segments(in db: Database) throws -> [SegmentReport] {
    let rows = try table.rows(of: db) { row in
      let _: Int = try row.integer()
      let direction: Direction = try row.word()
      let between = try row.pair()
      let inside = try row.textIfAny()
      return (direction, between, inside, try ledger(from: &row))
    }
    guard rows.count.isMultiple(of: 2) else { throw UnreadableValue(table: table.name, column: "direction") }
    return try stride(from: 0, to: rows.count, by: 2).map { first in
      let (oneWay, between, inside, there) = rows[first]
      let (otherWay, _, _, back) = rows[first + 1]
      guard oneWay == .clientToServer, otherWay == .serverToClient else {
        throw UnreadableValue(table: table.name, column: "direction")
      }
      return SegmentReport(between: between, inside: inside, clientToServer: there, serverToClient: back)
    }
  }

  private static func add(_ ledger: SegmentLedger, to row: inout ColumnWriter) {
    row.add(ledger.offered)
    row.add(ledger.delivered)
    row.add(ledger.lost)
    row.add(ledger.lostBytes)
    row.add(ledger.notCaptured)
    row.add(ledger.outsideCoverage)
    row.add(ledger.undecided)
    row.add(ledger.reordered)
    row.add(ledger.duplicated)
    row.add(ledger.corrupted)
    row.add(ledger.injected)
    row.add(ledger.rewritten)
    row.add(ledger.delay?.minNS)
    row.add(ledger.delay?.p50NS)
    row.add(ledger.delay?.p95NS)
    row.add(ledger.delay?.p99NS)
    row.add(ledger.delay?.maxNS)
    row.add(ledger.delay?.errorNS)
  }

  private static func ledger(from row: inout ColumnReader) throws -> SegmentLedger {
    var ledger = SegmentLedger()
    ledger.offered = try row.integer()
    ledger.delivered = try row.integer()
    ledger.lost = try row.integer()
    ledger.lostBytes = try row.integer()
    ledger.notCaptured = try row.integer()
    ledger.outsideCoverage = try row.integer()
    ledger.undecided = try row.integer()
    ledger.reordered = try row.integer()
    ledger.duplicated = try row.integer()
    ledger.corrupted = try row.integer()
    ledger.injected = try row.integer()
    ledger.rewritten = try row.integer()
    ledger.delay = try delay(from: &row)
    return ledger
  }

  private static func delay(from row: inout ColumnReader) throws -> DelaySummary? {
    guard let min: Int64 = try row.integerIfAny() else { return nil }
    return DelaySummary(
      minNS: min, p50NS: try row.integer(), p95NS: try row.integer(), p99NS: try row.integer(),
      maxNS: try row.integer(), errorNS: try row.integer())
  }
}
