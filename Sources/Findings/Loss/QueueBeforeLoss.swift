import Correlation
import Verdicts

/// How long packets took just before others were lost, against how long they take otherwise.
struct QueueBeforeLoss {
  /// The least delay, the median of all, and the median just before losses; in nanoseconds above the least.
  private let usualNS: Int64
  private let beforeLossNS: Int64
  private let measured: Int

  /// Delays further from a loss than this say nothing of it, in nanoseconds.
  private static let nearNS: Int64 = 100_000_000
  /// A rise of less is no queue, in nanoseconds.
  private static let leastRiseNS: Int64 = 5_000_000
  private static let fewest = 10

  init?(_ sample: LossSample, _ file: CaseFile) {
    guard let position = sample.lost.first?.upstream?.position else { return nil }
    let offset = file.clocks.between(sample.pair)?.offset ?? { _ in 0 }
    let delays = file.tally.timedDelays(sample.pair, towardsFar: position == sample.pair.near, offset: offset)
    guard let least = delays.map(\.delayNS).min() else { return nil }
    var before: [Int64] = []
    for event in sample.lost {
      let place = Self.last(in: delays, before: event.time)
      guard place >= 0, event.time - delays[place].sentNS <= Self.nearNS else { continue }
      before.append(delays[place].delayNS - least)
    }
    guard before.count >= Self.fewest, before.count * 2 >= sample.lost.count else { return nil }
    let all = delays.map { $0.delayNS - least }.sorted()
    before.sort()
    usualNS = all[all.count / 2]
    beforeLossNS = before[before.count / 2]
    measured = before.count
  }

  private static func last(in delays: [(sentNS: Int64, delayNS: Int64)], before time: Int64) -> Int {
    var (low, high) = (0, delays.count)
    while low < high {
      let middle = (low + high) / 2
      if delays[middle].sentNS < time { low = middle + 1 } else { high = middle }
    }
    return low - 1
  }

  /// Whether the delay rises before losses, as in front of a queue that overflows.
  var isFilled: Bool { beforeLossNS >= Self.leastRiseNS && beforeLossNS >= 2 * usualNS }

  /// The numbers in a sentence.
  var words: String {
    let numbers =
      "Just before \(measured) of the losses packets took \(Milliseconds.text(beforeLossNS)) more than the fastest (in the "
      + "middle), \(Milliseconds.text(usualNS)) otherwise"
    if isFilled { return numbers + ": the losses come when the queue is full." }
    return beforeLossNS < Self.leastRiseNS
      ? numbers + ": no queue was filling, so think of a policer or a failing link rather than a full buffer."
      : numbers + "."
  }
}
