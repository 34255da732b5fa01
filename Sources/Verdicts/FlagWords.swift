/// What Wireshark's words for the segments at each point come to when all points are looked at together.
///
/// Plain values beside the ``AnalysisReport`` that they belong to, with the same positions and connection ids.
public struct FlagWords: Sendable, Equatable {
  /// The points in path order.
  public var points: [Point]
  /// Single words with their cause, those that mislead first, then by point and frame; of each point, word and verdict
  /// no more than the budget allows.
  public var words: [Word]
  /// Connections with such words that were too many packets to follow; their words are undecided.
  public var connectionsNotFollowed: Int

  /// Words like these.
  public init(points: [Point], words: [Word], connectionsNotFollowed: Int = 0) {
    self.points = points
    self.words = words
    self.connectionsNotFollowed = connectionsNotFollowed
  }

  /// What is said at one point.
  public struct Point: Sendable, Equatable {
    /// How often each word is said, in the order of ``WiresharkWord``; words that are not said are left out.
    public var counts: [Count]

    /// A point with these counts.
    public init(counts: [Count]) { self.counts = counts }
  }

  /// One word at one point.
  public struct Count: Sendable, Equatable {
    /// The word.
    public var word: WiresharkWord
    /// Frames of which Wireshark says it.
    public var said: Int
    /// Of these, how many it is true of.
    public var correct: Int
    /// Of these, how many it misleads about.
    public var misleading: Int
    /// What was behind it, each cause once, the most frequent first; ``FlagCause/undecided`` is among them.
    public var causes: [Share]

    /// A count.
    public init(word: WiresharkWord, said: Int, correct: Int = 0, misleading: Int = 0, causes: [Share] = []) {
      self.word = word
      self.said = said
      self.correct = correct
      self.misleading = misleading
      self.causes = causes
    }

    /// How many the captures do not decide; 0 for words that are only counted.
    public var undecided: Int { word.isJudged ? said - correct - misleading : 0 }
  }

  /// How often a cause was behind a word.
  public struct Share: Sendable, Equatable {
    /// The cause.
    public var cause: FlagCause
    /// Frames.
    public var frames: Int

    /// A share.
    public init(cause: FlagCause, frames: Int) {
      self.cause = cause
      self.frames = frames
    }
  }

  /// What Wireshark says of one frame, and what it was.
  public struct Word: Sendable, Equatable {
    /// What Wireshark says.
    public var word: WiresharkWord
    /// The frame of which it is said.
    public var frame: FrameReference
    /// Id of its connection.
    public var connection: Int
    /// The frame's direction.
    public var direction: Direction
    /// Whether the word is true.
    public var verdict: Verdict
    /// What was behind it.
    public var cause: FlagCause
    /// The segment where that happened, if it happened on one.
    public var between: PointPair?
    /// Frames that prove it.
    public var proof: [Proof]

    /// A word with its cause.
    public init(
      word: WiresharkWord, frame: FrameReference, connection: Int, direction: Direction, verdict: Verdict,
      cause: FlagCause, between: PointPair? = nil, proof: [Proof] = []
    ) {
      self.word = word
      self.frame = frame
      self.connection = connection
      self.direction = direction
      self.verdict = verdict
      self.cause = cause
      self.between = between
      self.proof = proof
    }
  }

  /// Whether a word is true.
  public enum Verdict: UInt8, Sendable, Hashable, CaseIterable {
    /// It describes something else than what happened.
    case misleading
    /// It describes what happened.
    case correct
    /// The captures do not tell.
    case undecided

    /// The word of the report: `misleading`, `true` or `undecided`.
    public var word: String {
      switch self {
      case .misleading: "misleading"
      case .correct: "true"
      case .undecided: "undecided"
      }
    }
  }

  /// A frame and what it shows.
  public struct Proof: Sendable, Hashable {
    /// The frame.
    public var frame: FrameReference
    /// What it shows.
    public var shows: Role

    /// A piece of proof.
    public init(frame: FrameReference, shows: Role) {
      self.frame = frame
      self.shows = shows
    }
  }

  /// What a frame that proves something shows.
  public enum Role: UInt8, Sendable, Hashable, CaseIterable {
    /// The bytes when they were sent before.
    case sentBefore
    /// The packet where it was seen last before it was lost.
    case lost
    /// The packet with its checksum broken.
    case corrupt
    /// The receiver acknowledges the bytes.
    case acknowledged
    /// The receiver reports that it got the bytes twice (RFC 2883).
    case reportedTwice
    /// The packet in its place, before it was overtaken.
    case inOrder
    /// The packet behind one that was sent after it.
    case overtaken
    /// A packet that was sent after it and came first.
    case overtook
    /// The packet that it is a copy of.
    case copied
    /// The packet elsewhere, which this capture lacks.
    case seenElsewhere
    /// The packet that the word takes for missing, later in the same capture.
    case cameLater
    /// The number that was there before it was changed.
    case unchanged

    /// The word of the report.
    public var word: String {
      switch self {
      case .sentBefore: "sent-before"
      case .lost: "lost"
      case .corrupt: "corrupt"
      case .acknowledged: "acknowledged"
      case .reportedTwice: "reported-twice"
      case .inOrder: "in-order"
      case .overtaken: "overtaken"
      case .overtook: "overtook"
      case .copied: "copied"
      case .seenElsewhere: "seen-elsewhere"
      case .cameLater: "came-later"
      case .unchanged: "unchanged"
      }
    }
  }
}

