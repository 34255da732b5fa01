public import Packets

/// Finds packets that a capture holds more than once: a mirror port fed from two interfaces, `-i any`, a bond.
///
/// Copies made by the capture come as a habit of the point and shortly after one another; a network that duplicates a
/// packet does it now and then. So the habit is looked for first, and only a point that has it has its copies marked.
enum CaptureCopies {
  /// Copies further apart than this are never the capture's.
  static let farthestNS: Int64 = 1_000_000
  /// Share of a point's packets that have a twin before the point is said to have the habit.
  static let habit = 0.2
  /// How many earlier packets of the connection are compared; copies of a burst may come after the burst.
  static let lookBack = 8

  /// Marks the copies in the store and returns their number.
  static func mark(in store: RecordStore, grouping: ConnectionGrouping) -> Int {
    var gaps: [Int64] = []
    forEachTwin(in: store, grouping: grouping, within: farthestNS, isTwin: { $0.isTwin(of: $1) }) { gaps.append($1) }
    guard Double(gaps.count) >= habit * Double(max(1, grouping.ordinals.count)), gaps.count > 1 else { return 0 }
    gaps.sort()
    // A twin that comes much later than this capture's usual one was made by the network.
    let limit = max(20_000, gaps[gaps.count / 2] * 8)
    var copies: [Int] = []
    // Where the habit is known, equal packets without an IP ID so close together are copies too.
    forEachTwin(in: store, grouping: grouping, within: min(limit, farthestNS), isTwin: { $0.isEqual(to: $1) }) {
      ordinal, _ in
      copies.append(ordinal)
    }
    for ordinal in copies { store.mark(ordinal, .captureCopy) }
    return copies.count
  }

  /// Calls `found` with each packet that equals an earlier one of its connection, and the time between the two.
  private static func forEachTwin(
    in store: RecordStore, grouping: ConnectionGrouping, within limit: Int64,
    isTwin: (PacketRecord, PacketRecord) -> Bool, found: (Int, Int64) -> Void
  ) {
    for connection in 0..<(grouping.starts.count - 1) {
      let range = Int(grouping.starts[connection])..<Int(grouping.starts[connection + 1])
      for place in range {
        let ordinal = Int(grouping.ordinals[place])
        let record = store[ordinal]
        var back = place - 1
        while back >= max(range.lowerBound, place - lookBack) {
          let earlier = store[Int(grouping.ordinals[back])]
          if record.timeNS - earlier.timeNS > limit { break }
          if isTwin(record, earlier) {
            found(ordinal, record.timeNS - earlier.timeNS)
            break
          }
          back -= 1
        }
      }
    }
  }
}

extension PacketRecord {
  /// Whether two records of one connection may be the same packet, seen twice: all that a router leaves alone is equal.
  ///
  /// Without an IP ID two pure acknowledgements with the same numbers are no twins: RFC 5681 wants them to be equal.
  public func isTwin(of other: PacketRecord) -> Bool {
    isEqual(to: other) && (ipID != 0 || payloadLength > 0 || flags & (TCPFlags.syn | TCPFlags.fin) != 0)
  }

  /// Whether all is equal that a router leaves alone.
  func isEqual(to other: PacketRecord) -> Bool {
    sequence == other.sequence && acknowledgement == other.acknowledgement && ipID == other.ipID
      && payloadLength == other.payloadLength && flags == other.flags && digest == other.digest
      && timestampValue == other.timestampValue && timestampEcho == other.timestampEcho && window == other.window
      && sackLeft == other.sackLeft && sackRight == other.sackRight
      && marks.contains(.fromClient) == other.marks.contains(.fromClient)
  }
}
