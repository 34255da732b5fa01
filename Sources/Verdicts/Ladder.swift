/// Single packets of one connection on their way along the points: what a ladder diagram is drawn from.
public struct Ladder: Sendable, Equatable {
  /// Id of the connection in the report.
  public var connection: Int
  /// Packets of the connection, each counted once however many points have it.
  public var packetsInAll: Int
  /// The packets shown, by the time of their first sighting: all, or those around the trouble.
  public var packets: [Packet]

  /// A ladder of these packets.
  public init(connection: Int, packetsInAll: Int, packets: [Packet]) {
    self.connection = connection
    self.packetsInAll = packetsInAll
    self.packets = packets
  }

  /// One transmission and where it was seen.
  public struct Packet: Sendable, Equatable {
    /// From which side it came.
    public var direction: Direction
    /// TCP flags; `nil` for other protocols.
    public var flags: UInt8?
    /// TCP sequence number as on the wire at its first sighting; `nil` for other protocols.
    public var sequence: UInt32?
    /// Its first byte counted from the initial sequence number, so that points agree on it however it is translated.
    public var offset: Int64?
    /// What it acknowledges, counted in the same way; `nil` without the ACK bit.
    public var ackOffset: Int64?
    /// Payload bytes.
    public var length: Int
    /// Where it was seen, in the order of its way.
    public var sightings: [Sighting]
    /// What became of it after the last sighting.
    public var fate: Fate
    /// Indices into the report's events of what happened to it.
    public var events: [Int]
    /// Packets before it, since the one shown before, that are not shown.
    public var skipped: Int

    /// A packet with these facts.
    public init(
      direction: Direction, flags: UInt8?, sequence: UInt32?, offset: Int64?, ackOffset: Int64?, length: Int,
      sightings: [Sighting], fate: Fate, events: [Int], skipped: Int = 0
    ) {
      self.direction = direction
      self.flags = flags
      self.sequence = sequence
      self.offset = offset
      self.ackOffset = ackOffset
      self.length = length
      self.sightings = sightings
      self.fate = fate
      self.events = events
      self.skipped = skipped
    }

    /// Whether something happened to it, or its way ends before the last point.
    public var isTroubled: Bool { !events.isEmpty || fate == .lost || fate == .notCaptured }
  }

  /// The same ladder with at most so many packets: those around the trouble.
  public func shortened(to most: Int) -> Ladder {
    guard packets.count > most else { return self }
    let kept = TroubleWindow.indices(
      of: packets.count, troubled: packets.indices.filter { packets[$0].isTroubled }, most: most)
    var shorter = Ladder(connection: connection, packetsInAll: packetsInAll, packets: [])
    var next = 0
    for index in kept {
      var packet = packets[index]
      // What was left out before stays left out, and each packet between this one and the last one joins it.
      packet.skipped += packets[next..<index].reduce(0) { $0 + 1 + $1.skipped }
      shorter.packets.append(packet)
      next = index + 1
    }
    return shorter
  }

  /// A packet at one point.
  public struct Sighting: Sendable, Equatable {
    /// The frame.
    public var frame: FrameReference
    /// When, by the reference clock, in nanoseconds since the Unix epoch.
    public var timeNS: Int64

    /// A sighting of this frame.
    public init(frame: FrameReference, timeNS: Int64) {
      self.frame = frame
      self.timeNS = timeNS
    }
  }

  /// What became of a packet after the last point that has it.
  public enum Fate: UInt8, Sendable, Hashable, CaseIterable {
    /// It was seen at the last point of its way.
    case arrived
    /// It was lost behind the last sighting.
    case lost
    /// It went on, but the next capture lacks it.
    case notCaptured
    /// It went on as part of another packet, of which it is the same bytes.
    case merged
    /// The evidence does not decide, or the next capture was not running.
    case open
    /// A box behind the last sighting took it in and answered itself.
    case answered

    /// The word of the page.
    public var word: String {
      switch self {
      case .arrived: "arrived"
      case .lost: "lost"
      case .notCaptured: "not-captured"
      case .merged: "merged"
      case .open: "open"
      case .answered: "answered"
      }
    }
  }
}
