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
  static func mark(_ connections: ConnectionTable, in store: RecordStore) -> Int {
    let twins = Search(within: farthestNS, copiesEach: .max, isTwin: { $0.isTwin(of: $1) })
    var gaps = twins.run(connections, in: store).map(\.gapNS)
    let packets = connections.reduce(0) { $0 + $1.packets }
    guard Double(gaps.count) >= habit * Double(max(1, packets)), gaps.count > 1 else { return 0 }
    gaps.sort()
    let search = Search(
      // A twin that comes much later than this capture's usual one was made by the network.
      within: min(farthestNS, max(20_000, gaps[gaps.count / 2] * 8)),
      // A mirror fed by two interfaces holds each packet twice: four equal ones are two packets.
      copiesEach: max(1, Int((Double(gaps.count) / Double(max(1, packets - gaps.count))).rounded())),
      // Where the habit is known, equal packets without an IP ID so close together are copies too.
      isTwin: { $0.isEqual(to: $1) })
    let copies = search.run(connections, in: store)
    for copy in copies { unsafe store.markCopy(at: copy.place) }
    return copies.count
  }

  /// A copy, and how long after its original it came.
  @safe
  private struct Copy {
    /// Where its record begins.
    var place: UnsafeMutableRawPointer
    var gapNS: Int64
  }

  /// Looks for packets that equal an earlier one of their connection.
  private struct Search {
    var within: Int64
    /// How many copies one original may have.
    var copiesEach: Int
    var isTwin: (PacketRecord, PacketRecord) -> Bool

    init(within: Int64, copiesEach: Int, isTwin: @escaping (PacketRecord, PacketRecord) -> Bool) {
      self.within = within
      self.copiesEach = copiesEach
      self.isTwin = isTwin
    }

    func run(_ connections: ConnectionTable, in store: RecordStore) -> [Copy] {
      var copies: [Copy] = []
      // The packet at hand and those before it, each at its number modulo the room.
      var recent = [PacketRecord](repeating: PacketRecord(), count: lookBack + 1)
      // Of each: copies found of that packet, or −1 if it is a copy itself.
      var found = [Int](repeating: 0, count: lookBack + 1)
      for connection in connections.indices {
        let (line, count) = (connections[connection].firstLine, connections[connection].packets)
        let unpacker = RecordUnpacker(store, firstLine: line, connection: connection, count: count)
        var records = ConnectionRecords(unpacker).makeIterator()
        var number = 0
        while let record = records.next() {
          recent[number % recent.count] = record
          found[number % found.count] = 0
          var back = number - 1
          while back >= max(0, number - lookBack) {
            let earlier = recent[back % recent.count]
            if record.timeNS - earlier.timeNS > within { break }
            let copiesOfEarlier = found[back % found.count]
            if copiesOfEarlier >= 0, copiesOfEarlier < copiesEach, isTwin(record, earlier) {
              found[back % found.count] += 1
              found[number % found.count] = -1
              copies.append(unsafe Copy(place: records.unpacker.last, gapNS: record.timeNS - earlier.timeNS))
              break
            }
            back -= 1
          }
          number += 1
        }
      }
      return copies
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
  public func isEqual(to other: PacketRecord) -> Bool {
    sequence == other.sequence && acknowledgement == other.acknowledgement && ipID == other.ipID
      && payloadLength == other.payloadLength && flags == other.flags && digest == other.digest
      && timestampValue == other.timestampValue && timestampEcho == other.timestampEcho && window == other.window
      && sackLeft == other.sackLeft && sackRight == other.sackRight
      && marks.contains(.fromClient) == other.marks.contains(.fromClient)
  }
}
