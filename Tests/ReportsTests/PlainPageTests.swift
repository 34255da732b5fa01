import Comparison
import Foundation
import Reports
import TestSupport
import Testing
import Verdicts

/// The pages of `diff` and `compare`, which run no script.
@Suite struct PlainPageTests {
  private static func difference(_ report: AnalysisReport, limit: Int = 100) -> String {
    let difference = PointDifference(report, 0, report.points.count - 1)
    return String(decoding: DifferenceHTML.render(difference, of: report, limit: limit), as: UTF8.self)
  }

  private static func comparison(_ old: AnalysisReport, _ new: AnalysisReport) -> String {
    let comparison = AnalysisComparison(old: old, new: new)
    return String(decoding: ComparisonHTML.render(comparison, old: "<old>.db", new: "new.db"), as: UTF8.self)
  }

  @Test func `a difference has the counts, the rules, and each packet`() {
    let report = ExampleReports.manyFindings
    let page = Self.difference(report)
    let difference = PointDifference(report, 0, report.points.count - 1)
    #expect(
      page.contains("<h2>Packets</h2>") && page.contains("<h2>Rules</h2>") && page.contains("<h2>Exceptions</h2>"))
    for rule in difference.rules { #expect(page.contains("<th scope=\"row\">\(rule.field)</th>")) }
    #expect(page.components(separatedBy: "<td class=\"number\">#").count - 1 == difference.exceptions.count)
    #expect(Self.difference(report, limit: 1).components(separatedBy: "<td class=\"number\">#").count == 2)
  }

  @Test func `a comparison says first what got worse`() throws {
    let page = Self.comparison(ExampleReports.cleanPath, ExampleReports.firewallLoss)
    let heading = try #require(page.range(of: "<h1"))
    let table = try #require(page.range(of: "<table"))
    #expect(heading.lowerBound < table.lowerBound)
    #expect(page.contains("old: &lt;old&gt;.db; new: new.db"))
    #expect(page.contains("<h2>Findings</h2>") && page.contains("<h2>Method</h2>"))
  }

  @Test func `names that try to be more than text are text`() {
    let report = HostileReport.report
    for page in [Self.difference(report), Self.comparison(report, report)] {
      #expect(!page.contains("<img") && !page.contains("<script") && !page.contains("\u{1B}"))
      #expect(page.contains("&lt;img src=x onerror=hostile()&gt;"))
    }
  }

  @Test(arguments: ExampleReports.all)
  func `they load nothing and run nothing`(_ example: ExampleReports.Example) {
    guard example.report.points.count > 1 else { return }
    for page in [Self.difference(example.report), Self.comparison(example.report, ExampleReports.firewallLoss)] {
      for loading in ["<link", "@import", "url(", " src=", "<script", "onclick"] {
        #expect(!page.contains(loading), "\(loading)")
      }
    }
  }
}
