import Correlation
import Flows
import Matching
import Packets
import Verdicts

/// The packets that one segment was offered in one direction, and which of them were lost.
///
/// Made only for segments with enough losses: it reads all packets of the upstream point once.
struct LossSample {
  let pair: PointPair
  let direction: Direction
  let lost: [PacketEvent]
  /// Packets that the segment was offered.
  let packets: Int
  /// The lost packets.
  let lostRecords: [PacketRecord]
  /// The connections of the packets, by group.
  private(set) var groups: [Int] = []
  /// Frames of the packets at the upstream point.
  private let frames: FrameSet
  /// Number of packets with each combination of features.
  private let byFeatures: [Int]

  /// How the packets of one connection pass the segment.
  private struct Passage {
    /// The connection's group, −1 if its packets do not pass.
    var group: Int32 = -1
    /// The mark that the packets of the direction have in common, of ``PacketRecord/Marks/fromClient``.
    var mark: PacketRecord.Marks = []
  }

  /// For each lost packet, how many of the others came before it; ascending.
  var lostPlaces: [Int] { frames.ranks(of: lostRecords.map(\.frame).sorted()) }

  /// Number of packets with a property.
  func count(with feature: LossFeatures) -> Int {
    byFeatures.indices.reduce(0) { $0 + (LossFeatures(rawValue: $1).contains(feature) ? byFeatures[$1] : 0) }
  }

  /// Visits the packets of one connection that the segment was offered.
  @inline(__always)
  private static func forEach(
    _ traffic: PointTraffic, _ connection: Int, _ passage: Passage, _ body: (PacketRecord) -> Void
  ) {
    for ordinal in traffic.ordinals(of: connection) {
      let record = traffic.records[ordinal]
      guard record.marks.intersection([.captureCopy, .icmpError, .fromClient]) == passage.mark else { continue }
      body(record)
    }
  }

  /// Fewer losses have no pattern.
  static let fewestLosses = 20

  /// The samples of all segments and directions with enough losses.
  static func all(of file: CaseFile) -> some Sequence<LossSample> {
    var found: [Place: [PacketEvent]] = [:]
    for event in file.tally.events where event.kind == .drop && !event.isICMPError {
      guard event.between.far == event.between.near + 1, let upstream = event.upstream else { continue }
      let place = Place(pair: event.between, direction: event.direction, position: upstream.position)
      found[place, default: []].append(event)
    }
    return found.filter { $0.value.count >= fewestLosses }.sorted { $0.key < $1.key }.lazy.map {
      LossSample($0.key, $0.value, file)
    }
  }

  /// A segment, a direction, and the point that its packets pass first.
  private struct Place: Hashable, Comparable {
    var pair: PointPair
    var direction: Direction
    var position: Int

    static func < (left: Place, right: Place) -> Bool {
      (left.pair, left.direction.rawValue, left.position) < (right.pair, right.direction.rawValue, right.position)
    }
  }

  private init(_ place: Place, _ lost: [PacketEvent], _ file: CaseFile) {
    pair = place.pair
    direction = place.direction
    self.lost = lost
    let traffic = file.matched.points[place.position]
    var passages = Array(repeating: Passage(), count: traffic.connections.count)
    let further = place.position == pair.near ? pair.far : pair.near
    var hit = [Bool](repeating: false, count: file.matched.groups.count)
    for event in lost { hit[event.group] = true }
    for (index, group) in file.matched.groups.enumerated() where group.members[place.position] >= 0 {
      guard group.members[further] >= 0 || hit[index] else { continue }
      let fromClient = (direction == .clientToServer) != group.flipped[place.position]
      passages[Int(group.members[place.position])] = Passage(
        group: Int32(index), mark: fromClient ? .fromClient : [])
    }
    var lostFrames = FrameSet()
    for event in lost { if let upstream = event.upstream { lostFrames.insert(upstream.frame) } }
    var (packets, frames) = (0, FrameSet())
    var byFeatures = [Int](repeating: 0, count: LossFeatures.combinations)
    var lostRecords: [PacketRecord] = []
    for connection in passages.indices where passages[connection].group >= 0 {
      let before = packets
      Self.forEach(traffic, connection, passages[connection]) { record in
        packets += 1
        byFeatures[LossFeatures(record).rawValue] += 1
        frames.insert(record.frame)
        if lostFrames.contains(record.frame) { lostRecords.append(record) }
      }
      if packets > before { groups.append(Int(passages[connection].group)) }
    }
    (self.packets, self.byFeatures, self.frames, self.lostRecords) = (packets, byFeatures, frames, lostRecords)
  }
}
