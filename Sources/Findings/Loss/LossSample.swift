import Correlation
import Packets
import Verdicts

/// The packets that one segment was offered in one direction, and which of them were lost.
struct LossSample {
  let pair: PointPair
  let direction: Direction
  let lost: [PacketEvent]
  /// Packets that the segment was offered.
  private(set) var packets = 0
  /// The lost packets.
  private(set) var lostRecords: [PacketRecord] = []
  /// The connections of the packets, by group.
  var groups: [Int] = []
  /// For each lost packet, how many of the others came before it; ascending.
  private(set) var lostPlaces: [Int] = []
  /// While packets are taken, their frames at the upstream point, and those of the lost ones.
  private var frames = FrameSet()
  private var lostFrames = FrameSet()
  /// Number of packets with each combination of features.
  private var byFeatures = [Int](repeating: 0, count: LossFeatures.combinations)

  /// The moments in which packets of the other direction passed the upstream point; `nil` if there are too many.
  private(set) var others: PassingMoments?

  init(_ pair: PointPair, _ direction: Direction, _ lost: [PacketEvent], coverage: ClosedRange<Int64>?) {
    others = coverage.flatMap { PassingMoments(covering: $0) }
    self.pair = pair
    self.direction = direction
    self.lost = lost
    for event in lost { if let upstream = event.upstream { lostFrames.insert(upstream.frame) } }
  }

  /// Ends the sample, all packets of which were taken.
  mutating func finish() {
    lostPlaces = frames.ranks(of: lostRecords.map(\.frame).sorted())
    frames = FrameSet()
    lostFrames = FrameSet()
  }

  /// Number of packets with a property.
  func count(with feature: LossFeatures) -> Int {
    byFeatures.indices.reduce(0) { $0 + (LossFeatures(rawValue: $1).contains(feature) ? byFeatures[$1] : 0) }
  }

  /// Takes notice of a packet of the other direction.
  @inline(__always)
  mutating func pass(_ record: PacketRecord) { others?.insert(record.timeNS) }

  /// Takes a packet that the segment was offered.
  @inline(__always)
  mutating func take(_ record: PacketRecord) {
    packets += 1
    byFeatures[LossFeatures(record).rawValue] += 1
    frames.insert(record.frame)
    if lostFrames.contains(record.frame) { lostRecords.append(record) }
  }
}
