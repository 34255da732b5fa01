/// How a long connection is divided; whatever the numbers, the verdicts are to be the same.
struct RoundShape: Sendable {
  /// Packets that are loaded at a time, at the point that has most.
  var packets = 1 << 14
  /// Rounds that are judged at a time.
  var judged = 4
  /// What is loaded on each side of what is judged takes at least so long, in nanoseconds.
  var marginNS = Coverage.longestQueueNS

  /// What may be loaded of a point behind the last packet that is linked with its neighbour's.
  var slack: Int { packets / 4 }

  /// A connection that is longer, in packets, is loaded and judged in rounds.
  var longest: Int { 2 * (judged + 2) * packets }
}
