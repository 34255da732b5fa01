import Testing

@testable import StreamAnalysis

/// Acknowledgements after a timeout that repeated bytes 0 to 99, with all up to 1000 in flight.
struct TimeoutWatchTests {
  private func outcomes(_ numbers: [UInt32], largest: UInt32 = 100) -> [TimeoutWatch.Outcome] {
    var watch = TimeoutWatch(index: 0, start: 0, end: 100, sentEnd: 1000, largest: largest)
    return numbers.map { watch.acknowledge($0) }
  }

  @Test(arguments: [200, 300, 1000, 2000] as [UInt32])
  func `the second one that moves on takes bytes that were sent once, in flight or new`(second: UInt32) {
    #expect(outcomes([100, second]) == [.open, .spurious])
  }

  @Test(arguments: [201, 1000] as [UInt32])
  func `a first one that jumps, or takes all, decides nothing`(first: UInt32) {
    #expect(outcomes([first]) == [.undecided])
  }

  @Test func `segments may claim any length`() {
    #expect(outcomes([900, 1000], largest: .max) == [.open, .spurious])
  }
}
