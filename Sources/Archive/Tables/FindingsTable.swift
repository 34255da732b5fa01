import GRDB
import Verdicts

/// The findings, faults first.
enum FindingsTable {
  static let table = Table(
    name: "findings",
    columns: [
      "finding INTEGER PRIMARY KEY", "kind TEXT NOT NULL", "severity TEXT NOT NULL",
      "near INTEGER \(ArchiveSchema.pointReference)", "far INTEGER \(ArchiveSchema.pointReference)",
      "point INTEGER \(ArchiveSchema.pointReference)", "direction TEXT \(ArchiveSchema.isDirection)",
      "title TEXT NOT NULL", "explanation TEXT NOT NULL", "confidence REAL NOT NULL", "packets INTEGER NOT NULL",
      "confirm TEXT NOT NULL",
    ],
    order: "finding")

  static func insert(_ findings: [Finding], into db: Database) throws {
    let rows = try table.inserter(in: db)
    for (index, finding) in findings.enumerated() {
      try rows.insert { row in
        row.add(index + 1)
        row.add(finding.kind)
        row.add(finding.severity)
        row.add(finding.between)
        row.add(finding.point)
        row.add(finding.direction)
        row.add(finding.title)
        row.add(finding.explanation)
        row.add(finding.confidence)
        row.add(finding.packets)
        row.add(finding.confirm)
      }
    }
    try FindingConnectionsTable.insert(findings.map(\.connections), into: db)
    try FindingEvidenceTable.insert(findings.map(\.evidence), into: db)
  }

  static func findings(in db: Database) throws -> [Finding] {
    let connections = try FindingConnectionsTable.connections(in: db)
    let evidence = try FindingEvidenceTable.evidence(in: db)
    return try table.rows(of: db) { row in
      let number: Int = try row.integer()
      var finding = Finding(
        kind: try row.text(), severity: try row.word(), between: try row.pairIfAny(),
        point: try row.integerIfAny(), direction: try row.wordIfAny(), title: try row.text(),
        explanation: try row.text(), confidence: try row.real(), packets: try row.integer(),
        confirm: try row.text())
      finding.connections = connections[number, default: []]
      finding.evidence = evidence[number, default: []]
      return finding
    }
  }
}
