/// The longest stretches of a capture without a single frame, by which a pause of the capturing program is found.
struct Silences {
  /// Silences that are kept.
  static let most = 64
  /// Shorter ones are never looked at, in nanoseconds.
  static let shortestNS: Int64 = 10_000_000

  /// The longest silences so far, in the order of time.
  private(set) var longest: [ClosedRange<Int64>] = []
  /// What a silence must exceed to be kept, in nanoseconds.
  private var leastNS = Silences.shortestNS

  /// Takes the times of a frame and of the next one that is later; of the first frame the earlier is `Int64.min`.
  @inline(__always)
  mutating func add(from earlierNS: Int64, to laterNS: Int64) {
    // Before the first frame the difference wraps around to a negative one.
    if laterNS &- earlierNS > leastNS { keep(earlierNS...laterNS) }
  }

  private mutating func keep(_ silence: ClosedRange<Int64>) {
    longest.append(silence)
    guard longest.count > Self.most else { return }
    let lengths = longest.map { $0.upperBound - $0.lowerBound }
    if let shortest = lengths.indices.min(by: { lengths[$0] < lengths[$1] }) { longest.remove(at: shortest) }
    leastNS = longest.reduce(Int64.max) { min($0, $1.upperBound - $1.lowerBound) }
  }
}
