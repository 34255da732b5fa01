import GRDB
import Verdicts

/// The frames that show each finding.
enum FindingEvidenceTable {
  static let table = Table(
    name: "finding_evidence",
    columns: [
      "finding INTEGER NOT NULL REFERENCES findings (finding)", "number INTEGER NOT NULL",
      "point INTEGER NOT NULL", "file INTEGER NOT NULL", "frame INTEGER NOT NULL", "says TEXT NOT NULL",
    ],
    constraints: [
      "PRIMARY KEY (finding, number)", "FOREIGN KEY (point, file) REFERENCES point_files (point, file)",
    ],
    isWithoutRowID: true,
    order: "finding, number")

  /// Takes the evidence of each finding.
  static func insert(_ evidence: [[Finding.Evidence]], into db: Database) throws {
    let rows = try table.inserter(in: db)
    for (index, pieces) in evidence.enumerated() {
      for (number, piece) in pieces.enumerated() {
        try rows.insert { row in
          row.add(index + 1)
          row.add(number)
          row.add(piece.frame)
          row.add(piece.says)
        }
      }
    }
  }

  /// The evidence by the number of the finding.
  static func evidence(in db: Database) throws -> [Int: [Finding.Evidence]] {
    let rows = try table.rows(of: db) { row in
      let finding: Int = try row.integer()
      let _: Int = try row.integer()
      return (finding, Finding.Evidence(frame: try row.frame(), says: try row.text()))
    }
    return grouped(rows)
  }
}
