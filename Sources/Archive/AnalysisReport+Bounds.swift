import Verdicts

/// What a report that was read must hold before anybody relies on it: an archive may come from anywhere, and its own
/// declarations of keys and ranges with it.
///
/// Every position, file and connection is one of the report's own; counts and times are so small that sums and
/// differences of a few of them never overflow.
struct ReportBounds {
  /// Times and delays in nanoseconds lie between this and its negative.
  static let mostNS = Int64.max / 2
  /// No more packets or bytes than this are counted.
  static let mostCounted = 1 << 48

  private let points: [PointReport]

  /// - Throws: `UnreadableValue` with the table where something does not hold.
  static func check(_ report: AnalysisReport) throws {
    let bounds = ReportBounds(points: report.points)
    try bounds.checkPoints(report.order.referenceClock)
    try bounds.checkSegments(report.segments)
    try bounds.checkConnections(report.connections)
    try bounds.checkEvents(report.events)
    try bounds.checkRewrites(report.rewrites)
    try bounds.checkFindings(report.findings)
  }

  /// Of a ladder: that its frames and events are there; a report with these points, and so many events, holds it.
  ///
  /// - Throws: `UnreadableValue` as ``check(_:)`` does.
  static func check(_ ladder: Ladder, points: [PointReport], events: Int) throws {
    try ReportBounds(points: points).checkLadder(ladder, events: events)
  }

  /// Of delays: that they are whole distributions, between these points.
  ///
  /// - Throws: `UnreadableValue` as ``check(_:)`` does.
  static func check(_ delays: [DelayHistogram], points: [PointReport]) throws {
    let bounds = ReportBounds(points: points)
    for histogram in delays { try bounds.checkDelays(histogram) }
  }

  private func require(_ holds: Bool, _ table: String, _ column: String) throws {
    if !holds { throw UnreadableValue(table: table, column: column) }
  }

  private func isPoint(_ position: Int) -> Bool { points.indices.contains(position) }

  private func isPair(_ pair: PointPair) -> Bool { pair.near < pair.far && isPoint(pair.near) && isPoint(pair.far) }

  private func isFrame(_ frame: FrameReference) -> Bool {
    isPoint(frame.point) && points[frame.point].files.indices.contains(frame.file)
      && isCount(frame.frame)
  }

  private func isCount(_ number: Int) -> Bool { (0...Self.mostCounted).contains(number) }

  private func isTime(_ timeNS: Int64) -> Bool { (-Self.mostNS...Self.mostNS).contains(timeNS) }

  private func checkPoints(_ reference: Int) throws {
    try require(points.isEmpty ? reference == 0 : isPoint(reference), "analysis", "reference_clock")
    for point in points {
      try require(isCount(point.packets), "points", "packets")
      try require([point.firstNS, point.lastNS].allSatisfy { $0.map(isTime) ?? true }, "points", "first_ns, last_ns")
      let clock = point.clock
      try require([clock.offsetNS, clock.errorNS].allSatisfy { $0.map(isTime) ?? true }, "points", "clock")
      try require(clock.errorNS ?? 0 >= 0, "points", "clock_error_ns")
      try require(clock.steps.allSatisfy { isTime($0.timeNS) && isTime($0.byNS) }, "clock_steps", "time_ns, by_ns")
      let capture = point.capture
      let counts = [capture.notCaptured, capture.duplicates, capture.truncated]
      try require(counts.allSatisfy(isCount), "points", "capture")
    }
  }

  private func checkSegments(_ segments: [SegmentReport]) throws {
    for segment in segments {
      try require(isPair(segment.between), "segments", "near, far")
      for ledger in [segment.clientToServer, segment.serverToClient] {
        let counts = [
          ledger.offered, ledger.delivered, ledger.lost, ledger.lostBytes, ledger.notCaptured, ledger.outsideCoverage,
          ledger.undecided, ledger.reordered, ledger.duplicated, ledger.corrupted, ledger.injected, ledger.rewritten,
        ]
        try require(counts.allSatisfy(isCount), "segments", "counts")
        guard let delay = ledger.delay else { continue }
        let times = [delay.minNS, delay.p50NS, delay.p95NS, delay.p99NS, delay.maxNS, delay.errorNS]
        try require(times.allSatisfy(isTime) && delay.errorNS >= 0, "segments", "delay")
      }
    }
  }

