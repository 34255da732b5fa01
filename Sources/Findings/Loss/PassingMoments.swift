/// The moments in which packets passed a point, a bit for each.
struct PassingMoments {
  private let startNS: Int64
  private var moments = FrameSet()

  /// A moment is so long, in nanoseconds: twice the time of a full frame at 100 Mbit/s.
  private static let lengthNS: Int64 = 250_000
  /// More moments, nine hours, are not looked at.
  private static let most: Int64 = 1 << 27

  /// None yet of a capture that covers this time; `nil` if it is too long.
  init?(covering times: ClosedRange<Int64>) {
    let (span, isTooLong) = times.upperBound.subtractingReportingOverflow(times.lowerBound)
    guard !isTooLong, span / Self.lengthNS < Self.most else { return nil }
    startNS = times.lowerBound
  }

  @inline(__always)
  private func moment(_ timeNS: Int64) -> UInt32 { UInt32(clamping: (timeNS &- startNS) / Self.lengthNS + 1) }

  /// Adds the moment of a packet.
  @inline(__always)
  mutating func insert(_ timeNS: Int64) { moments.insert(moment(timeNS)) }

  /// Whether a packet passed in the same moment or one beside it.
  @inline(__always)
  func isNear(_ timeNS: Int64) -> Bool {
    let moment = moment(timeNS)
    return moments.contains(moment) || moments.contains(moment &+ 1) || moments.contains(moment &- 1)
  }
}
