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
  func putInOrder(in store: RecordStore, blocks: RecordBlocks) {
    for connection in connections {
      let ordinals = blocks.ordinals(of: Int(connection))
      var movesLeft = ordinals.count * FragmentTable.mostWaiting
      for place in ordinals.indices {
        var record = store[ordinals[place]]
        guard record.marks.isSuperset(of: Self.lateFragment) else { continue }
        record.marks.remove(.waited)
        var target = place
        while target > 0, movesLeft > 0, store[ordinals[target - 1]].timeNS > record.timeNS {
          store.replace(ordinals[target], by: store[ordinals[target - 1]])
          target -= 1
          movesLeft -= 1
        }
        store.replace(ordinals[target], by: record)
      }
    }
  }
}
