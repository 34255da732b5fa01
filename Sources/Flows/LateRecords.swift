import Packets

/// Records that were kept only after packets which came later: fragments that waited for the first one of their datagram.
///
/// They carry a mark until they are put in order, so that it costs nothing to remember however many there are.
struct LateRecords {
  /// The connections that have any.
  private var connections: Set<UInt32> = []

  private static var lateFragment: PacketRecord.Marks { .waited.union(.fragment) }

  /// Takes note of a record before it is kept.
  mutating func add(_ record: inout PacketRecord) {
    record.marks.insert(.waited)
    connections.insert(record.connection)
  }

  /// Packs the connections that have any anew, with each record where it was captured; what they were packed in before is
  /// left as it is.
  ///
  /// What comes after a fragment is passed by no more than may wait at a time; so where times run backwards, the work ends
  /// there, and what is left stays behind the packets that came later. It ends where the store has no room, too, which then
  /// says so.
  func putInOrder(_ table: ConnectionTable, in store: RecordStore) {
    for connection in connections.sorted() {
      let (line, count) = (table[Int(connection)].firstLine, table[Int(connection)].packets)
      var repacking = Repacking(of: count)
      for record in ConnectionRecords(
        RecordUnpacker(store, firstLine: line, connection: Int(connection), count: count))
      {
        repacking.take(record, in: store)
        if store.failure != nil { return }
      }
      repacking.pack(repacking.recent.count, in: store)
      if store.failure != nil { return }
      if let first = repacking.firstLine { table[at: Int(connection)].firstLine = first }
    }
  }

  /// One connection that is packed anew.
  private struct Repacking {
    /// Where its first block begins.
    private(set) var firstLine: UInt32?
    /// The last records, in order, before which a late one may belong.
    private(set) var recent: [PacketRecord] = []
    private var packer = RecordPacker()
    private var movesLeft: Int

    /// A late record passes so many others at least, if it must: 4 MiB of them, more than come in two seconds.
    private static let mostPassed = 1 << 16

    init(of count: Int) { movesLeft = count * FragmentTable.mostWaiting }

    mutating func take(_ record: PacketRecord, in store: RecordStore) {
      recent.append(record)
      if record.marks.isSuperset(of: LateRecords.lateFragment) { moveLast() }
      if recent.count == 2 * Self.mostPassed { pack(Self.mostPassed, in: store) }
    }

    private mutating func moveLast() {
      guard var record = recent.popLast() else { return }
      record.marks.remove(.waited)
      var place = recent.count
      while place > 0, movesLeft > 0, recent[place - 1].timeNS > record.timeNS {
        place -= 1
        movesLeft -= 1
      }
      recent.insert(record, at: place)
    }

    /// Packs the first so many of the last records.
    mutating func pack(_ count: Int, in store: RecordStore) {
      for record in recent.prefix(count) {
        if let line = packer.pack(record, in: store) { firstLine = line }
      }
      recent.removeFirst(count)
    }
  }
}
