/// How long packets took over one segment in one direction, as counts in classes of equal width.
public struct DelayHistogram: Sendable, Equatable {
  /// The segment.
  public var between: PointPair
  /// The direction.
  public var direction: Direction
  /// Lower end of the first class, in nanoseconds.
  public var lowNS: Int64
  /// Width of a class in nanoseconds, at least 1.
  public var widthNS: Int64
  /// Packets in each class.
  public var counts: [Int]
  /// Packets that took longer than the last class says.
  public var longer: Int
  /// Packets that were measured; of long captures every second, fourth, ….
  public var sampled: Int
  /// The delays that so many hundredths of the packets stay below or reach, in nanoseconds: 0, 1, … 100; ascending.
  public var percentilesNS: [Int64]

  /// The histogram of these delays in nanoseconds, ascending; `nil` without any.
  ///
  /// The classes reach up to the 99th percentile, so that a few late packets do not squeeze the others into one class.
  public init?(between: PointPair, direction: Direction, sortedNS delays: [Int64], classes: Int) {
    guard let least = delays.first, classes > 0 else { return nil }
    self.between = between
    self.direction = direction
    let most = delays[min(delays.count - 1, delays.count * 99 / 100)]
    lowNS = least
    widthNS = max(1, (most - least) / Int64(classes) + 1)
    sampled = delays.count
    var counts = [Int](repeating: 0, count: classes)
    var longer = 0
    for delay in delays {
      let place = Int((delay - least) / widthNS)
      if place < classes { counts[place] += 1 } else { longer += 1 }
    }
    self.counts = counts
    self.longer = longer
    percentilesNS = (0...100).map { delays[(delays.count - 1) * $0 / 100] }
  }

  /// A histogram of these counts.
  public init(
    between: PointPair, direction: Direction, lowNS: Int64, widthNS: Int64, counts: [Int], longer: Int, sampled: Int,
    percentilesNS: [Int64]
  ) {
    self.between = between
    self.direction = direction
    self.lowNS = lowNS
    self.widthNS = widthNS
    self.counts = counts
    self.longer = longer
    self.sampled = sampled
    self.percentilesNS = percentilesNS
  }
}
