import Correlation
import Flows
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
  private var frames: FrameSet
  private var lostFrames = FrameSet()
  /// Number of packets with each combination of features.
  private var byFeatures = [Int](repeating: 0, count: LossFeatures.combinations)

  /// The moments in which packets of the other direction passed the upstream point.
  private(set) var others: PassingMoments

  /// An empty sample of a segment whose packets pass a point with this traffic first.
  init(_ pair: PointPair, _ direction: Direction, _ lost: [PacketEvent], upstream traffic: PointTraffic) {
    others = PassingMoments(covering: traffic.coverage)
    frames = FrameSet(below: traffic.counts.frames + 1)
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

  /// Takes the packets of a connection at the upstream point: those of the sample's own side were offered to the segment,
  /// those of the other may have met them.
  ///
  /// - Parameter fromClient: whether the client's side, as the point sees it, is the sample's own.
  mutating func take(_ ordinals: RecordOrdinals, of records: RecordStore, fromClient: Bool) {
    var taken = 0
    var beyond: [UInt32] = []
    // Tables that are moved out for the while, and spans of them, so that nothing is asked about shared memory for each
    // packet.
    var (frames, others, byFeatures) = (FrameSet(), PassingMoments(covering: nil), [Int]())
    swap(&frames, &self.frames)
    swap(&others, &self.others)
    swap(&byFeatures, &self.byFeatures)
    // Nearly always the greatest number.
    if let last = ordinals.last { frames.makeRoom(for: records[last].frame) }
    let startNS = others.startNS
    let lostFrames = lostFrames
    var frameBits = frames.words.mutableSpan
    var momentBits = others.words.mutableSpan
    var counts = byFeatures.mutableSpan
    let lostBits = lostFrames.words.span
    for ordinal in ordinals {
      let record = records.reference(ordinal).record
      guard record.marks.isDisjoint(with: [.captureCopy, .icmpError]) else { continue }
      guard record.marks.contains(.fromClient) == fromClient else {
        if record.marks.contains(.headerCut) { continue }
        let moment = PassingMoments.moment(record.timeNS, since: startNS)
        if momentBits.indices.contains(moment >> 6) { momentBits[moment >> 6] |= 1 << UInt64(moment & 63) }
        continue
      }
      taken += 1
      counts[LossFeatures(record).rawValue] += 1
      let (word, bit) = (Int(record.frame >> 6), UInt64(1) << UInt64(record.frame & 63))
      if word < frameBits.count { frameBits[word] |= bit } else { beyond.append(record.frame) }
      if word < lostBits.count, lostBits[word] & bit != 0 { lostRecords.append(record) }
    }
    packets += taken
    for frame in beyond { frames.insert(frame) }
    swap(&frames, &self.frames)
    swap(&others, &self.others)
    swap(&byFeatures, &self.byFeatures)
  }
}
