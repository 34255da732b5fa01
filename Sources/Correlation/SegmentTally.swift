public import Verdicts

/// What was counted on one segment.
public struct SegmentTally: Sendable {
  /// Nothing counted yet.
  init() {}

  /// The ledgers; their delays are filled in once the clocks are known.
  public var clientToServer = SegmentLedger()
  /// The ledgers; their delays are filled in once the clocks are known.
  public var serverToClient = SegmentLedger()
  /// The largest payload that got through in each direction, by which a limit of size is told from other losses.
  public internal(set) var largestDelivered: (clientToServer: UInt32, serverToClient: UInt32) = (0, 0)
  /// Times of packets on their way to the far point: smaller differences are faster packets.
  var towardsFar = TimeDifferences(smallerIsFaster: true)
  /// Times of packets on their way to the near point: greater differences are faster packets.
  var towardsNear = TimeDifferences(smallerIsFaster: false)

  /// Whether nothing was counted.
  public var isEmpty: Bool { clientToServer == SegmentLedger() && serverToClient == SegmentLedger() }

  /// When the last packet that was delivered passed the upstream point, by its clock.
  private var lastDelivered: (clientToServer: Int64, serverToClient: Int64) = (.min, .min)

  /// When the last packet that was delivered passed the upstream point, by its clock.
  func lastDelivered(_ direction: Direction) -> Int64 {
    direction == .clientToServer ? lastDelivered.clientToServer : lastDelivered.serverToClient
  }

  /// Packets that set out on the segment and whose arrival nothing acknowledges: those without payload, and datagrams.
  private var unanswered: (clientToServer: Int, serverToClient: Int) = (0, 0)

  /// Packets that set out on the segment and whose arrival nothing acknowledges: those without payload, and datagrams.
  func unanswered(_ direction: Direction) -> Int {
    direction == .clientToServer ? unanswered.clientToServer : unanswered.serverToClient
  }

  /// Counts such packets.
  mutating func addUnanswered(_ direction: Direction, _ packets: Int) {
    if direction == .clientToServer {
      unanswered.clientToServer += packets
    } else {
      unanswered.serverToClient += packets
    }
  }

  /// Counts packets that were delivered, the largest of them with so much payload, the last sent at that time.
  mutating func addDeliveries(_ direction: Direction, _ packets: Int, largest: UInt32, lastNS: Int64) {
    self[direction].delivered += packets
    if direction == .clientToServer {
      lastDelivered.clientToServer = max(lastDelivered.clientToServer, lastNS)
      largestDelivered.clientToServer = max(largestDelivered.clientToServer, largest)
    } else {
      lastDelivered.serverToClient = max(lastDelivered.serverToClient, lastNS)
      largestDelivered.serverToClient = max(largestDelivered.serverToClient, largest)
    }
  }

  /// Adds the times of packets at both points.
  mutating func addTimes(_ times: Span<TimeDifferences.Sample>, towardsFar isTowardsFar: Bool) {
    if isTowardsFar { towardsFar.add(times) } else { towardsNear.add(times) }
  }

  /// Adds what was counted elsewhere on the same segment.
  mutating func merge(_ other: SegmentTally) {
    for direction in Direction.allCases {
      self[direction].add(other[direction])
      let largest =
        direction == .clientToServer ? other.largestDelivered.clientToServer : other.largestDelivered.serverToClient
      addDeliveries(direction, 0, largest: largest, lastNS: other.lastDelivered(direction))
      addUnanswered(direction, other.unanswered(direction))
    }
    towardsFar.merge(other.towardsFar)
    towardsNear.merge(other.towardsNear)
  }

  /// The ledger of one direction.
  public subscript(direction: Direction) -> SegmentLedger {
    get { direction == .clientToServer ? clientToServer : serverToClient }
    _modify {
      if direction == .clientToServer { yield &clientToServer } else { yield &serverToClient }
    }
  }
}
