import Packets

/// The segments of one place by their stream offset, to find those that share bytes with another without a search of all.
struct RangeIndex {
  private let byOffset: [Int32]
  private let longest: Int64

  /// Indexes what takes sequence space at a place.
  init(_ trace: DirectionTrace, place: Int) {
    let takers = trace.ranges[place].filter {
      trace.transmissions[$0].takesSequence && !trace.transmissions[$0].record.isICMPError
    }
    longest = takers.reduce(1) { max($0, Int64(trace.transmissions[$1].record.sequenceLength)) }
    byOffset = takers.map(Int32.init).sorted {
      (trace.transmissions[Int($0)].offset, $0) < (trace.transmissions[Int($1)].offset, $1)
    }
  }

  /// Calls `body` with each transmission that shares sequence space with `transmission`, until it returns false.
  func forEachSharing(_ transmission: Transmission, in trace: DirectionTrace, _ body: (Int) -> Bool) {
    var low = 0
    var high = byOffset.count
    while low < high {
      let middle = (low + high) / 2
      if trace.transmissions[Int(byOffset[middle])].offset < transmission.offset - longest {
        low = middle + 1
      } else {
        high = middle
      }
    }
    while low < byOffset.count {
      let candidate = trace.transmissions[Int(byOffset[low])]
      if candidate.offset >= transmission.end { return }
      if candidate.end > transmission.offset, !body(Int(byOffset[low])) { return }
      low += 1
    }
  }
}

/// The range indexes of one trace, each made when it is first asked for.
final class RangeIndexes {
  private var made: [RangeIndex?]
  private let trace: DirectionTrace

  init(_ trace: DirectionTrace) {
    self.trace = trace
    made = Array(repeating: nil, count: trace.path.count)
  }

  subscript(place: Int) -> RangeIndex {
    if let index = made[place] { return index }
    let index = RangeIndex(trace, place: place)
    made[place] = index
    return index
  }
}
