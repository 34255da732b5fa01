import Correlation
import Flows
import Packets
import Verdicts

/// The packets that one segment was offered in one direction, and which of them were lost.
struct LossSample {
  let pair: PointPair
  let direction: Direction
  /// The losses, those among them that belong to no connection which the segment was offered: what left a box untranslated.
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
    offered = OfferedPackets(upstream: traffic)
  }

  /// Packets that the segment was offered.
  private(set) var packets = 0
  /// The losses among them.
  private(set) var lostOffered: [PacketEvent] = []
  /// The moments in which packets of the other direction passed the upstream point.
  var others: PassingMoments { offered.others }

  /// Ends the sample, all packets of which were taken.
  mutating func finish() {
    packets = offered.frames.count
    var frames: Set<UInt32> = []
    lostOffered = lost.filter { event in
      event.upstream.map { offered.frames.contains($0.frame) && frames.insert($0.frame).inserted } ?? false
    }
    lostPlaces = offered.frames.ranks(of: frames.sorted())
    offered.forgetFrames()
  }
}
