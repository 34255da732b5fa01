/// Watches the acknowledgements after a timeout for the pattern of F-RTO (RFC 5682, 2.1): the first one moves on, nothing
/// else is repeated, and the second one acknowledges bytes that were sent once.
///
///     sent 1 2 3 4 · timer · 1 again · ACK of 1 · ACK of 2     2 was never repeated, so 1 was only late, too
///     sent 1 2 3 4 · timer · 1 again · ACK of 4                nothing decided: 2 to 4 may have waited for 1
struct TimeoutWatch {
  /// Where the cause of the repetition stands among those found.
  let index: Int
  /// The repeated bytes.
  let start: UInt32
  let end: UInt32
  /// Behind all that had been sent when the timer ran out.
  let sentEnd: UInt32
  /// Largest payload of the direction, in bytes.
  let largest: UInt32
  private var hasMovedOn = false

  init(index: Int, start: UInt32, end: UInt32, sentEnd: UInt32, largest: UInt32) {
    self.index = index
    self.start = start
    self.end = end
    self.sentEnd = sentEnd
    self.largest = largest
  }

  /// What an acknowledgement that moves on tells.
  enum Outcome {
    /// Nothing yet.
    case open
    /// That the pattern is not there.
    case undecided
    /// That the bytes had arrived without the repetition.
    case spurious
  }

  /// Takes the next acknowledgement that moves on.
  mutating func acknowledge(_ acknowledgement: UInt32) -> Outcome {
    // Nothing but the first bytes was repeated, so what this one takes besides was sent once (RFC 5682, 2.1, step 3b).
    if hasMovedOn { return .spurious }
    guard acknowledgement.isAtOrAfter(end) else { return .open }
    // A jump would be over what had arrived behind a hole; delayed acknowledgements cover two segments.
    guard acknowledgement.isBefore(sentEnd), UInt64(acknowledgement &- start) <= 2 * UInt64(largest) else {
      return .undecided
    }
    hasMovedOn = true
    return .open
  }
}
