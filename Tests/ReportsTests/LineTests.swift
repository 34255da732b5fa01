import Testing

@testable import Reports

@Suite struct LineTests {
  @Test(arguments: [
    ("fw1-in", "fw1-in"), ("\u{1B}[2Jgone", "\\u{1B}[2Jgone"), ("a\nb", "a\\u{A}b"), ("\u{202E}txt", "\\u{202E}txt"),
    ("\u{9B}31m", "\\u{9B}31m"), ("é → 日本", "é → 日本"), ("\u{200B}", "\\u{200B}"),
  ])
  func `what could move the cursor or hide is spelled out`(_ text: String, _ shown: String) {
    let line = Line(text)
    #expect(line.runs.map(\.text).joined() == shown)
    #expect(line.width == shown.unicodeScalars.count)
  }

  @Test func `neighbours of one style are one run`() {
    let line = Line("a", .strong) + Line(" ", .strong) + Line("b") + Line.empty + Line("c")
    #expect(line.runs.map(\.text) == ["a ", "bc"])
    #expect(line.width == 4)
  }

  @Test func `a clipped line has exactly the room that there is`() {
    let line = Line("abc", .strong) + Line("defgh")
    #expect(line.clipped(to: 8).runs.map(\.text).joined() == "abcdefgh")
    #expect(line.clipped(to: 7).runs.map(\.text).joined() == "abcdef…")
    #expect(line.clipped(to: 2).runs.map(\.text).joined() == "a…")
    #expect(line.clipped(to: 7).width == 7)
  }

  @Test func `spaces at the end are trimmed through all runs`() {
    let line = Line("a b ", .strong) + Line("  ", .faint) + Line(" ")
    #expect(line.trimmed.runs.map(\.text) == ["a b"])
    #expect(Line("   ").trimmed.width == 0)
  }
}
