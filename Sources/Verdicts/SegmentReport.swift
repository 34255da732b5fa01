/// The ledgers of one segment, one for each direction.
public struct SegmentReport: Sendable, Equatable {
  /// The two points.
  public var between: PointPair
  /// Name of the box whose two sides these points are; `nil` for a link, or where that is not known.
  public var inside: String?
  /// Packets from clients to servers.
  public var clientToServer: SegmentLedger
  /// Packets from servers to clients.
  public var serverToClient: SegmentLedger

  /// A segment with these ledgers.
  public init(
    between: PointPair, inside: String?, clientToServer: SegmentLedger, serverToClient: SegmentLedger
  ) {
    self.between = between
    self.inside = inside
    self.clientToServer = clientToServer
    self.serverToClient = serverToClient
  }

  /// The ledger of one direction.
  public subscript(direction: Direction) -> SegmentLedger {
    get { direction == .clientToServer ? clientToServer : serverToClient }
    set {
      if direction == .clientToServer { clientToServer = newValue } else { serverToClient = newValue }
    }
  }
}

/// The fates of the packets of one direction on one segment.
///
/// `offered = delivered + lost + notCaptured + outsideCoverage + undecided`.
public struct SegmentLedger: Sendable, Equatable {
  /// Packets at the upstream point.
  public var offered = 0
  /// Of these, seen at the downstream point.
  public var delivered = 0
  /// Of these, lost between the two.
  public var lost = 0
  /// Payload bytes of the lost packets.
  public var lostBytes = 0
  /// Of these, passed the downstream point but missing from its capture.
  public var notCaptured = 0
  /// Of these, outside the time that the downstream capture covers.
  public var outsideCoverage = 0
  /// Of these, those whose fate the evidence does not decide.
  public var undecided = 0
  /// Packets that arrived after one that was sent later (RFC 4737, type-P-reordered).
  public var reordered = 0
  /// Further copies that appeared on the segment.
  public var duplicated = 0
  /// Packets changed so that their checksum no longer holds.
  public var corrupted = 0
  /// Packets that first appear on the segment.
  public var injected = 0
  /// Packets changed in a way that harms or varies.
  public var rewritten = 0
  /// One-way delay; `nil` where the clocks do not allow it.
  public var delay: DelaySummary?

  /// An empty ledger.
  public init() {}

  /// Adds the counts of another ledger; the delay is left alone.
  public mutating func add(_ other: SegmentLedger) {
    offered += other.offered
    delivered += other.delivered
    lost += other.lost
    lostBytes += other.lostBytes
    notCaptured += other.notCaptured
    outsideCoverage += other.outsideCoverage
    undecided += other.undecided
    reordered += other.reordered
    duplicated += other.duplicated
    corrupted += other.corrupted
    injected += other.injected
    rewritten += other.rewritten
  }

  /// Packets whose fate is known: delivered or lost.
  public var decided: Int { delivered + notCaptured + lost }
  /// Share of the packets of known fate that were lost, 0 to 1; `nil` without any.
  public var lossRatio: Double? { decided == 0 ? nil : Double(lost) / Double(decided) }
  /// 95 % interval of the loss ratio; `nil` without packets of known fate.
  public var lossInterval: WilsonInterval? { WilsonInterval(hits: lost, of: decided) }
}

/// One-way delay on a segment, in nanoseconds.
public struct DelaySummary: Sendable, Equatable {
  /// The smallest.
  public var minNS: Int64
  /// The median.
  public var p50NS: Int64
  /// The 95th percentile.
  public var p95NS: Int64
  /// The 99th percentile.
  public var p99NS: Int64
  /// The largest.
  public var maxNS: Int64
  /// Every one of them may be off by this much, the error bound of the two clocks against each other.
  public var errorNS: Int64

  /// A summary of these values.
  public init(minNS: Int64, p50NS: Int64, p95NS: Int64, p99NS: Int64, maxNS: Int64, errorNS: Int64) {
    self.minNS = minNS
    self.p50NS = p50NS
    self.p95NS = p95NS
    self.p99NS = p99NS
    self.maxNS = maxNS
    self.errorNS = errorNS
  }
}

/// A 95 % confidence interval of a proportion (Wilson 1927).
public struct WilsonInterval: Sendable, Equatable {
  /// Lower end, 0 to 1.
  public var low: Double
  /// Upper end, 0 to 1.
  public var high: Double

  /// The interval for `hits` out of `count` trials; `nil` without a trial.
  public init?(hits: Int, of count: Int) {
    guard count > 0 else { return nil }
    let z = 1.959963984540054
    let n = Double(count)
    let share = Double(hits) / n
    let scale = 1 / (1 + z * z / n)
    let middle = scale * (share + z * z / (2 * n))
    let reach = scale * z * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot()
    low = hits == 0 ? 0 : max(0, middle - reach)
    high = hits == count ? 1 : min(1, middle + reach)
  }
}
