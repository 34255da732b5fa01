import TestSupport
import Testing

@testable import Matching

/// Local connections that share a key.
@Suite struct SameKeysTests {
  @Test(arguments: [0, 1, 2, 50, 3000])
  func `every key that several have gives one set, in the order of adding`(_ count: Int) {
    var random = SplitMix64(seed: UInt64(count))
    let keys = (0..<count).map { _ in random.next() % UInt64(count) &* 0x1_0000_0001 }
    var same = SameKeys(room: count)
    for (place, key) in keys.enumerated() { same.add(key, LocalConnection(point: 0, connection: Int32(place))) }
    var sets: [[Int]] = []
    same.forEachSet { sets.append($0) }
    let expected = Dictionary(grouping: keys.indices, by: { keys[$0] }).values.filter { $0.count > 1 }
    #expect(Set(sets) == Set(expected) && sets.count == expected.count)
    #expect(same.locals.map(\.connection) == (0..<Int32(count)).map(\.self))
  }

  @Test func `one key of all is one set`() {
    var same = SameKeys(room: 100_000)
    for place in 0..<100_000 { same.add(7, LocalConnection(point: 0, connection: Int32(place))) }
    var sets: [[Int]] = []
    same.forEachSet { sets.append($0) }
    #expect(sets == [Array(0..<100_000)])
  }
}
