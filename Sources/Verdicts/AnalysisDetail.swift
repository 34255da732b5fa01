/// What an analysis shows in pictures, beside the ``AnalysisReport`` that it belongs to.
///
/// Plain values with the same positions and connection ids as the report; an archive may keep them, and a report
/// without them (``none``) is drawn without pictures.
public struct AnalysisDetail: Sendable, Equatable {
  /// What happened when, by segment and direction; `nil` where nothing was captured.
  public var timeline: Timeline?
  /// How long packets took, by segment and direction, where the clocks allow it.
  public var delays: [DelayHistogram]
  /// Single packets of the connections with most trouble, by connection id.
  public var ladders: [Ladder]

  /// No pictures.
  public static let none = AnalysisDetail(timeline: nil, delays: [], ladders: [])

  /// Pictures of this.
  public init(timeline: Timeline?, delays: [DelayHistogram], ladders: [Ladder]) {
    self.timeline = timeline
    self.delays = delays
    self.ladders = ladders
  }
}

/// How much of single packets an ``AnalysisDetail`` may hold.
public struct DetailBudget: Sendable, Equatable {
  /// Connections that get a ladder.
  public var connections: Int
  /// Packets of one ladder.
  public var packetsPerConnection: Int
  /// Packets, at all points together, of the connections that are looked at once more.
  public var recordsRead: Int
  /// Slices of time in the timeline.
  public var slices: Int

  /// A budget.
  public init(
    connections: Int = 40, packetsPerConnection: Int = 400, recordsRead: Int = 4_000_000, slices: Int = 120
  ) {
    self.connections = connections
    self.packetsPerConnection = packetsPerConnection
    self.recordsRead = recordsRead
    self.slices = slices
  }
}
