/// How a long connection is divided; whatever the numbers, the verdicts are meant to be the same.
struct RoundShape: Sendable {
  /// Packets that are loaded at a time, at the point that has most.
  var packets = 1 << 14
  /// Rounds that are judged at a time.
  var judged = 4
  /// What is loaded on each side of what is judged takes at least so long, in nanoseconds: half of it is what a packet may be
  /// late by.
  var marginNS = 2 * Coverage.longestQueueNS

  /// A connection that is longer, in packets, is loaded and judged in rounds.
  var longest: Int { 2 * (judged + 2) * packets }
}
