import Testing
import Verdicts

@testable import Findings

/// What is known only between distant points belongs to the one narrow segment within that shows the same.
@Suite struct FoldingTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    /// Nearer point, farther point, packets.
    var found: [(Int, Int, Int)]
    var folded: [(Int, Int, Int)]
  }

  private static let cases = [
    Case(
      testDescription: "segments beside one another stay", found: [(0, 1, 5), (1, 2, 3)],
      folded: [(0, 1, 5), (1, 2, 3)]),
    Case(
      testDescription: "a wider one goes to the only one within", found: [(0, 3, 1), (1, 2, 3)], folded: [(1, 2, 4)]),
    Case(
      testDescription: "several wider ones, each within the next, go to the narrowest",
      found: [(0, 5, 1), (0, 6, 2), (4, 5, 70)], folded: [(4, 5, 73)]),
    Case(
      testDescription: "a wider one that has two within stays, as nothing tells which it was",
      found: [(0, 3, 1), (0, 1, 2), (2, 3, 3)], folded: [(0, 1, 2), (0, 3, 1), (2, 3, 3)]),
    Case(
      testDescription: "ones that overlap only in part stay", found: [(0, 2, 1), (1, 3, 1)],
      folded: [(0, 2, 1), (1, 3, 1)]),
  ]

  @Test(arguments: cases) func `what a capture in between lacks is told where it is known best`(_ one: Case) {
    var found: [PointPair: [Int]] = [:]
    for (near, far, packets) in one.found { found[PointPair(near, far)] = Array(repeating: 0, count: packets) }
    let folded = CaseFile.folded(found).map { ($0.key.near, $0.key.far, $0.value.count) }
    #expect(folded.elementsEqual(one.folded, by: ==))
  }
}
