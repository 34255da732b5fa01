/// A path with a capture at each of its points: packets go in at the ends, frames come out at every point.
///
///     client ── point 0 ──hop 0── point 1 ──hop 1── … ── point n−1 ── server
///
/// Delays are true time; each point writes times by its own clock.
public struct PathSimulation: Sendable {
  /// The points in path order.
  public var points: [Point]
  /// What each point captured so far, in no order.
  private var captured: [[CapturedFrame]]

  /// A point and the hop behind it.
  public struct Point: Sendable {
    /// Its clock minus true time, in nanoseconds.
    public var clockNS: Int64
    /// Time to the next point, from the clients, in nanoseconds.
    public var delayNS: Int64 = 1_000_000
    /// Time from the next point, towards the clients, in nanoseconds.
    public var returnDelayNS: Int64 = 1_000_000
    /// Routers between this point and the next.
    public var routers = 1
    /// Whether packets towards the far end are captured.
    public var seesForward = true
    /// Whether packets towards the near end are captured.
    public var seesBackward = true

    /// A point with this clock.
    public init(clockNS: Int64 = 0) { self.clockNS = clockNS }
  }

  /// A path of points in step.
  public init(points: Int) { self.init(clocksNS: Array(repeating: 0, count: points)) }

  /// A path of points with these clocks, in nanoseconds minus true time.
  public init(clocksNS: [Int64]) {
    points = clocksNS.map { Point(clockNS: $0) }
    captured = Array(repeating: [], count: clocksNS.count)
  }

  /// Sends all that is said in a conversation.
  public mutating func send(_ conversation: Conversation) {
    precondition(conversation.legs.count == points.count, "a conversation has one leg for each point")
    for transmission in conversation.transmissions { send(transmission, of: conversation) }
  }

  private mutating func send(_ transmission: Conversation.Transmission, of conversation: Conversation) {
    let forward = transmission.fromClient != conversation.clientIsFar
    var timeNS = transmission.timeNS
    var hops = 0
    for position in forward ? Array(points.indices) : points.indices.reversed() {
      let point = points[position]
      if !forward, position + 1 < points.count { timeNS += point.returnDelayNS }
      if !forward, position + 1 < points.count { hops += point.routers }
      if forward ? point.seesForward : point.seesBackward, !transmission.missedAt.contains(position) {
        let frame = conversation.packet(transmission, at: position, hops: hops).ethernet()
        captured[position].append(CapturedFrame(timeNS: timeNS + point.clockNS, bytes: frame))
      }
      if transmission.lostAfter == position { return }
      if forward {
        timeNS += point.delayNS
        hops += point.routers
      }
    }
  }

  /// The frames of each point in the order of capture.
  public var captures: [[CapturedFrame]] {
    captured.map { frames in
      // The standard sort is stable: what was sent first stays first.
      frames.sorted { $0.timeNS < $1.timeNS }
    }
  }
}
