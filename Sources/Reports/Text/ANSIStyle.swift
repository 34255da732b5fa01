/// What a piece of text means to the eye.
///
/// Why no package does this: `docs/decisions/0005-colour.md`.
enum ANSIStyle {
  /// As the terminal has it.
  case plain
  /// A heading, or what must be read first.
  case strong
  /// There when looked for.
  case faint
  /// Something broke.
  case fault
  /// Something needs a look.
  case warning
  /// All is well.
  case good

  /// The parameters of Select Graphic Rendition (ECMA-48 section 8.3.117); `nil` for plain text.
  ///
  /// Only the eight basic colours, which every terminal maps to something that can be read on its background.
  private var parameters: String? {
    switch self {
    case .plain: nil
    case .strong: "1"
    case .faint: "2"
    case .fault: "1;31"
    case .warning: "33"
    case .good: "32"
    }
  }

  /// Appends the text to the output, between escape codes if colour is on.
  func write(_ text: String, colour: Bool, to output: inout [UInt8]) {
    guard colour, let parameters, !text.isEmpty else {
      output.append(contentsOf: text.utf8)
      return
    }
    output.append(contentsOf: "\u{1B}[\(parameters)m".utf8)
    output.append(contentsOf: text.utf8)
    output.append(contentsOf: "\u{1B}[0m".utf8)
  }
}
