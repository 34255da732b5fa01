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
  private(set) var packets = 0
  /// The moments in which packets of the other direction passed the upstream point.
  var others: PassingMoments { offered.others }

  /// Ends the sample, all packets of which were taken.
  mutating func finish() {
    packets = offered.frames.count
    let frames = Set(lost.compactMap { $0.upstream?.frame })
    lostPlaces = offered.frames.ranks(of: frames.sorted())
    offered.forgetFrames()
  }
}
