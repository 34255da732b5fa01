import Files
import GRDB
import Verdicts

extension AnalysisReport {
  /// Fills the tables, each behind those that it refers to.
  func insert(into db: Database, stamps: [[FileStamp?]]) throws {
    try PointsTable.insert(points, into: db)
    try PointFilesTable.insert(points.map(\.files), stamps: stamps, into: db)
    try AnalysisTable.insert(order, into: db)
    try SegmentsTable.insert(segments, into: db)
    try ConnectionsTable.insert(connections, into: db)
    try EventsTable.insert(events, into: db)
    try RewritesTable.insert(rewrites, into: db)
    try FindingsTable.insert(findings, into: db)
    try RemarksTable.insert(remarks, into: db)
  }

  /// The report that the tables hold.
  init(from db: Database) throws {
    self.init(
      order: try AnalysisTable.order(in: db),
      points: try PointsTable.points(in: db),
      segments: try SegmentsTable.segments(in: db),
      connections: try ConnectionsTable.connections(in: db),
      events: try EventsTable.events(in: db),
      rewrites: try RewritesTable.rewrites(in: db),
      findings: try FindingsTable.findings(in: db),
      remarks: try RemarksTable.remarks(in: db))
  }
}
