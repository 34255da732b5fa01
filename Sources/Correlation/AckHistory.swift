import Packets

/// What the receiver had acknowledged at one point, over time.
struct AckHistory {
  private var times: [Int64] = []
  private var reached: [Int64] = []

  /// The history at a point, from the transmissions of the opposite direction there.
  ///
  /// - Parameter limit: the end of what was sent. An acknowledgement beyond it speaks of bytes that nobody sent, so it
  ///   was changed on the way or belongs to another connection.
  init(_ reverse: DirectionTrace, position: Int, limit: Int64) {
    guard let place = reverse.path.firstIndex(of: position) else { return }
    var highest = Int64.min
    for index in reverse.ranges[place] {
      let transmission = reverse.transmissions[index]
      guard transmission.record.hasACK, !transmission.record.isRST, transmission.ackOffset <= limit,
        transmission.ackOffset > highest
      else { continue }
      highest = transmission.ackOffset
      times.append(transmission.record.timeNS)
      reached.append(highest)
    }
  }

  /// Time by the point's clock when everything up to `end` was acknowledged; `nil` if it never was.
  func firstTime(reaching end: Int64) -> Int64? {
    var low = 0
    var high = reached.count
    while low < high {
      let middle = (low + high) / 2
      if reached[middle] < end { low = middle + 1 } else { high = middle }
    }
    return low < times.count ? times[low] : nil
  }
}

/// The histories of the two ends of a segment, each made when it is first asked for and kept for the next segment.
final class AckHistories {
  private struct Made {
    var position: Int
    var limit: Int64
    var history: AckHistory
  }

  private let reverse: DirectionTrace
  private var made: [Made] = []

  init(_ reverse: DirectionTrace) { self.reverse = reverse }

  /// The history at a point, up to the end of what was sent; see ``AckHistory``.
  func history(at position: Int, limit: Int64) -> AckHistory {
    if let known = made.first(where: { $0.position == position && $0.limit == limit }) { return known.history }
    let history = AckHistory(reverse, position: position, limit: limit)
    if made.count == 2 { made.removeFirst() }
    made.append(Made(position: position, limit: limit, history: history))
    return history
  }
}
