import Correlation
import Flows
import Matching
import Packets
import Verdicts

/// The packets that one segment was offered in one direction, in the order in which they came, and which were lost.
///
/// Made only for segments with enough losses: it reads all packets of the upstream point once, and keeps the lost ones.
struct LossSample {
  let pair: PointPair
  let direction: Direction
  let lost: [PacketEvent]
  /// The lost packets, as the upstream point has them.
  private(set) var lostRecords: [PacketRecord] = []
  /// The connections of the packets, by group.
  private(set) var groups: [Int] = []
  /// How losses stand among the others.
  private(set) var runs = LossRuns.Counter()
  /// Which of them met packets of the other direction.
  private(set) var meetings = LossMeetings()
  /// How many packets there are of each combination of features.
  private(set) var features = [Int](repeating: 0, count: PacketFeatures.combinations)
  private let store: RecordStore
  private let places: [Place]
  /// Frames of the lost packets, ascending.
  private let frames: [UInt32]

  /// Packets in all.
  var packets: Int { runs.packets }

  /// What a connection of the upstream point has to do with the segment.
  private enum Place: UInt8, BitwiseCopyable {
    case elsewhere
    /// Its client's packets are the ones that are looked at.
    case fromClient
    case fromServer
  }

  /// Fewer losses have no pattern.
  static let fewestLosses = 20

  /// The samples of all segments and directions with enough losses.
  static func all(of file: CaseFile) -> some Sequence<LossSample> {
    var found: [Way: [PacketEvent]] = [:]
    for event in file.tally.events where event.kind == .drop && !event.isICMPError {
      guard event.between.far == event.between.near + 1, let upstream = event.upstream else { continue }
      let way = Way(pair: event.between, direction: event.direction, position: upstream.position)
      found[way, default: []].append(event)
    }
    return found.filter { $0.value.count >= fewestLosses }.sorted { $0.key < $1.key }.lazy.map {
      LossSample($0.key, $0.value, file)
    }
  }

  /// A segment, a direction, and the point that its packets pass first.
  private struct Way: Hashable, Comparable {
    var pair: PointPair
    var direction: Direction
    var position: Int

    static func < (left: Way, right: Way) -> Bool {
      (left.pair, left.direction.rawValue, left.position) < (right.pair, right.direction.rawValue, right.position)
    }
  }

  private init(_ way: Way, _ lost: [PacketEvent], _ file: CaseFile) {
    pair = way.pair
    direction = way.direction
    self.lost = lost
    let traffic = file.matched.points[way.position]
    store = traffic.records
    frames = lost.compactMap { $0.upstream?.frame }.sorted()
    let further = way.position == way.pair.near ? way.pair.far : way.pair.near
    let hit = Set(lost.map(\.group))
    var places = [Place](repeating: .elsewhere, count: traffic.connections.count)
    for (index, group) in file.matched.groups.enumerated() where group.members[way.position] >= 0 {
      guard group.members[further] >= 0 || hit.contains(index) else { continue }
      let fromClient = (way.direction == .clientToServer) != group.flipped[way.position]
      places[Int(group.members[way.position])] = fromClient ? .fromClient : .fromServer
    }
    self.places = places
    var seen = [Bool](repeating: false, count: places.count)
    var (runs, meetings, lostRecords, features) = (runs, meetings, lostRecords, features)
    forEachPacket { record, isOwn, isLost in
      guard isOwn else { return meetings.meet(record.timeNS) }
      seen[Int(record.connection)] = true
      runs.add(isLost: isLost)
      features[PacketFeatures(record).rawValue] += 1
      meetings.pass(record.timeNS, isLost: isLost)
      if isLost { lostRecords.append(record) }
    }
    (self.runs, self.meetings, self.lostRecords, self.features) = (runs, meetings, lostRecords, features)
    groups = file.matched.groups.indices.filter {
      let member = file.matched.groups[$0].members[way.position]
      return member >= 0 && seen[Int(member)]
    }
  }

  /// Visits the packets of both directions in the order of capture: each, whether it is of the direction that is looked at,
  /// and whether it was lost.
  @inline(__always)
  private func forEachPacket(_ body: (PacketRecord, _ isOwn: Bool, _ isLost: Bool) -> Void) {
    var next = 0
    for ordinal in 0..<store.count {
      let record = store[ordinal]
      let place = places[Int(record.connection)]
      guard place != .elsewhere, record.marks.isDisjoint(with: [.captureCopy, .icmpError]) else { continue }
      let isOwn = record.marks.contains(.fromClient) == (place == .fromClient)
      while next < frames.count, frames[next] < record.frame { next += 1 }
      body(record, isOwn, isOwn && next < frames.count && frames[next] == record.frame)
    }
  }
}

/// What a box may choose single packets by.
struct PacketFeatures: OptionSet {
  let rawValue: Int

  static let fin = PacketFeatures(rawValue: 1 << 0)
  static let rst = PacketFeatures(rawValue: 1 << 1)
  /// No payload, and no SYN, FIN or RST.
  static let bare = PacketFeatures(rawValue: 1 << 2)
  /// A DSCP other than 0.
  static let dscp = PacketFeatures(rawValue: 1 << 3)
  static let ecn = PacketFeatures(rawValue: 1 << 4)
  static let combinations = 1 << 5

  init(rawValue: Int) { self.rawValue = rawValue }

  @inline(__always)
  init(_ record: PacketRecord) {
    var features: PacketFeatures = []
    if record.isFIN { features.insert(.fin) }
    if record.isRST { features.insert(.rst) }
    if record.payloadLength == 0, !record.isSYN, !record.isFIN, !record.isRST { features.insert(.bare) }
    if record.trafficClass >> 2 != 0 { features.insert(.dscp) }
    if record.trafficClass & 3 != 0 { features.insert(.ecn) }
    self = features
  }
}
