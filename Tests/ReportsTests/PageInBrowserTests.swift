import Foundation
import Reports
import Testing
import Verdicts

@Suite(.serialized, .enabled(if: Browser.path != nil, "Chromium is not installed (apt-get install chromium)"))
struct PageInBrowserTests {
  @Test func `a page with pictures can be read, sorted, searched and followed packet by packet`() throws {
    let seen = try Browser.use(
      HTMLReport.render(ExampleReports.firewallLoss, detail: ExampleDetail.firewallLoss))
    #expect(seen.troubles == [])
    #expect(seen.text("verdict")?.hasPrefix("fw1 (fw1-in → fw1-out) loses packets") == true)
    #expect(seen.text("sections") == "path findings segments delays nat points connections")
    #expect(seen.text("pointNames") == "client fw1-in fw1-out lb-in lb-out server")
    #expect(seen.number("lossArrows") == 2)
    #expect(seen.number("strips") == 10 && seen.number("stripLosses") == 2)
    #expect(seen.number("histograms") == 1)
    #expect(seen.text("mostLost") == "#1" && seen.text("sorted") == "Lost")
    #expect(seen.number("dropped") == 2)
    #expect(seen.text("found") == "#7" && seen.number("notFound") == 0)
    #expect(seen.text("heading") == "Connection #1" && seen.text("secondHeading") == "Connection #2")
    #expect((seen.number("packetLines") ?? 0) > 10 && seen.number("crosses") == 1)
    #expect(seen.text("detail")?.contains("fate: lost") == true)
    #expect(seen.text("next")?.contains("server to client: SYN") == true)
    #expect(seen.text("trouble")?.hasPrefix("lost between fw1-in → fw1-out") == true)
    #expect((seen.number("rows") ?? 0) > 10 && seen.number("scale") == 60)
    #expect((seen.number("bars") ?? 0) == 6 && seen.number("tableRows") == 50)
  }

  @Test func `names that try to be more than text are text`() throws {
    let seen = try Browser.use(HTMLReport.render(HostileReport.report, detail: ExampleDetail.firewallLoss))
    #expect(seen.troubles == [])
    #expect(seen.number("strangers") == 0)
    #expect(seen.text("pointNames")?.contains("<img src=x onerro") == true)
    #expect(seen.text("heading") == "Connection #1")
  }

  @Test(arguments: ExampleReports.all)
  func `every report makes a page without an error, pictures or not`(_ example: ExampleReports.Example) throws {
    let seen = try Browser.use(HTMLReport.render(example.report))
    #expect(seen.troubles.filter { !$0.contains("the checks failed") } == [])
    #expect(seen.text("verdict")?.isEmpty == false)
  }

  @Test func `ten thousand connections are sorted and searched at once`() throws {
    var report = ExampleReports.firewallLoss
    let connection = report.connections[0]
    report.connections = ReportList(
      (1...10_000).map { id in
        var connection = connection
        connection.id = id
        connection.lost = 10_000 - id
        return connection
      })
    let seen = try Browser.use(HTMLReport.render(report, detail: ExampleDetail.firewallLoss))
    #expect(seen.troubles == [])
    #expect(seen.text("status") == "1–25 of 10,000")
    // A tenth of a second where nothing else runs; here others may.
    #expect((seen.number("slowest") ?? .infinity) < 1_000)
  }
}
