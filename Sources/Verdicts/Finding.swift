/// One thing that the analysis says about the path, in the user's words, with the frames that show it.
public struct Finding: Sendable, Equatable {
  /// A stable name such as `loss` or `ack-mangled`.
  public var kind: String
  /// How much it matters.
  public var severity: Severity
  /// The segment where it happens, if it happens on one.
  public var between: PointPair?
  /// The point that it concerns, if it concerns one host or one capture.
  public var point: Int?
  /// The direction, if only one is concerned.
  public var direction: Direction?
  /// One line.
  public var title: String
  /// What happened, what it did, what else could explain it.
  public var explanation: String
  /// 0 to 1.
  public var confidence: Double
  /// Ids of the connections concerned.
  public var connections: [Int]
  /// Packets concerned.
  public var packets: Int
  /// Frames that show it.
  public var evidence: [Evidence]
  /// How to confirm it: a display filter, a counter to read, a test to make.
  public var confirm: String

  /// A frame and what it says.
  public struct Evidence: Sendable, Equatable {
    /// The frame.
    public var frame: FrameReference
    /// What is to be seen in it.
    public var says: String

    /// A piece of evidence.
    public init(frame: FrameReference, says: String) {
      self.frame = frame
      self.says = says
    }
  }

  /// A finding that says this.
  public init(
    kind: String, severity: Severity, between: PointPair? = nil, point: Int? = nil, direction: Direction? = nil,
    title: String, explanation: String, confidence: Double, connections: [Int] = [], packets: Int = 0,
    evidence: [Evidence] = [], confirm: String
  ) {
    self.kind = kind
    self.severity = severity
    self.between = between
    self.point = point
    self.direction = direction
    self.title = title
    self.explanation = explanation
    self.confidence = confidence
    self.connections = connections
    self.packets = packets
    self.evidence = evidence
    self.confirm = confirm
  }
}
