/// Differences between the times of packets at two points: a sample of them, and the fastest packet of each slice of time.
///
/// What is kept does not depend on the order in which packets are added, so that parts may be added up: the sample is
/// chosen by a hash of the packet's time, more sparsely the more packets there are, and the slices are as narrow as their
/// number allows. Bounds on the clocks rest on the fastest packets.
struct TimeDifferences: Sendable {
  struct Sample: Sendable, Equatable {
    /// Time at the point nearer to the client, in nanoseconds by its clock.
    var nearNS: Int64
    /// Time at the point nearer to the server minus ``nearNS``.
    var differenceNS: Int64
  }

  static let mostSamples = 1 << 14
  static let mostSlices = 1 << 11

  /// The sample, in no particular order.
  private(set) var samples: [Sample] = []
  private(set) var count = 0
  /// A packet is in the sample if this many lower bits of its hash are zero.
  private var sparseness: UInt64 = 0
  private var slices: FastestSlices

  init(smallerIsFaster: Bool) {
    slices = FastestSlices(smallerIsFaster: smallerIsFaster)
  }

  /// The fastest packet of each slice of time, by time.
  var fastest: [Sample] { slices.samples }

  mutating func add(_ times: Span<Sample>) {
    count += times.count
    for place in times.indices where Self.isChosen(times[place], sparseness) { keep(times[place]) }
    slices.add(times)
  }

  /// Adds what was counted elsewhere.
  mutating func merge(_ other: TimeDifferences) {
    count += other.count
    while sparseness < other.sparseness { thin() }
    for sample in other.samples where Self.isChosen(sample, sparseness) { keep(sample) }
    slices.merge(other.slices)
  }

  @inline(__always)
  private static func isChosen(_ sample: Sample, _ sparseness: UInt64) -> Bool {
    let bits = UInt64(bitPattern: sample.nearNS &* 31 &+ sample.differenceNS) &* 0x9E37_79B9_7F4A_7C15
    return (bits >> 40) & ((1 << sparseness) &- 1) == 0
  }

  @inline(never)
  private mutating func keep(_ sample: Sample) {
    samples.append(sample)
    while samples.count >= Self.mostSamples, sparseness < 24 { thin() }
  }

  private mutating func thin() {
    sparseness += 1
    let sparseness = sparseness
    samples.removeAll { !Self.isChosen($0, sparseness) }
  }
}

/// The fastest packet of each slice of time, in a hash table of its own: it is asked for every packet.
struct FastestSlices: Sendable {
  /// Width of a slice as a power of two of nanoseconds: about 67 ms at first, doubled as slices become too many.
  private var shift: Int64 = 26
  /// Packets from before and after a clock was set do not share a slice: differences are cut at this power of two.
  private static let offsetShift: Int64 = 28
  private static let capacity = TimeDifferences.mostSlices * 2

  /// Whether a smaller difference means a faster packet: away from the near point it does.
  private let smallerIsFaster: Bool
  private var table: [TimeDifferences.Sample] = []
  private static let unused = TimeDifferences.Sample(nearNS: .min, differenceNS: 0)
  private var count = 0

  init(smallerIsFaster: Bool) { self.smallerIsFaster = smallerIsFaster }

  /// The fastest packets, by time.
  var samples: [TimeDifferences.Sample] {
    table.filter { $0.nearNS != Self.unused.nearNS }.sorted {
      ($0.nearNS, $0.differenceNS) < ($1.nearNS, $1.differenceNS)
    }
  }

  mutating func add(_ samples: Span<TimeDifferences.Sample>) {
    if table.isEmpty { table = Array(repeating: Self.unused, count: Self.capacity) }
    var added = 0
    while added < samples.count {
      added += Self.addWhileFew(
        samples.extracting(added..<samples.count), shift: shift, smallerIsFaster: smallerIsFaster, to: &table, &count)
      if count > TimeDifferences.mostSlices { widen(to: shift + 1) }
    }
  }

  mutating func merge(_ other: FastestSlices) {
    if other.shift > shift { widen(to: other.shift) }
    add(other.samples.span)
  }

  /// Adds samples until there are too many slices, and returns how many it added.
  private static func addWhileFew(
    _ samples: Span<TimeDifferences.Sample>, shift: Int64, smallerIsFaster: Bool,
    to table: inout [TimeDifferences.Sample], _ count: inout Int
  ) -> Int {
    var slices = table.mutableSpan
    for index in samples.indices {
      let sample = samples[index]
      let time = sample.nearNS >> shift
      let offset = sample.differenceNS >> offsetShift
      var place = self.place(time, offset)
      while true {
        let held = slices[place]
        if held.nearNS == unused.nearNS {
          slices[place] = sample
          count += 1
          if count > TimeDifferences.mostSlices { return index + 1 }
          break
        }
        if held.nearNS >> shift == time, held.differenceNS >> offsetShift == offset {
          if isFaster(sample, held, smallerIsFaster) { slices[place] = sample }
          break
        }
        place = (place + step(time, offset)) & (capacity - 1)
      }
    }
    return samples.count
  }

  /// Equally fast packets are told apart, so that the order of adding does not matter.
  @inline(__always)
  private static func isFaster(
    _ sample: TimeDifferences.Sample, _ held: TimeDifferences.Sample, _ smallerIsFaster: Bool
  ) -> Bool {
    if sample.differenceNS == held.differenceNS { return sample.nearNS < held.nearNS }
    return (sample.differenceNS < held.differenceNS) == smallerIsFaster
  }

  /// Slices that follow one another stand side by side, as the packets of a connection come by time.
  @inline(__always)
  private static func place(_ time: Int64, _ offset: Int64) -> Int {
    Int(truncatingIfNeeded: time &+ offset &* 0x9E37_79B9) & (capacity - 1)
  }

  /// From a place that is taken to the next one to look at: odd, so that all are reached, and unlike that of neighbours.
  @inline(__always)
  private static func step(_ time: Int64, _ offset: Int64) -> Int {
    let bits = UInt64(bitPattern: time &* 31 &+ offset) &* 0x9E37_79B9_7F4A_7C15
    return Int(truncatingIfNeeded: bits >> 40) & (capacity - 1) | 1
  }

  @inline(never)
  private mutating func widen(to shift: Int64) {
    let held = samples
    self.shift = shift
    count = 0
    for place in table.indices { table[place] = Self.unused }
    add(held.span)
  }
}
