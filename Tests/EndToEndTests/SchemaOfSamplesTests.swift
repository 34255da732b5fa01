import Foundation
import Reports
import TestSupport
import Testing

@Suite struct SchemaOfSamplesTests {
  @Test(arguments: Sample.names)
  func `the JSON report of a recording fits the schema`(_ name: String) throws {
    let schema = Sample.folder.deletingLastPathComponent().appending(path: "docs/report.schema.json")
    let report = try Sample.named(name).report
    #expect(try SchemaChecker(schema: schema).problems(JSONReport.render(report)) == [])
  }
}
