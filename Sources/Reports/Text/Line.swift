/// One line of a text report: pieces of text with their styles.
///
/// All text of a report passes through here, so that a name with control characters in it cannot reach the terminal,
/// and widths are counted on what is seen, never on escape codes.
struct Line {
  /// A stretch of one style.
  struct Run {
    var text: String
    var style: ANSIStyle
  }

  private(set) var runs: [Run] = []
  /// Columns, counted as one for each Unicode scalar.
  private(set) var width = 0

  static let empty = Line()

  init() {}

  init(_ text: String, _ style: ANSIStyle = .plain) {
    append(text, style)
  }

  mutating func append(_ text: String, _ style: ANSIStyle = .plain) {
    let shown = Self.printable(text)
    guard !shown.isEmpty else { return }
    append(Run(text: shown, style: style))
    width += shown.unicodeScalars.count
  }

  mutating func append(_ other: Line) {
    for run in other.runs { append(run) }
    width += other.width
  }

  /// Neighbours of one style become one run, so that a coloured sentence has two escape codes and not two a word.
  private mutating func append(_ run: Run) {
    if runs.last?.style == run.style {
      runs[runs.count - 1].text += run.text
    } else {
      runs.append(run)
    }
  }

  static func + (left: Line, right: Line) -> Line {
    var line = left
    line.append(right)
    return line
  }

  /// This line behind so many spaces.
  func indented(_ columns: Int) -> Line { Line(String(repeating: " ", count: columns)) + self }

  /// This line filled up with spaces.
  func padded(to columns: Int, right: Bool) -> Line {
    let fill = Line(String(repeating: " ", count: max(0, columns - width)))
    return right ? fill + self : self + fill
  }

  /// This line cut to so many columns, with an ellipsis for what is cut.
  func clipped(to columns: Int) -> Line {
    guard width > columns else { return self }
    var line = Line()
    for run in runs where line.width < columns {
      let room = columns - line.width
      let scalars = run.text.unicodeScalars
      line.append(scalars.count <= room ? run.text : String(scalars.prefix(room - 1)) + "…", run.style)
    }
    return line
  }

  /// This line without spaces at its end.
  var trimmed: Line {
    var runs = runs
    while var last = runs.popLast() {
      while last.text.hasSuffix(" ") { last.text.removeLast() }
      guard last.text.isEmpty else {
        runs.append(last)
        break
      }
    }
    return runs.reduce(into: Line()) { $0.append($1.text, $1.style) }
  }

  /// The text with everything that could move the cursor, or hide, spelled out as `\u{1B}`.
  static func printable(_ text: String, keepingLines: Bool = false) -> String {
    func isHarmless(_ scalar: Unicode.Scalar) -> Bool { Self.isHarmless(scalar) || (keepingLines && scalar == "\n") }
    guard !text.unicodeScalars.allSatisfy(isHarmless) else { return text }
    var shown = ""
    for scalar in text.unicodeScalars {
      if isHarmless(scalar) {
        shown.unicodeScalars.append(scalar)
      } else {
        shown += "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
      }
    }
    return shown
  }

  private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
    if (0x20..<0x7F).contains(scalar.value) { return true }
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse: return false
    default: return true
    }
  }
}
