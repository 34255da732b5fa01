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

  /// Moves the records to where they were captured.
  ///
  /// What comes after a fragment is passed by no more than may wait at a time; so where times run backwards, the work ends
  /// there, and what is left stays behind the packets that came later.
  func putInOrder(_ table: ConnectionTable, in store: RecordStore) {
    for connection in connections.sorted() {
      let (line, count) = (table[Int(connection)].firstLine, table[Int(connection)].packets)
      store.willRead(count)
      var records = Array(
        ConnectionRecords(RecordUnpacker(store, firstLine: line, connection: Int(connection), count: count)))
      Self.putInOrder(&records)
      var packer = RecordPacker()
      for record in records {
        if let line = packer.pack(record, in: store) { table[at: Int(connection)].firstLine = line }
      }
    }
  }

  private static func putInOrder(_ records: inout [PacketRecord]) {
    var movesLeft = records.count * FragmentTable.mostWaiting
    for place in records.indices {
      var record = records[place]
      guard record.marks.isSuperset(of: lateFragment) else { continue }
      record.marks.remove(.waited)
      var target = place
      while target > 0, movesLeft > 0, records[target - 1].timeNS > record.timeNS {
        records[target] = records[target - 1]
        target -= 1
        movesLeft -= 1
      }
      records[target] = record
    }
  }
}
