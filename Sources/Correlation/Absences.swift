/// What is known of the packets that a place lacks, while those of the place before are judged one after the other.
struct Absences {
  /// What was lost before, so that a repeat is no longer outside coverage.
  var refused: [RangeKey: Int] = [:]
  /// Packets without an origin, each of which can be but one of those that are missing.
  var counterparts: Set<Int> = []
  /// Whether packets were cut into several on the way to the next place, once somebody asks.
  var hasLaterPieces: Bool?
  /// How long packets took to the next place, once somebody asks.
  var times: TravelTimes?
  /// When the connection was reset across the segment, once somebody asks.
  var reset: SegmentReset?

  /// The bytes of a segment, as a key: a repeat has the same.
  struct RangeKey: Hashable {
    var offset: Int64
    var length: UInt32
  }
}
