/// How long one packet took, in nanoseconds by the clocks of the two points.
struct TravelTime: Sendable {
  /// When it was sent, by the clock of the point before.
  var sentNS: Int64
  var tookNS: Int64
}

/// A time in which neither clock of two points was set.
struct Epoch: Sendable {
  /// The time in the middle of those that packets took.
  let deltaNS: Int64
  private let firstNS: Int64
  private let lastNS: Int64

  /// Fewer packets are no epoch: one may be paired with a repeat.
  private static let fewest = 8
  private static let marginNS: Int64 = 1_000_000_000

  /// Whether a packet may have been sent in it, by the clock of the point before.
  func contains(_ sentNS: Int64) -> Bool {
    sentNS.differenceSaturated(from: firstNS) >= -Self.marginNS
      && lastNS.differenceSaturated(from: sentNS) >= -Self.marginNS
  }

  /// The epochs that times are of, in ascending order of the times: those further apart than any queue makes them are of
  /// different ones.
  static func all(_ times: [TravelTime]) -> [Epoch] {
    var epochs: [Epoch] = []
    var start = 0
    for place in 1...times.count
    where place == times.count
      || times[place].tookNS.differenceSaturated(from: times[place - 1].tookNS) > Coverage.longestQueueNS
    {
      if place - start >= fewest { epochs.append(Epoch(times[start..<place])) }
      start = place
    }
    return epochs
  }

  private init(_ times: ArraySlice<TravelTime>) {
    deltaNS = times[times.startIndex + times.count / 2].tookNS
    firstNS = times.map(\.sentNS).min() ?? 0
    lastNS = times.map(\.sentNS).max() ?? 0
  }
}
