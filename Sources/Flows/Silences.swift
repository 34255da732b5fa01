/// The longest stretches of a capture without a single frame, by which a pause of the capturing program is found.
struct Silences {
  /// Silences that are kept.
  static let most = 64
  /// Shorter ones are never looked at, in nanoseconds.
  static let shortestNS: Int64 = 10_000_000

  /// The longest silences so far, in the order of time.
  private(set) var longest: [ClosedRange<Int64>] = []
  private var latest = Int64.min
  /// What a silence must exceed to be kept, in nanoseconds.
  private var leastNS = Silences.shortestNS

  /// Takes the time of the next frame.
  @inline(__always)
  mutating func add(_ timeNS: Int64) {
    if timeNS <= latest { return }
    if latest != .min, timeNS - latest > leastNS { keep(latest...timeNS) }
    latest = timeNS
  }

  private mutating func keep(_ silence: ClosedRange<Int64>) {
    longest.append(silence)
    guard longest.count > Self.most else { return }
    let lengths = longest.map { $0.upperBound - $0.lowerBound }
    if let shortest = lengths.indices.min(by: { lengths[$0] < lengths[$1] }) { longest.remove(at: shortest) }
    leastNS = longest.reduce(Int64.max) { min($0, $1.upperBound - $1.lowerBound) }
  }
}
