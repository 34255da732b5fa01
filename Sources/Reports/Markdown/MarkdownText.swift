/// Makes text safe and plain in Markdown (CommonMark with GitHub's tables).
enum MarkdownText {
  /// Text that shows as it is, whatever characters are in it.
  static func escaped(_ text: String) -> String {
    var shown = ""
    let scalars = Array(Line.printable(text).unicodeScalars)
    for (index, scalar) in scalars.enumerated() {
      if needsEscape(scalar, before: index > 0 ? scalars[index - 1] : nil, after: scalars.dropFirst(index + 1).first) {
        shown += "\\"
      }
      shown.unicodeScalars.append(scalar)
      // A zero-width space keeps `@name` and `#1` from becoming a mention or a link to an issue.
      if scalar == "@" || scalar == "#" { shown += "\u{200B}" }
    }
    return shown
  }

  private static func needsEscape(_ scalar: Unicode.Scalar, before: Unicode.Scalar?, after: Unicode.Scalar?) -> Bool {
    switch scalar {
    case "\\", "`", "*", "[", "]", "<", ">", "|", "~", "&": true
    case "_": !(before.map(isWord) ?? false) || !(after.map(isWord) ?? false)
    default: false
    }
  }

  private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isAlphabetic || "0"..."9" ~= scalar
  }

  /// Text as code, with a fence longer than any in it.
  static func code(_ text: String, inTable: Bool = false) -> String {
    var shown = Line.printable(text)
    // GitHub splits cells before it looks for code.
    if inTable { shown = shown.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|") }
    let longest = shown.split { $0 != "`" }.map(\.count).max() ?? 0
    guard longest > 0 else { return "`" + shown + "`" }
    let fence = String(repeating: "`", count: longest + 1)
    return "\(fence) \(shown) \(fence)"
  }

  /// A table; cells are Markdown already.
  static func table(_ header: [String], right: Set<Int> = [], _ rows: [[String]]) -> [String] {
    let rule = header.indices.map { right.contains($0) ? "---:" : "---" }
    return [header, rule].map(line) + rows.map(line)
  }

  private static func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }
}
