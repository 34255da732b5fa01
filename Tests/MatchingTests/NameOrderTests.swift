import Testing

@testable import Matching

@Suite struct NameOrderTests {
  @Test(
    arguments: [
      ("fw1-out", "fw2-in", 0.15), ("fw2-in", "fw1-out", -0.15), ("2_relay", "10_server", 0.15),
      ("hop7", "hop7", nil), ("client", "server", nil), ("a1", "b2", nil), ("fw", "fw2", nil),
    ] as [(String, String, Double?)])
  func `numbers in names are supposed to rise along the path`(_ one: String, _ other: String, _ lean: Double?) {
    #expect(NameOrder.numbers(one, other) == lean)
  }
}
