import GRDB

/// What was skipped or could not be read, in whole sentences.
enum RemarksTable {
  static let table = Table(
    name: "remarks", columns: ["remark INTEGER PRIMARY KEY", "text TEXT NOT NULL"], order: "remark")

  static func insert(_ remarks: [String], into db: Database) throws {
    let rows = try table.inserter(in: db)
    for (index, remark) in remarks.enumerated() {
      try rows.insert { row in
        row.add(index + 1)
        row.add(remark)
      }
    }
  }

  static func remarks(in db: Database) throws -> [String] {
    try table.rows(of: db) { row in
      let _: Int = try row.integer()
      return try row.text()
    }
  }
}
