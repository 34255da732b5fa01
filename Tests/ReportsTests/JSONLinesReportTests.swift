import Foundation
import Reports
import Testing

@Suite struct JSONLinesReportTests {
  @Test(arguments: ExampleReports.all)
  func `every line is one event as the JSON report has it`(_ example: ExampleReports.Example) throws {
    let lines = JSONLinesReport.events(example.report).split(separator: UInt8(ascii: "\n"))
    let whole = try JSONSerialization.jsonObject(with: Data(JSONReport.render(example.report)))
    let events = try #require((whole as? [String: Any])?["events"] as? [[String: Any]])
    #expect(lines.count == events.count)
    for (line, event) in zip(lines, events) {
      let object = try #require(JSONSerialization.jsonObject(with: Data(line)) as? NSDictionary)
      #expect(object == event as NSDictionary)
    }
  }
}
