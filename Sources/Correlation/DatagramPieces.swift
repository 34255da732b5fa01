import Packets

extension Transmission {
  /// The bytes of its datagram's payload that it carries.
  var piece: Range<Int64> {
    let start = record.marks.contains(.fragment) ? Int64(record.acknowledgement) : 0
    return start..<start + Int64(record.payloadLength)
  }
}

extension Range<Int64> {
  /// How many numbers both have.
  func overlap(_ other: Range<Int64>) -> Int64 { Int64(clamped(to: other).count) }

  /// What is left of it without these, in any order.
  func without(_ others: [Range<Int64>]) -> [Range<Int64>] {
    others.reduce(into: isEmpty ? [] : [self]) { left, other in
      if !left.contains(where: { $0.overlaps(other) }) { return }
      left = left.flatMap { range in
        [
          range.lowerBound..<Swift.max(range.lowerBound, Swift.min(other.lowerBound, range.upperBound)),
          Swift.min(range.upperBound, Swift.max(other.upperBound, range.lowerBound))..<range.upperBound,
        ]
      }.filter { !$0.isEmpty }
    }
  }
}

extension DirectionTrace {
  /// Of a segment that arrived in part: where in its payload the first byte that did not arrive is, from 0.
  ///
  /// - Returns: `nil` if the segments that brought the others are not all found near one another.
  func firstMissingByte(ofSegment index: Int) -> Int? {
    let sent = transmissions[index]
    guard sent.next >= 0, sent.bytesFoundFurther == 0 else { return nil }
    let next = Int(sent.next)
    let all = ranges[Int(transmissions[next].place)]
    let own = sent.offset..<sent.offset + Int64(sent.payloadLength)
    var found: [Range<Int64>] = []
    for place in max(all.lowerBound, next - Self.farthestSegment)..<min(all.upperBound, next + Self.farthestSegment)
    where transmissions[place].previous == Int32(index) {
      let arrived = transmissions[place]
      found.append((arrived.offset..<arrived.offset + Int64(arrived.payloadLength)).clamped(to: own))
    }
    guard found.reduce(0, { $0 + Int64($1.count) }) >= Int64(sent.bytesFound) else { return nil }
    let missing = own.without(found).map(\.lowerBound).min()
    return missing.map { Int($0 - own.lowerBound) }
  }

  /// The segments that a super-segment is cut into lie no further apart.
  private static let farthestSegment = 256

  /// The pieces of a datagram, or of a piece of one, at the next point that has any, in no order.
  ///
  /// They lie around ``Transmission/next``, so it takes no longer the more packets there are.
  ///
  /// - Returns: `nil` if they are not all found: a piece that holds bytes of two fragments names but one of them.
  func pieces(of index: Int) -> [Range<Int64>]? {
    let sent = transmissions[index]
    guard sent.next >= 0 else { return nil }
    let next = Int(sent.next)
    let all = ranges[Int(transmissions[next].place)]
    let startNS = transmissions[next].record.timeNS
    var pieces = [transmissions[next].piece]
    var missing = Int64(sent.bytesFound) - sent.piece.overlap(transmissions[next].piece)
    func take(_ place: Int) -> Bool {
      guard missing > 0, abs(transmissions[place].record.timeNS - startNS) <= FragmentJoin.nearNS else { return false }
      if transmissions[place].previous == Int32(index) {
        pieces.append(transmissions[place].piece)
        missing -= sent.piece.overlap(transmissions[place].piece)
      }
      return true
    }
    for place in next + 1..<max(next + 1, all.upperBound) where !take(place) { break }
    for place in (all.lowerBound..<next).reversed() where !take(place) { break }
    return missing == 0 ? pieces : nil
  }
}
