import Packets

/// Records that were kept only after packets which came later: fragments that waited for the first one of their datagram.
struct LateRecords {
  /// Frames of the late records, by connection.
  private var frames: [UInt32: Set<UInt32>] = [:]

  /// Takes note of a record.
  mutating func add(_ record: PacketRecord) { frames[record.connection, default: []].insert(record.frame) }

  /// Moves the records to where they were captured.
  func putInOrder(in store: RecordStore, blocks: RecordBlocks) {
    for (connection, late) in frames {
      let ordinals = blocks.ordinals(of: Int(connection))
      for place in ordinals.indices {
        let record = store[ordinals[place]]
        guard late.contains(record.frame) else { continue }
        var target = place
        while target > 0, store[ordinals[target - 1]].timeNS > record.timeNS {
          store.replace(ordinals[target], by: store[ordinals[target - 1]])
          target -= 1
        }
        store.replace(ordinals[target], by: record)
      }
    }
  }
}
