import Packets

/// What the receiver had acknowledged at one point, over time: up to which byte, and beyond gaps by SACK blocks.
///
/// It is true as long as the transmissions that it was made of stay.
struct AckHistory {
  /// The acknowledgements.
  private let transmissions: TransmissionBuffer
  /// Those that acknowledge more than all before them.
  private var advances: [Int32] = []
  private var blocks: [Block] = []

  /// What one acknowledgement says was received beyond a gap (RFC 2018): its first block, which has the newest.
  private struct Block {
    var bytes: Range<Int64>
    var timeNS: Int64
  }

  /// Blocks before and after a segment's own time that are looked through.
  private static let mostBlocks = 1000

  /// The history at a point, from the transmissions of the opposite direction there.
  ///
  /// - Parameter limit: the end of what was sent. An acknowledgement beyond it speaks of bytes that nobody sent, so it
  ///   was changed on the way or belongs to another connection.
  init(_ reverse: DirectionTrace, position: Int, limit: Int64) {
    transmissions = reverse.transmissions
    guard let place = reverse.path.firstIndex(of: position) else { return }
    var highest = Int64.min
    for index in reverse.ranges[place] {
      guard transmissions[index].acknowledges, transmissions[index].ackOffset <= limit else { continue }
      if transmissions[index].record.sackBlocks > 0, let bytes = transmissions[index].sackedBytes,
        bytes.upperBound <= limit
      {
        blocks.append(Block(bytes: bytes, timeNS: transmissions[index].timeNS))
      }
      guard transmissions[index].ackOffset > highest else { continue }
      highest = transmissions[index].ackOffset
      advances.append(Int32(truncatingIfNeeded: index))
    }
  }

  /// Time by the point's clock when everything up to `end` was acknowledged; `nil` if it never was.
  func firstTime(reaching end: Int64) -> Int64? {
    var low = 0
    var high = advances.count
    while low < high {
      let middle = (low + high) / 2
      if transmissions[Int(advances[middle])].ackOffset < end { low = middle + 1 } else { high = middle }
    }
    return low < advances.count ? transmissions[Int(advances[low])].timeNS : nil
  }

  /// Time by the point's clock when all of a segment was acknowledged, selectively or with all before it; `nil` if it never
  /// was.
  func firstTime(covering segment: Transmission) -> Int64? {
    let cumulative = firstTime(reaching: segment.end)
    guard !blocks.isEmpty else { return cumulative }
    var (low, high) = (0, blocks.count)
    while low < high {
      let middle = (low + high) / 2
      if blocks[middle].timeNS < segment.timeNS { low = middle + 1 } else { high = middle }
    }
    // Those before its own time, too: one that speaks of an earlier copy shows nothing of this one.
    for block in blocks[max(0, low - Self.mostBlocks)...].prefix(2 * Self.mostBlocks) {
      if let cumulative, block.timeNS >= cumulative { break }
      if block.bytes.lowerBound <= segment.offset, block.bytes.upperBound >= segment.end { return block.timeNS }
    }
    return cumulative
  }
}

extension Transmission {
  /// The bytes of the first SACK block, in the other direction's stream; `nil` if it lies where all was acknowledged, as
  /// a duplicate does (RFC 2883), or where its numbers are not those of the stream.
  fileprivate var sackedBytes: Range<Int64>? {
    guard !record.isSYN else { return nil }
    let end = sackOffset + Int64(record.sackRight &- record.sackLeft)
    return sackOffset > ackOffset && end > sackOffset ? sackOffset..<end : nil
  }
}
