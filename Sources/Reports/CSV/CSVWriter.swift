/// Writes CSV (RFC 4180) that a spreadsheet shows and never executes.
///
/// Lines end in CR LF; a cell with a comma or a quotation mark stands in quotation marks. Text that a spreadsheet would
/// take for a formula gets an apostrophe in front, and control characters are spelled out, as the lines may end on a
/// terminal; numbers stay numbers, negative ones too.
struct CSVWriter {
  /// What is written so far.
  private(set) var bytes: [UInt8] = []

  /// One cell.
  enum Cell {
    case number(String)
    case text(String)
    case empty
  }

  init(header: [String]) {
    row(header.map(Cell.text))
  }

  mutating func row(_ cells: [Cell]) {
    for (index, cell) in cells.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      switch cell {
      case .number(let digits): bytes.append(contentsOf: digits.utf8)
      case .text(let text): append(Self.defused(text))
      case .empty: break
      }
    }
    bytes.append(contentsOf: [0x0D, 0x0A])
  }

  /// The text with an apostrophe in front if its first byte makes a formula of it, or would be skipped to find one.
  private static func defused(_ text: String) -> String {
    guard let first = text.utf8.first, "=+-@\t\r\n".utf8.contains(first) else { return text }
    return "'" + text
  }

  private mutating func append(_ text: String) {
    let text = text.utf8.allSatisfy { (0x20..<0x7F).contains($0) } ? text : Line.printable(text)
    guard text.utf8.contains(where: { ",\"".utf8.contains($0) }) else {
      bytes.append(contentsOf: text.utf8)
      return
    }
    let quote = UInt8(ascii: "\"")
    bytes.append(quote)
    for byte in text.utf8 {
      if byte == quote { bytes.append(quote) }
      bytes.append(byte)
    }
    bytes.append(quote)
  }
}

extension CSVWriter.Cell {
  static func number(_ value: some FixedWidthInteger) -> Self { .number(String(value)) }
  static func number(_ value: (some FixedWidthInteger)?) -> Self { value.map { .number(String($0)) } ?? .empty }
  static func number(_ value: Double?) -> Self { value.flatMap { $0.isFinite ? .number("\($0)") : nil } ?? .empty }
  static func text(_ value: String?) -> Self { value.map { .text($0) } ?? .empty }
  /// A list in one cell.
  static func list(_ values: [String]) -> Self { values.isEmpty ? .empty : .text(values.joined(separator: "; ")) }
}
