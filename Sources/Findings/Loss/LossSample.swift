import Correlation
import Flows
import Matching
import Packets
import Verdicts

/// The packets that one segment was offered in one direction, in the order in which they came, and which were lost.
///
/// Made only for segments with enough losses: it reads all packets of the upstream point once.
struct LossSample {
  let pair: PointPair
  let direction: Direction
  let lost: [PacketEvent]
  /// For each packet, whether it was lost.
  private(set) var isLost: [Bool] = []
  /// The connections of the packets, by group.
  private(set) var groups: Set<Int32> = []
  /// Ordinals of the packets at the upstream point.
  private var ordinals: [UInt32] = []
  private let store: RecordStore

  /// The packets, as the upstream point has them.
  var records: some RandomAccessCollection<PacketRecord> { ordinals.lazy.map { store[Int($0)] } }

  /// The packet at a place of the order.
  func record(_ place: Int) -> PacketRecord { store[Int(ordinals[place])] }

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
    store = traffic.records
    let further = place.position == pair.near ? pair.far : pair.near
    let hit = Set(lost.map(\.group))
    // For each connection of the point, the group whose packets may pass the segment, or −1.
    var groupOf = [Int32](repeating: -1, count: traffic.connections.count)
    for (index, group) in file.matched.groups.enumerated() where group.members[place.position] >= 0 {
      if group.members[further] >= 0 || hit.contains(index) {
        groupOf[Int(group.members[place.position])] = Int32(index)
      }
    }
    let frames = Set(lost.compactMap { $0.upstream?.frame })
    for ordinal in 0..<traffic.records.count {
      let record = traffic.records[ordinal]
      let index = groupOf[Int(record.connection)]
      guard index >= 0, record.marks.isDisjoint(with: [.captureCopy, .icmpError]) else { continue }
      let fromClient = record.marks.contains(.fromClient) != file.matched.groups[Int(index)].flipped[place.position]
      guard fromClient == (direction == .clientToServer) else { continue }
      ordinals.append(UInt32(ordinal))
      groups.insert(index)
      isLost.append(frames.contains(record.frame))
    }
  }
}
