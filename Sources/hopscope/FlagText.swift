import Packets
import StreamAnalysis

/// `hopscope flags --format text`: a line for each frame, in the words that Wireshark shows, and a line of counts.
struct FlagText {
  private let path: String
  private let endpoints: [StreamEndpoints]
  private let firstNS: Int64
  private let summary: String

  private static let directionColumn = 29
  private static let wordsColumn = 78

  init(path: String, reading: borrowing FlagsReading) {
    self.path = path
    endpoints = reading.endpoints
    firstNS = reading.firstNS
    summary = "\(reading.frames) frames, \(reading.segments) of TCP in \(reading.streams) streams"
  }

  func write(_ rows: [FlagRow], to output: inout OutputBuffer) {
    output.append(string: "\(path): \(summary), \(rows.count { !$0.analysis.flags.isEmpty }) with a flag")
    output.endLine()
    guard !rows.isEmpty else { return }
    output.append("   frame          time s stream  direction")
    output.append(string: String(repeating: " ", count: Self.wordsColumn - 41))
    output.append("what")
    output.endLine()
    for row in rows { write(row, to: &output) }
    writeCounts(rows, to: &output)
  }

  private func write(_ row: FlagRow, to output: inout OutputBuffer) {
    let start = output.count
    output.append(row.frame, width: 8)
    output.append(" " as Unicode.Scalar)
    let elapsed = row.timeNS &- firstNS
    output.append((elapsed < 0 ? "-" : " ") as Unicode.Scalar)
    output.append(elapsed.magnitude / 1_000_000_000, width: 7)
    output.append("." as Unicode.Scalar)
    output.append((elapsed.magnitude % 1_000_000_000) / 1000, width: 6, fill: "0")
    output.append(" " as Unicode.Scalar)
    output.append(row.stream, width: 6)
    output.pad(from: start, to: Self.directionColumn + 3)
    let ends = row.ends(endpoints)
    output.append(ends.source)
    output.append(" > ")
    output.append(ends.destination)
    output.pad(from: start, to: Self.wordsColumn)
    row.writeWords(to: &output)
    output.endLine()
  }

  private func writeCounts(_ rows: [FlagRow], to output: inout OutputBuffer) {
    let counts = AnalysisFlags.named.compactMap { flag, name in
      let count = rows.count { $0.analysis.flags.contains(flag) }
      return count == 0 ? nil : "\(count) \(name)"
    }
    guard !counts.isEmpty else { return }
    output.endLine()
    output.append(string: counts.joined(separator: ", "))
    output.endLine()
  }
}
