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

  mutating func addDelivery(_ direction: Direction, length: UInt32, timeNS: Int64) {
    if direction == .clientToServer {
      clientToServer.delivered += 1
      lastDelivered.clientToServer = max(lastDelivered.clientToServer, timeNS)
      largestDelivered.clientToServer = max(largestDelivered.clientToServer, length)
    } else {
      serverToClient.delivered += 1
      lastDelivered.serverToClient = max(lastDelivered.serverToClient, timeNS)
      largestDelivered.serverToClient = max(largestDelivered.serverToClient, length)
    }
  }

  /// The ledger of one direction.
  public subscript(direction: Direction) -> SegmentLedger {
    get { direction == .clientToServer ? clientToServer : serverToClient }
    set {
      if direction == .clientToServer { clientToServer = newValue } else { serverToClient = newValue }
    }
  }
}

/// Differences between the times of packets at two points: all of them up to a limit, then every second, fourth, ….
///
/// The smallest of each slice of time is always kept, as bounds on the clocks rest on the fastest packets.
struct TimeDifferences: Sendable {
  struct Sample: Sendable {
    /// Time at the point nearer to the client, in nanoseconds by its clock.
    var nearNS: Int64
    /// Time at the point nearer to the server minus ``nearNS``.
    var differenceNS: Int64
  }

  static let mostSamples = 1 << 15
  /// Width of a slice as a power of two of nanoseconds: about 67 ms at first, doubled as slices become too many.
  private(set) var sliceShift: UInt64 = 26
  static let mostSlices = 1 << 11

  private(set) var samples: [Sample] = []
  private(set) var count = 0
  private var stride = 1
  /// The extreme sample of each slice: the fastest packet.
  private(set) var fastest: [Slice: Sample] = [:]

  /// A slice of time; packets from before and after a clock was set do not share one, even if it was set back.
  struct Slice: Hashable, Sendable {
    var time: Int64
    var offset: Int64
  }
  /// Whether a smaller difference means a faster packet: away from the near point it does.
  private let smallerIsFaster: Bool

  init(smallerIsFaster: Bool) {
    self.smallerIsFaster = smallerIsFaster
  }

  mutating func add(nearNS: Int64, differenceNS: Int64) {
    let sample = Sample(nearNS: nearNS, differenceNS: differenceNS)
    if count % stride == 0 {
      samples.append(sample)
      if samples.count >= Self.mostSamples {
        samples = samples.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
        stride *= 2
      }
    }
    count += 1
    keepIfFastest(sample)
    if fastest.count > Self.mostSlices { widenSlices() }
  }

  private mutating func keepIfFastest(_ sample: Sample) {
    let slice = Slice(time: sample.nearNS >> Int64(sliceShift), offset: sample.differenceNS >> 28)
    if let held = fastest[slice] {
      let isFaster =
        smallerIsFaster ? sample.differenceNS < held.differenceNS : sample.differenceNS > held.differenceNS
      if !isFaster { return }
    }
    fastest[slice] = sample
  }

  private mutating func widenSlices() {
    let held = fastest.values.sorted { ($0.nearNS, $0.differenceNS) < ($1.nearNS, $1.differenceNS) }
    sliceShift += 1
    fastest.removeAll(keepingCapacity: true)
    for sample in held { keepIfFastest(sample) }
  }
}
