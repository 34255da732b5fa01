import Packets

/// Pairs UDP datagrams that a network card merged, or sent as one and cut (UDP segmentation offload): a large one on one
/// side whose length is that of several on the other, all of them alike but for a shorter last.
///
///     upstream    [1200][1200][1200][300]
///     downstream  [─────────  3900 ─────]
struct DatagramJoin {
  let usualDelta: Int64?

  /// Parts of one large datagram at most, as in Linux.
  private static let mostParts = 64
  /// Parts are sent and merged within this time.
  private static let nearNS: Int64 = 20_000_000

  func join(_ trace: inout DirectionTrace, up: [Int32], down: [Int32]) {
    let (sent, arrived) = (datagrams(up, trace), datagrams(down, trace))
    for whole in arrived where trace.transmissions[Int(whole)].previous < 0 {
      guard let parts = parts(of: whole, among: sent, shift: -(usualDelta ?? 0), isFree: { $0.next < 0 }, trace)
      else { continue }
      for part in parts {
        trace.transmissions[Int(part)].next = whole
        trace.transmissions[Int(part)].bytesFound = trace.transmissions[Int(part)].record.payloadLength
      }
      setOrigin(whole, parts[0], &trace)
    }
    for whole in sent where trace.transmissions[Int(whole)].next < 0 {
      guard let parts = parts(of: whole, among: arrived, shift: usualDelta ?? 0, isFree: { $0.previous < 0 }, trace)
      else { continue }
      trace.transmissions[Int(whole)].next = parts[0]
      trace.transmissions[Int(whole)].bytesFound = trace.transmissions[Int(whole)].record.payloadLength
      for part in parts { setOrigin(part, whole, &trace) }
    }
  }

  private func setOrigin(_ arrival: Int32, _ origin: Int32, _ trace: inout DirectionTrace) {
    trace.transmissions[Int(arrival)].previous = origin
    trace.transmissions[Int(arrival)].link = .range
    trace.transmissions[Int(arrival)].linkConfidence = 0.9
  }

  private func datagrams(_ indices: [Int32], _ trace: DirectionTrace) -> [Int32] {
    indices.filter {
      let record = trace.transmissions[Int($0)].record
      return record.payloadLength > 0 && !record.isICMPError
    }
  }

  /// The datagrams in a row that make up a whole, near the time where they are expected; `nil` if there are none.
  private func parts(
    of whole: Int32, among candidates: [Int32], shift: Int64, isFree: (Transmission) -> Bool, _ trace: DirectionTrace
  ) -> [Int32]? {
    let target = trace.transmissions[Int(whole)].record
    let expected = target.timeNS + shift
    var low = 0
    var high = candidates.count
    while low < high {
      let middle = (low + high) / 2
      if trace.transmissions[Int(candidates[middle])].record.timeNS < expected - Self.nearNS {
        low = middle + 1
      } else {
        high = middle
      }
    }
    while low < candidates.count, trace.transmissions[Int(candidates[low])].record.timeNS <= expected + Self.nearNS {
      let each = trace.transmissions[Int(candidates[low])].record.payloadLength
      let count = Int((target.payloadLength + each - 1) / each)
      let row = candidates[low...].prefix(count)
      if count > 1, count <= Self.mostParts, row.count == count, isRow(row, each, target.payloadLength, isFree, trace) {
        return Array(row)
      }
      low += 1
    }
    return nil
  }

  private func isRow(
    _ row: ArraySlice<Int32>, _ each: UInt32, _ all: UInt32, _ isFree: (Transmission) -> Bool, _ trace: DirectionTrace
  ) -> Bool {
    let last = all - each * UInt32(row.count - 1)
    guard let start = row.first, let end = row.last,
      trace.transmissions[Int(end)].record.timeNS - trace.transmissions[Int(start)].record.timeNS <= Self.nearNS
    else { return false }
    return row.allSatisfy { isFree(trace.transmissions[Int($0)]) }
      && row.dropLast().allSatisfy { trace.transmissions[Int($0)].record.payloadLength == each }
      && trace.transmissions[Int(end)].record.payloadLength == last
  }
}
