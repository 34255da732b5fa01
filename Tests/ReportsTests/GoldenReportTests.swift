import Foundation
import Reports
import TestSupport
import Testing

@Suite struct GoldenReportTests {
  @Test(arguments: ExampleReports.all)
  func `the JSON report is the one that was agreed`(_ example: ExampleReports.Example) throws {
    try Golden().expect(JSONReport.render(example.report), equal: "\(example.name).json")
  }

  @Test(arguments: ExampleReports.all, [80, 120])
  func `the text report is the one that was agreed`(_ example: ExampleReports.Example, _ width: Int) throws {
    let text = TextReport.render(example.report, style: TextStyle(width: width))
    try Golden().expect(text, equal: "\(example.name).\(width).txt")
  }

  @Test(arguments: ExampleReports.all, [80, 120])
  func `the text report in colour is the one that was agreed`(_ example: ExampleReports.Example, _ width: Int) throws {
    let text = TextReport.render(example.report, style: TextStyle(width: width, colour: true))
    try Golden().expect(text, equal: "\(example.name).\(width).ansi")
  }

  @Test func `a missing golden file is an issue`() throws {
    try withKnownIssue {
      try Golden(nextTo: "/nowhere/Test.swift", refresh: false).expect([1], equal: "missing.txt")
    } matching: { issue in
      issue.comments.contains { $0.rawValue.contains("missing.txt is missing") }
    }
  }

  @Test func `another golden file is an issue`() throws {
    try withKnownIssue {
      try Golden(refresh: false).expect([1], equal: "README.md")
    } matching: { issue in
      issue.comments.contains { $0.rawValue.contains("README.md, line 1") }
    }
  }

  @Test func `the first difference is shown with its line`() {
    #expect(Golden.firstDifference([0x61], [0x61]) == nil)
    let difference = Golden.firstDifference(Array("a\nb\nc\n".utf8), Array("a\nb\n\u{1B}[1mc\n".utf8))
    #expect(difference == "line 3:\n  expected \"c\"\n  but got  \"\\u{1B}[1mc\"")
    #expect(Golden.firstDifference(Array("a\n".utf8), Array("a".utf8))?.contains("(the end)") == true)
  }
}
