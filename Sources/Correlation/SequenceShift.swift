import Flows
import Matching
import Packets

/// By how much the sequence numbers of one direction differ between two points of a connection.
enum SequenceShift {
  private static let mostSegments = 256
  /// What packets of the other direction acknowledge may be changed in one of them: so many have to agree.
  private static let leastAcknowledgements = 2

  /// The difference, `other` minus `one`; `nil` where no packets show it.
  ///
  /// Segments with equal payload show it best. A side that sends nothing shows it by the number that it repeats; and of
  /// a side that one of the captures lacks, the acknowledgements of the other side speak.
  static func between(
    _ one: Int, _ other: Int, group: ConnectionGroup, points: [PointTraffic], fromClient: Bool
  ) -> UInt32? {
    let (near, far) = (Capture(group, points, one), Capture(group, points, other))
    if let shift = votes(near, far, fromClient, { $0.sequence }).best { return shift.value }
    if let (before, after) = both(near.repeatedNumber(fromClient), far.repeatedNumber(fromClient)) {
      return after &- before
    }
    let acknowledged = votes(near, far, !fromClient) { $0.hasACK ? $0.acknowledgement : nil }
    guard let shift = acknowledged.best, shift.count >= leastAcknowledgements else { return nil }
    return shift.value
  }

  /// How a number differs between the same segments at both points.
  private static func votes(
    _ near: Capture, _ far: Capture, _ fromClient: Bool, _ number: (PacketRecord) -> UInt32?
  ) -> Votes {
    func key(_ record: PacketRecord) -> UInt64 {
      record.digest ^ UInt64(record.timestampValue) &* 0x9E37_79B9_7F4A_7C15
    }
    var seen: [UInt64: UInt32] = [:]
    near.forEach(fromClient, where: { $0.payloadLength > 0 }) { seen[key($0)] = number($0) }
    var votes = Votes()
    far.forEach(fromClient, where: { $0.payloadLength > 0 }) {
      if let before = seen[key($0)], let after = number($0) { votes.add(after &- before) }
    }
    return votes
  }

  private static func both<Item>(_ one: Item?, _ other: Item?) -> (Item, Item)? {
    guard let one, let other else { return nil }
    return (one, other)
  }

  private struct Votes {
    private var counts: [UInt32: Int] = [:]

    mutating func add(_ value: UInt32) { counts[value, default: 0] += 1 }

    /// The value that most agree in, the smallest of several.
    var best: (value: UInt32, count: Int)? {
      counts.max { ($0.value, $1.key) < ($1.value, $0.key) }.map { (value: $0.key, count: $0.value) }
    }
  }

  /// The connection's packets at one point.
  private struct Capture {
    private let traffic: PointTraffic
    private let connection: Int
    private let isFlipped: Bool

    init(_ group: ConnectionGroup, _ points: [PointTraffic], _ point: Int) {
      traffic = points[point]
      connection = Int(group.members[point])
      isFlipped = group.flipped[point]
    }

    /// Calls `body` with the first packets of one side that are of a kind.
    func forEach(_ fromClient: Bool, where isOfKind: (PacketRecord) -> Bool, _ body: (PacketRecord) -> Void) {
      var left = mostSegments
      for record in traffic.packets(of: connection) {
        if left == 0 { return }
        guard (record.marks.contains(.fromClient) != isFlipped) == fromClient, !record.isICMPError, isOfKind(record)
        else { continue }
        body(record)
        left -= 1
      }
    }

    /// The sequence number of most packets of a side that sends no payload; `nil` if it does, or sends nothing.
    func repeatedNumber(_ fromClient: Bool) -> UInt32? {
      var votes = Votes()
      var isSilent = true
      forEach(fromClient, where: { $0.hasACK && !$0.isSYN && !$0.isRST && !$0.isFIN }) {
        if $0.payloadLength > 0 { isSilent = false }
        votes.add($0.sequence)
      }
      return isSilent ? votes.best?.value : nil
    }
  }
}
