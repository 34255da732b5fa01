import Foundation
import Reports
import Verdicts

/// Reports with any text and numbers, in every format: valid, and nothing in them is more than text.
enum ReportsTarget {
  static func run(_ feed: Feed) {
    var feed = feed
    check(HostileReport.make(&feed))
  }

  static func check(_ report: AnalysisReport) {
    let json = JSONReport.render(report)
    requireJSON(json, "the JSON report")
    for line in JSONLinesReport.events(report).split(separator: 0x0A) { requireJSON(Array(line), "an event") }
    requireHarmless(TextReport.render(report, style: TextStyle(width: 80)), "the text")
    requireHarmless(MarkdownReport.render(report), "the Markdown")
    requireCells(CSVReport.segments(report))
    requireCells(CSVReport.connections(report))
    requireCells(CSVReport.events(report))
    requireCells(CSVReport.addresses(report))
    requireMarkup(HTMLReport.render(report))
  }

  private static func requireJSON(_ bytes: [UInt8], _ what: String) {
    require((try? JSONSerialization.jsonObject(with: Data(bytes))) != nil, "\(what) is not JSON")
    require(!bytes.contains { $0 < 0x20 && $0 != 0x0A }, "\(what) holds control characters")
  }

  /// Nothing that moves a cursor or turns the direction of text.
  private static func requireHarmless(_ bytes: [UInt8], _ what: String) {
    for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars where scalar != "\n" {
      switch scalar.value {
      case 0..<0x20, 0x7F..<0xA0, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069:
        require(false, "\(what) holds U+\(String(scalar.value, radix: 16))")
      default: break
      }
    }
  }

  /// Every cell that begins like a formula is a number.
  private static func requireCells(_ bytes: [UInt8]) {
    var (cell, isQuoted) = ([UInt8](), false)
    for byte in bytes {
      if byte == UInt8(ascii: "\"") {
        isQuoted.toggle()
      } else if isQuoted || ![UInt8(ascii: ","), 0x0D, 0x0A].contains(byte) {
        cell.append(byte)
      } else {
        if let first = cell.first, "=+-@\t\r\n".utf8.contains(first) {
          require(Double(String(decoding: cell, as: UTF8.self)) != nil, "a cell is \(cell)")
        }
        cell = []
      }
    }
    require(!isQuoted, "a quotation mark stays open")
  }

  private static let emptyMarks = marks(HTMLReport.render(HostileReport.plain))

  /// As many elements as in a page about a report without any text from outside.
  private static func requireMarkup(_ bytes: [UInt8]) {
    let found = marks(bytes)
    require(found == emptyMarks, "\(found) scripts instead of \(emptyMarks)")
  }

  private static func marks(_ bytes: [UInt8]) -> [Int] {
    let page = String(decoding: bytes, as: UTF8.self).lowercased()
    return ["<script", "</script", "<!--", "<img", "onerror="].map { page.components(separatedBy: $0).count - 1 }
  }
}
