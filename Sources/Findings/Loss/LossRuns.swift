/// How the losses of a segment stand among the other packets: in runs, or each for itself (Wald and Wolfowitz 1940).
struct LossRuns {
  /// Runs of losses that stand side by side.
  let runs: Int
  /// Packets in the longest run.
  let longest: Int
  /// Runs that independent losses would stand in.
  let expectedRuns: Double
  /// How far the runs are from that, in standard deviations; negative if there are fewer.
  let deviation: Double
  private let losses: Double
  private let deliveries: Double

  /// Counts runs, one packet after the other.
  struct Counter {
    private(set) var packets = 0
    fileprivate private(set) var lost = 0
    fileprivate private(set) var runs = 0
    fileprivate private(set) var longest = 0
    private var length = 0

    /// Takes the next packet.
    @inline(__always)
    mutating func add(isLost: Bool) {
      packets += 1
      guard isLost else {
        length = 0
        return
      }
      lost += 1
      length += 1
      if length == 1 { runs += 1 }
      longest = max(longest, length)
    }
  }

  /// The runs of packets that were counted in their order; `nil` without two losses and a delivered packet.
  init?(_ counter: Counter) {
    guard counter.lost > 1, counter.lost < counter.packets else { return nil }
    runs = counter.runs
    longest = counter.longest
    losses = Double(counter.lost)
    deliveries = Double(counter.packets - counter.lost)
    let total = losses + deliveries
    expectedRuns = losses * (deliveries + 1) / total
    let variance =
      losses * (losses - 1) * deliveries * (deliveries + 1) / (total * total * (total - 1))
    deviation = variance > 0 ? (Double(runs) - expectedRuns) / variance.squareRoot() : 0
  }

  /// Mean length of a run in packets.
  var meanLength: Double { losses / Double(max(1, runs)) }
  /// Share of the delivered packets that a run of losses follows.
  var intoLoss: Double { Double(runs) / max(1, deliveries) }
  /// Share of the lost packets that end their run.
  var outOfLoss: Double { Double(runs) / max(1, losses) }
  /// Whether losses surely stand together: 1 in 30,000 by chance.
  var isBursty: Bool { deviation < -4 && meanLength >= 1.5 }
  /// Whether nothing speaks against independent losses.
  var isIndependent: Bool { abs(deviation) < 2 }
}
