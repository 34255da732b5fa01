import Foundation
import Reports
import TestSupport
import Testing

@Suite struct SchemaTests {
  private static let schema = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "docs/report.schema.json")

  @Test(arguments: ExampleReports.all)
  func `a report fits its schema`(_ example: ExampleReports.Example) throws {
    let checker = try SchemaChecker(schema: Self.schema)
    #expect(try checker.problems(JSONReport.render(example.report)) == [])
  }

  @Test(
    arguments: [
      ("\"schema\": \"hopscope.report/1\"", "\"schema\": \"hopscope.report/2\"", "$.schema: not"),
      ("\"severity\": \"fault\"", "\"severity\": \"grave\"", "severity: none of the words"),
      ("\"direction\": \"c2s\", \"connection\"", "\"connection\"", "direction is missing"),
      ("\"packets\": 3054", "\"packets\": \"3054\"", "packets: no integer"),
      ("\"loss_ratio\": 0.0", "\"loss_ratio\": -0.5", "loss_ratio: too small"),
    ])
  func `what breaks the schema is said with its place`(good: String, bad: String, says: String) throws {
    let text = String(decoding: JSONReport.render(ExampleReports.firewallLoss), as: UTF8.self)
    let broken = text.replacingOccurrences(of: good, with: bad)
    #expect(broken != text)
    let problems = try SchemaChecker(schema: Self.schema).problems(Array(broken.utf8))
    #expect(problems.contains { $0.contains(says) })
  }
}
