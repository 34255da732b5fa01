/// When a point was capturing, by its own clock.
struct Coverage: Sendable {
  /// From its first frame to its last.
  let whole: ClosedRange<Int64>
  /// When the capture paused, though packets passed.
  var pauses: [ClosedRange<Int64>] = []

  /// Whether it was capturing then.
  func contains(_ timeNS: Int64) -> Bool { whole.contains(timeNS) && !isPaused(timeNS) }

  /// Whether it paused then.
  func isPaused(_ timeNS: Int64) -> Bool { pauses.contains { $0.contains(timeNS) } }
}
