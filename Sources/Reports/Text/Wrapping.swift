/// Breaks text into lines.
enum Wrapping {
  /// The words of a text in lines of at most so many columns; a longer word gets a line of its own.
  ///
  /// White space of every kind, line feeds included, separates words.
  static func lines(_ text: String, _ style: ANSIStyle = .plain, width: Int) -> [Line] {
    pack(words(text, style), between: Line(" ", style), width: width)
  }

  /// The words of a text; a number and its unit are one.
  static func words(_ text: String, _ style: ANSIStyle) -> [Line] {
    var words: [String] = []
    for word in text.unicodeScalars.split(whereSeparator: \.properties.isWhitespace).map(String.init) {
      if let last = words.last?.last, last.isNumber, units.contains(word.filter { !$0.isPunctuation || $0 == "%" }) {
        words[words.count - 1] += " " + word
      } else {
        words.append(word)
      }
    }
    return words.map { Line($0, style) }
  }

  private static let units: Set = ["%", "ns", "µs", "ms", "s", "ppm"]

  /// The pieces in lines of at most so many columns, with a separator between pieces of one line.
  static func pack(_ pieces: [Line], between separator: Line, width: Int) -> [Line] {
    var lines: [Line] = []
    for piece in pieces {
      if let last = lines.last, last.width + separator.width + piece.width <= width {
        lines[lines.count - 1] = last + separator + piece
      } else {
        lines.append(piece)
      }
    }
    return lines
  }

  /// A label in front of wrapped text, which hangs in a column of its own.
  static func hanging(_ label: Line, _ body: [Line], column: Int) -> [Line] {
    body.enumerated().map { index, line in
      index == 0 ? label.padded(to: column, right: false) + line : line.indented(column)
    }
  }
}
