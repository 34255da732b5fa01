/// Everything that one analysis says: the value that every report, the archive and the diffs are made of.
///
/// Points are named by their position in path order, connections by their index in ``connections``.
public struct AnalysisReport: Sendable, Equatable {
  /// How the order of the points was found.
  public var order: PathOrder
  /// The points in path order, client first.
  public var points: [PointReport]
  /// The ledgers, by position.
  public var segments: [SegmentReport]
  /// The connections, those with most trouble first.
  public var connections: ReportList<ConnectionReport>
  /// What happened to single packets, by time.
  public var events: ReportList<Event>
  /// Rules by which boxes rewrote packets.
  public var rewrites: ReportList<RewriteRule>
  /// What it all means, faults first.
  public var findings: [Finding]
  /// What was skipped or could not be read, in whole sentences.
  public var remarks: [String]

  /// An analysis that says this.
  public init(
    order: PathOrder, points: [PointReport], segments: [SegmentReport], connections: [ConnectionReport],
    events: [Event], rewrites: [RewriteRule], findings: [Finding], remarks: [String]
  ) {
    self.order = order
    self.points = points
    self.segments = segments
    self.connections = ReportList(connections)
    self.events = ReportList(events)
    self.rewrites = ReportList(rewrites)
    self.findings = findings
    self.remarks = remarks
  }
}

/// How the order of the points was found.
public struct PathOrder: Sendable, Equatable {
  /// Where the order comes from.
  public enum Source: Sendable, Equatable {
    /// The user gave it.
    case given
    /// The traffic shows it.
    case inferred
  }
  /// Where the order comes from.
  public var source: Source
  /// 0 to 1; 1 where the user gave the order.
  public var confidence: Double
  /// Position of the point whose clock all times are given in.
  public var referenceClock: Int
  /// What the order rests on, in words ("round trips", "TTL", …), and what stays unsure.
  public var evidence: [String]

  /// An order found like this.
  public init(source: Source, confidence: Double, referenceClock: Int, evidence: [String]) {
    self.source = source
    self.confidence = confidence
    self.referenceClock = referenceClock
    self.evidence = evidence
  }
}
