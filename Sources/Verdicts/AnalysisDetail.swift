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

/// How much of single packets an ``AnalysisDetail`` may hold, and how much work it may be to find them.
public struct DetailBudget: Sendable, Equatable {
  /// Connections that get a ladder.
  public var connections: Int
  /// Packets of one ladder.
  public var packetsPerConnection: Int
  /// Packets of all ladders: none begins once there are so many.
  public var packets: Int
  /// Packets, at all points together, of one connection that is looked at once more; a longer one gets no ladder.
  public var recordsPerConnection: Int
  /// Packets, at all points together, of all connections that are looked at once more: none is, once there are so many.
  public var records: Int
  /// Slices of time in the timeline; 0 for no timeline.
  public var slices: Int

  /// A budget.
  public init(
    connections: Int, packetsPerConnection: Int, packets: Int, recordsPerConnection: Int, records: Int, slices: Int
  ) {
    self.connections = connections
    self.packetsPerConnection = packetsPerConnection
    self.packets = packets
    self.recordsPerConnection = recordsPerConnection
    self.records = records
    self.slices = slices
  }

  /// For a page, which has pictures of everything.
  public static let page = DetailBudget(
    connections: 100, packetsPerConnection: 400, packets: 20_000, recordsPerConnection: 4_000_000, records: 1_000_000,
    slices: 120)
  /// For an archive, which is to cost little beside the analysis.
  public static let archive = DetailBudget(
    connections: 100, packetsPerConnection: 400, packets: 20_000, recordsPerConnection: 4_000_000, records: 300_000,
    slices: 0)
}
