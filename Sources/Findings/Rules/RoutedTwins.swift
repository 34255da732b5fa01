import Flows
import Packets

/// Packets that one capture holds before and after a router between them: equal but for the TTL.
struct RoutedTwins {
  /// Copies whose TTL is another one than that of what they copy, among those that were looked at.
  private(set) var routed = 0
  private var others = 0
  /// The first of them: the frames before and after the router, and their TTLs.
  private(set) var first: (before: PacketRecord, after: PacketRecord)?

  /// Connections and packets of each that are looked at: a router does the same to all.
  private static let connections = 200
  private static let packets = 200
  /// How far back a copy's original is looked for.
  private static let lookBack = 8
  private static let fewest = 10

  init(_ traffic: PointTraffic) {
    if traffic.counts.copies == 0 { return }
    for connection in traffic.connections.indices.prefix(Self.connections) {
      var recent: [PacketRecord] = []
      for record in traffic.packets(of: connection, most: Self.packets) {
        if record.marks.contains(.captureCopy), let original = recent.last(where: { record.isEqual(to: $0) }) {
          if record.ttl == original.ttl {
            others += 1
          } else {
            routed += 1
            if first == nil { first = original.ttl > record.ttl ? (original, record) : (record, original) }
          }
        }
        recent.append(record)
        if recent.count > Self.lookBack { recent.removeFirst() }
      }
    }
  }

  /// Whether copies are mostly those that a router passed on.
  var isHabit: Bool { routed >= Self.fewest && routed > others }
}
