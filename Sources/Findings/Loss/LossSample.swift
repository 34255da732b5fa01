import Correlation
import Flows
import Packets
import Verdicts

/// The packets that one segment was offered in one direction, and which of them were lost.
struct LossSample {
  let pair: PointPair
  let direction: Direction
  let lost: [PacketEvent]
  /// What was taken so far.
  var offered: OfferedPackets
  /// The connections of the packets, by group.
  var groups: [Int] = []
  /// For each lost packet, how many of the others came before it; ascending.
  private(set) var lostPlaces: [Int] = []

  /// An empty sample of a segment whose packets pass a point with this traffic first.
  init(_ pair: PointPair, _ direction: Direction, _ lost: [PacketEvent], upstream traffic: PointTraffic) {
    self.pair = pair
    self.direction = direction
    self.lost = lost
    offered = OfferedPackets(upstream: traffic, lost: lost.compactMap { $0.upstream?.frame })
  }

  /// Packets that the segment was offered.
  var packets: Int { offered.packets }
  /// The lost packets.
  var lostRecords: [PacketRecord] { offered.lost }
  /// The moments in which packets of the other direction passed the upstream point.
  var others: PassingMoments { offered.others }

  /// Ends the sample, all packets of which were taken.
  mutating func finish() {
    lostPlaces = offered.frames.ranks(of: lostRecords.map(\.frame).sorted())
    offered.forgetFrames()
  }

  /// Number of packets with a property.
  func count(with feature: LossFeatures) -> Int {
    offered.byFeatures.indices.reduce(0) {
      $0 + (LossFeatures(rawValue: $1).contains(feature) ? offered.byFeatures[$1] : 0)
    }
  }
}
