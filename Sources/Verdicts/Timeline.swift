/// What happened when, in slices of equal length.
public struct Timeline: Sendable, Equatable {
  /// Start of the first slice by the reference clock, in nanoseconds since the Unix epoch.
  public var startNS: Int64
  /// Length of a slice in nanoseconds, at least 1.
  public var sliceNS: Int64
  /// Number of slices.
  public var slices: Int
  /// One for each segment and direction of the report that has packets, in the order of the report.
  public var tracks: [Track]

  /// One segment and direction; every list has an element for each slice.
  public struct Track: Sendable, Equatable {
    /// The segment.
    public var between: PointPair
    /// The direction.
    public var direction: Direction
    /// Packets of this direction in the upstream point's capture.
    public var packets: [Int]
    /// For each kind of event, by its raw value, the events of the report.
    public var events: [[Int]]

    /// A track without packets.
    public init(between: PointPair, direction: Direction, slices: Int) {
      self.between = between
      self.direction = direction
      packets = Array(repeating: 0, count: slices)
      events = Event.Kind.allCases.map { _ in Array(repeating: 0, count: slices) }
    }

    /// The events of one kind.
    public subscript(kind: Event.Kind) -> [Int] { events[Int(kind.rawValue)] }
  }

  /// A timeline of empty slices.
  public init(startNS: Int64, sliceNS: Int64, slices: Int, tracks: [Track]) {
    self.startNS = startNS
    self.sliceNS = max(1, sliceNS)
    self.slices = slices
    self.tracks = tracks
  }

  /// The slice of a time by the reference clock; times outside belong to the first or last.
  public func slice(of timeNS: Int64) -> Int {
    let (since, overflow) = timeNS.subtractingReportingOverflow(startNS)
    if overflow { return timeNS < startNS ? 0 : slices - 1 }
    return Int(min(max(0, since / sliceNS), Int64(slices - 1)))
  }
}