  private func checkConnections(_ connections: ReportList<ConnectionReport>) throws {
    for connection in connections {
      try require(connection.legs.allSatisfy { isPoint($0.point) }, "legs", "point")
      try require(connection.terminatedBetween.map(isPair) ?? true, "connections", "terminated_near, terminated_far")
      try require(isTime(connection.startNS) && isTime(connection.endNS), "connections", "start_ns, end_ns")
      let counts = [
        connection.id, connection.bytesClientToServer, connection.bytesServerToClient, connection.events,
        connection.lost,
      ]
      try require(counts.allSatisfy(isCount), "connections", "counts")
    }
  }

  private func checkEvents(_ events: ReportList<Event>) throws {
    for event in events {
      try require(isPair(event.between), "events", "near, far")
      try require(event.point.map(isPoint) ?? true, "events", "point")
      try require(isTime(event.timeNS), "events", "time_ns")
      try require(isCount(event.connection) && isCount(event.length), "events", "connection, length")
      try require([event.upstream, event.downstream].allSatisfy { $0.map(isFrame) ?? true }, "events", "frames")
    }
  }

  private func checkRewrites(_ rewrites: ReportList<RewriteRule>) throws {
    for rewrite in rewrites {
      try require(isPair(rewrite.between), "rewrites", "near, far")
      try require(isCount(rewrite.connection) && isCount(rewrite.packets), "rewrites", "connection, packets")
      try require(isFrame(rewrite.firstUpstream) && isFrame(rewrite.firstDownstream), "rewrites", "frames")
    }
  }

  private func checkFindings(_ findings: [Finding]) throws {
    for finding in findings {
      try require(finding.between.map(isPair) ?? true, "findings", "near, far")
      try require(finding.point.map(isPoint) ?? true, "findings", "point")
      try require(isCount(finding.packets) && finding.connections.allSatisfy(isCount), "findings", "packets")
      try require(finding.evidence.allSatisfy { isFrame($0.frame) }, "finding_evidence", "frame")
    }
  }

  private func checkLadder(_ ladder: Ladder, events: Int) throws {
    try require(isCount(ladder.packetsInAll), "ladders", "packets_in_all")
    var skipped = 0
    for packet in ladder.packets {
      let frames = packet.sightings.allSatisfy { isFrame($0.frame) && isTime($0.timeNS) }
      try require(frames && packet.events.allSatisfy((0..<events).contains), "ladders", "packets: frames, events")
      let numbers = [packet.offset, packet.ackOffset].allSatisfy { $0.map(isTime) ?? true }
      try require(numbers && isCount(packet.length) && isCount(packet.skipped), "ladders", "packets: counts")
      skipped += packet.skipped
      try require(isCount(skipped), "ladders", "packets: counts")
    }
  }

  private func checkDelays(_ delays: DelayHistogram) throws {
    try require(isPair(delays.between), "delays", "near, far")
    try require(
      isTime(delays.lowNS) && delays.widthNS >= 1
        && delays.widthNS <= Self.mostNS / Int64(max(1, delays.counts.count)), "delays", "low_ns, width_ns")
    var left = delays.sampled
    for count in delays.counts + [delays.longer] {
      try require(isCount(left) && isCount(count), "delays", "counts")
      left -= count
    }
    try require(left == 0, "delays", "sampled")
    let percentiles = delays.percentilesNS
    try require(
      percentiles.count == (delays.sampled == 0 ? 0 : 101) && percentiles.allSatisfy(isTime)
        && zip(percentiles, percentiles.dropFirst()).allSatisfy { $0 <= $1 }, "delays", "percentiles_ns")
  }
}
