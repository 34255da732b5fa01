/// Text in which there may be names from captures, for a terminal.
public enum TerminalText {
  /// The text with everything that could move the cursor, or hide, spelled out as `\u{1B}`, ends of lines too.
  public static func harmless(_ text: String) -> String { Line.printable(text) }
}
