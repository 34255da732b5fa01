import Testing

@testable import Reports

@Suite struct WrappingTests {
  @Test func `a number stays with its unit`() {
    let lines = Wrapping.lines("lost 1.0 % in 31.2 s)", width: 7)
    #expect(lines.map { $0.text } == ["lost", "1.0 %", "in", "31.2 s)"])
  }

  @Test func `line feeds and runs of spaces are one space`() {
    #expect(Wrapping.lines("a\n\n b\tc", width: 80).map { $0.text } == ["a b c"])
    #expect(Wrapping.lines("", width: 80).isEmpty)
  }

  @Test func `a label hangs in front of its text`() {
    let lines = Wrapping.hanging(Line("what"), Wrapping.lines("one two", width: 3), column: 6)
    #expect(lines.map { $0.text } == ["what  one", "      two"])
  }

  @Test(arguments: 1...200)
  func `no line is too wide unless it is one word, and no word is lost`(_ seed: UInt64) {
    var random = SplitMix(state: seed)
    let words = (0..<40).map { _ in String(repeating: "x", count: Int(random.next() % 24) + 1) }
    let width = Int(random.next() % 60) + 1
    let lines = Wrapping.lines(words.joined(separator: " "), width: width).map { $0.text }
    #expect(lines.allSatisfy { $0.count <= width || !$0.contains(" ") })
    #expect(lines.joined(separator: " ").split(separator: " ").map(String.init) == words)
    // Greedy: the first word of a line would not have fitted on the line before.
    for (one, next) in zip(lines, lines.dropFirst()) {
      #expect(one.count + 1 + next.prefix { $0 != " " }.count > width)
    }
  }
}

/// A random number generator that gives the same numbers for the same seed (Steele, Lea, Flood 2014).
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

extension Line {
  /// What is seen of this line.
  var text: String { runs.map(\.text).joined() }
}
