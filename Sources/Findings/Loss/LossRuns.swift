/// How the losses of a segment stand among the other packets: in runs, or each for itself (Wald and Wolfowitz 1940).
struct LossRuns {
  /// Runs of losses that stand side by side.
  private(set) var runs = 0
  /// Packets in the longest run.
  private(set) var longest = 0
  /// Runs that independent losses would stand in.
  let expectedRuns: Double
  /// How far the runs are from that, in standard deviations; negative if there are fewer.
  let deviation: Double
  private let losses: Double
  private let deliveries: Double

  /// The runs of a sample; `nil` without a delivered packet.
  init?(_ sample: LossSample) { self.init(lost: sample.lostPlaces, of: sample.packets) }

  /// The runs of lost packets, given by their places among all, ascending; `nil` unless there are both.
  init?(lost: [Int], of packets: Int) {
    guard lost.count > 1, lost.count < packets else { return nil }
    var length = 0
    var previous = -2
    for place in lost {
      length = place == previous + 1 ? length + 1 : 1
      if length == 1 { runs += 1 }
      longest = max(longest, length)
      previous = place
    }
    losses = Double(lost.count)
    deliveries = Double(packets - lost.count)
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
