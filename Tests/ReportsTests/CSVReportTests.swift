import Comparison
import Foundation
import Reports
import Testing
import Verdicts

@Suite struct CSVReportTests {
  /// Reads CSV by RFC 4180.
  private func parse(_ bytes: [UInt8]) -> [[String]] {
    var (rows, row, cell, isQuoted) = ([[String]](), [String](), [UInt8](), false)
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      if isQuoted {
        if byte != UInt8(ascii: "\"") {
          cell.append(byte)
        } else if index + 1 < bytes.count, bytes[index + 1] == byte {
          cell.append(byte)
          index += 1
        } else {
          isQuoted = false
        }
      } else if byte == UInt8(ascii: "\"") {
        isQuoted = true
      } else if byte == UInt8(ascii: ",") || byte == 0x0A {
        row.append(String(decoding: cell, as: UTF8.self))
        cell = []
        if byte == 0x0A {
          rows.append(row)
          row = []
        }
      } else if byte != 0x0D {
        cell.append(byte)
      }
      index += 1
    }
    return rows
  }

  private static let tables: [(name: String, render: @Sendable (AnalysisReport) -> [UInt8])] = [
    ("segments", CSVReport.segments), ("connections", CSVReport.connections), ("events", CSVReport.events),
    ("nat", CSVReport.addresses),
  ]

  @Test(arguments: ExampleReports.all)
  func `every row has the columns of the header, and every line ends in CR LF`(_ example: ExampleReports.Example) {
    for table in Self.tables {
      let bytes = table.render(example.report)
      let rows = parse(bytes)
      #expect(rows.allSatisfy { $0.count == rows[0].count }, "\(table.name)")
      #expect(bytes.suffix(2) == [0x0D, 0x0A])
    }
  }

  @Test func `rows are those of the report`() throws {
    let report = ExampleReports.firewallLoss
    #expect(parse(CSVReport.segments(report)).count == 1 + 2 * report.segments.count)
    #expect(parse(CSVReport.connections(report)).count == 1 + report.connections.count)
    #expect(parse(CSVReport.events(report)).count == 1 + report.events.count)
    #expect(parse(CSVReport.addresses(report)).count == 1 + report.connections.reduce(0) { $0 + $1.legs.count })
    let drop = parse(CSVReport.events(report))[1]
    #expect(drop.prefix(6) == ["drop", "fw1-in", "fw1-out", "", "c2s", "1"])
    #expect(drop[7...9] == ["fw1-in", "captures/fw1-in.pcap", "113"])
    #expect(drop.last == "never seen at fw1-out; sent again 1.02 s later")
  }

  @Test func `text that a spreadsheet would execute is defused, and read back as it is otherwise`() {
    let cells = parse(CSVReport.addresses(HostileReport.report)).flatMap { $0 }
    #expect(cells.contains("'=HYPERLINK(\"http://x\",\"y\")") && cells.contains("'-1+cmd|' /C calc'!A0"))
    #expect(cells.contains("<img src=x onerror=hostile()>"))
    #expect(!cells.contains { $0.hasPrefix("=") || $0.hasPrefix("-") || $0.hasPrefix("+") || $0.hasPrefix("@") })
    #expect(cells.contains("\\u{202E}gnp.exe\\u{1B}[31m"))
  }

  @Test func `the difference of two points is as harmless`() {
    let report = HostileReport.report
    let difference = PointDifference(report, 0, report.points.count - 1)
    let cells = parse(DifferenceCSV.render(difference, of: report)).flatMap { $0 }
    #expect(cells.contains("'=HYPERLINK(\"http://x\",\"y\")"))
    #expect(!cells.contains { $0.hasPrefix("=") || $0.hasPrefix("+") || $0.hasPrefix("@") || $0.contains("\u{1B}") })
  }

  @Test func `a negative number stays a number`() {
    var report = ExampleReports.firewallLoss
    report.segments[0].clientToServer.delay?.minNS = -1_200
    #expect(parse(CSVReport.segments(report))[1][19] == "-1200")
  }
}
