import Packets

/// The ordinals of a point's records grouped by connection: a counting sort, two passes.
struct ConnectionGrouping {
  let ordinals: [UInt32]
  let starts: [UInt32]

  init(store: RecordStore, connections: Int) {
    var starts = [UInt32](repeating: 0, count: connections + 1)
    for ordinal in unsafe 0..<store.count {
      starts[Int(store[ordinal].connection) + 1] += 1
    }
    for connection in 0..<connections { starts[connection + 1] += starts[connection] }
    var next = starts
    var ordinals = [UInt32](repeating: 0, count: Int(starts[connections]))
    for ordinal in unsafe 0..<store.count {
      let connection = Int(store[ordinal].connection)
      ordinals[Int(next[connection])] = UInt32(truncatingIfNeeded: ordinal)
      next[connection] += 1
    }
    self.ordinals = ordinals
    self.starts = starts
  }
}
