/// The moments in which packets passed a point, a bit for each.
struct PassingMoments {
  /// The bits, 64 moments in each word; for loops that add many.
  var words: [UInt64]
  /// When the capture starts, in nanoseconds since the Unix epoch by its clock.
  let startNS: Int64

  /// A moment is so long, in nanoseconds: twice the time of a full frame at 100 Mbit/s.
  private static let lengthNS: Int64 = 250_000
  /// More moments, nine hours, are not looked at.
  private static let most: Int64 = 1 << 27

  /// Whether the capture is short enough for its moments to be known.
  var areKnown: Bool { !words.isEmpty }

  /// None yet of a capture that covers this time.
  init(covering times: ClosedRange<Int64>?) {
    startNS = times?.lowerBound ?? 0
    words = []
    guard let times else { return }
    let (span, isTooLong) = times.upperBound.subtractingReportingOverflow(times.lowerBound)
    guard !isTooLong, span / Self.lengthNS < Self.most else { return }
    // One beyond each end, so that a moment's neighbours can be asked for.
    words = Array(repeating: 0, count: Int(span / Self.lengthNS + 3 + 63) / 64)
  }

  /// The moment of a time within a capture that starts at `startNS`, from 1.
  @inline(__always)
  static func moment(_ timeNS: Int64, since startNS: Int64) -> Int { Int((timeNS &- startNS) / lengthNS) &+ 1 }

  /// Whether a packet passed in the same moment or one beside it.
  @inline(__always)
  func isNear(_ timeNS: Int64) -> Bool {
    let moment = Self.moment(timeNS, since: startNS)
    return contains(moment) || contains(moment &+ 1) || contains(moment &- 1)
  }

  @inline(__always)
  private func contains(_ moment: Int) -> Bool {
    let word = moment >> 6
    return words.indices.contains(word) && words[word] >> UInt64(moment & 63) & 1 != 0
  }
}