/// How much of single packets a ``FlagWords`` may look at and hold.
public struct WordBudget: Sendable, Equatable {
  /// Packets, at all points together, of the connections that are followed once more.
  public var recordsRead: Int
  /// Words that are listed with their frames, of each point, word and verdict.
  public var wordsListed: Int

  /// A budget.
  public init(recordsRead: Int = 8_000_000, wordsListed: Int = 200) {
    self.recordsRead = recordsRead
    self.wordsListed = wordsListed
  }
}

/// A word of Wireshark's TCP analysis.
public enum WiresharkWord: UInt8, Sendable, Hashable, CaseIterable, Comparable {
  /// Sent before.
  case retransmission
  /// Sent again after duplicate ACKs.
  case fastRetransmission
  /// Sent again though acknowledged.
  case spuriousRetransmission
  /// Below the highest number, within a round trip.
  case outOfOrder
  /// "Previous segment not captured".
  case lostSegment
  /// "ACKed segment that wasn't captured".
  case ackLostSegment
  /// The acknowledgement before it once more.
  case duplicateAck
  /// A segment that keeps a silent connection up.
  case keepAlive
  /// Its answer.
  case keepAliveAck
  /// The receive window is closed.
  case zeroWindow
  /// One byte into a closed window.
  case zeroWindowProbe
  /// Its answer.
  case zeroWindowProbeAck
  /// The receive window changed.
  case windowUpdate
  /// The receive window is filled.
  case windowFull

  /// The last part of the field's name in Wireshark, `tcp.analysis.` before it.
  public var name: String {
    switch self {
    case .retransmission: "retransmission"
    case .fastRetransmission: "fast_retransmission"
    case .spuriousRetransmission: "spurious_retransmission"
    case .outOfOrder: "out_of_order"
    case .lostSegment: "lost_segment"
    case .ackLostSegment: "ack_lost_segment"
    case .duplicateAck: "duplicate_ack"
    case .keepAlive: "keep_alive"
    case .keepAliveAck: "keep_alive_ack"
    case .zeroWindow: "zero_window"
    case .zeroWindowProbe: "zero_window_probe"
    case .zeroWindowProbeAck: "zero_window_probe_ack"
    case .windowUpdate: "window_update"
    case .windowFull: "window_full"
    }
  }

  /// Whether several points can tell if it is true; the others are only counted.
  public var isJudged: Bool { rawValue <= Self.ackLostSegment.rawValue }

  /// In the order in which Wireshark's flags are written.
  public static func < (left: WiresharkWord, right: WiresharkWord) -> Bool { left.rawValue < right.rawValue }
}

/// What was behind one of Wireshark's words.
public enum FlagCause: UInt8, Sendable, Hashable, CaseIterable {
  /// The bytes were lost on a segment, and this repairs it.
  case answersLoss
  /// The bytes arrived with a broken checksum, and this repairs it.
  case answersCorruption
  /// The bytes were sent before; what became of them is not decided.
  case repeated
  /// The receiver had the bytes already.
  case needless
  /// The packet that is missing was lost on a segment before this point.
  case lostUpstream
  /// Sent once, and overtaken on a segment: nothing was lost.
  case reordered
  /// A copy that the network made.
  case networkCopy
  /// A copy that the capture made.
  case captureCopy
  /// The capture changed the order of packets that were microseconds apart.
  case captureOrder
  /// The packet passed the point, and its capture missed it.
  case captureMissed
  /// The packet passed the point while its capture paused.
  case capturePaused
  /// The capture holds one direction only.
  case oneDirection
  /// The acknowledgement number was changed on the way.
  case changedNumber
  /// The captures do not tell.
  case undecided

  /// The word of the report.
  public var word: String {
    switch self {
    case .answersLoss: "answers-loss"
    case .answersCorruption: "answers-corruption"
    case .repeated: "repeated"
    case .needless: "needless"
    case .lostUpstream: "lost-upstream"
    case .reordered: "reordered"
    case .networkCopy: "network-copy"
    case .captureCopy: "capture-copy"
    case .captureOrder: "capture-order"
    case .captureMissed: "capture-missed"
    case .capturePaused: "capture-paused"
    case .oneDirection: "one-direction"
    case .changedNumber: "changed-number"
    case .undecided: "undecided"
    }
  }

  /// Whether a word is true where this is behind it.
  public func verdict(on word: WiresharkWord) -> FlagWords.Verdict {
    switch (word, self) {
    case (_, .undecided): .undecided
    case (.retransmission, .answersLoss), (.retransmission, .answersCorruption), (.retransmission, .repeated): .correct
    case (.fastRetransmission, .answersLoss), (.fastRetransmission, .answersCorruption): .correct
    // It was sent twice; whether anything was lost before is open.
    case (.fastRetransmission, .repeated), (.spuriousRetransmission, .repeated): .undecided
    case (.spuriousRetransmission, .needless): .correct
    case (.outOfOrder, .reordered), (.lostSegment, .lostUpstream): .correct
    case (.ackLostSegment, .captureMissed), (.ackLostSegment, .capturePaused), (.ackLostSegment, .oneDirection):
      .correct
    default: .misleading
    }
  }
}
