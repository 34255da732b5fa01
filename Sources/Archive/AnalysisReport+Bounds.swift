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

  private let report: AnalysisReport

  /// - Throws: `UnreadableValue` with the table where something does not hold.
  static func check(_ report: AnalysisReport) throws {
    let bounds = ReportBounds(report: report)
    try bounds.checkPoints()
    try bounds.checkSegments()
    try bounds.checkConnections()
    try bounds.checkEvents()
    try bounds.checkRewrites()
    try bounds.checkFindings()
  }

  private func require(_ holds: Bool, _ table: String, _ column: String) throws {
    if !holds { throw UnreadableValue(table: table, column: column) }
  }

  private func isPoint(_ position: Int) -> Bool { report.points.indices.contains(position) }

  private func isPair(_ pair: PointPair) -> Bool { pair.near < pair.far && isPoint(pair.near) && isPoint(pair.far) }

  private func isFrame(_ frame: FrameReference) -> Bool {
    isPoint(frame.point) && report.points[frame.point].files.indices.contains(frame.file)
      && isCount(frame.frame)
  }

  private func isCount(_ number: Int) -> Bool { (0...Self.mostCounted).contains(number) }

  private func isTime(_ timeNS: Int64) -> Bool { (-Self.mostNS...Self.mostNS).contains(timeNS) }

  private func checkPoints() throws {
    let reference = report.order.referenceClock
    try require(report.points.isEmpty ? reference == 0 : isPoint(reference), "analysis", "reference_clock")
    for point in report.points {
      try require(isCount(point.packets), "points", "packets")
      try require([point.firstNS, point.lastNS].allSatisfy { $0.map(isTime) ?? true }, "points", "first_ns, last_ns")
      let clock = point.clock
      try require([clock.offsetNS, clock.errorNS].allSatisfy { $0.map(isTime) ?? true }, "points", "clock")
      try require(clock.steps.allSatisfy { isTime($0.timeNS) && isTime($0.byNS) }, "clock_steps", "time_ns, by_ns")
      let capture = point.capture
      let counts = [capture.notCaptured, capture.duplicates, capture.truncated]
      try require(counts.allSatisfy(isCount), "points", "capture")
    }
  }

  private func checkSegments() throws {
    for segment in report.segments {
      try require(isPair(segment.between), "segments", "near, far")
      for ledger in [segment.clientToServer, segment.serverToClient] {
        let counts = [
          ledger.offered, ledger.delivered, ledger.lost, ledger.lostBytes, ledger.notCaptured, ledger.outsideCoverage,
          ledger.undecided, ledger.reordered, ledger.duplicated, ledger.corrupted, ledger.injected, ledger.rewritten,
        ]
        try require(counts.allSatisfy(isCount), "segments", "counts")
        guard let delay = ledger.delay else { continue }
        let times = [delay.minNS, delay.p50NS, delay.p95NS, delay.p99NS, delay.maxNS, delay.errorNS]
        try require(times.allSatisfy(isTime), "segments", "delay")
      }
    }
  }

  private func checkConnections() throws {
    for connection in report.connections {
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

  private func checkEvents() throws {
    for event in report.events {
      try require(isPair(event.between), "events", "near, far")
      try require(event.point.map(isPoint) ?? true, "events", "point")
      try require(isTime(event.timeNS), "events", "time_ns")
      try require(isCount(event.connection) && isCount(event.length), "events", "connection, length")
      try require([event.upstream, event.downstream].allSatisfy { $0.map(isFrame) ?? true }, "events", "frames")
    }
  }

  private func checkRewrites() throws {
    for rewrite in report.rewrites {
      try require(isPair(rewrite.between), "rewrites", "near, far")
      try require(isCount(rewrite.connection) && isCount(rewrite.packets), "rewrites", "connection, packets")
      try require(isFrame(rewrite.firstUpstream) && isFrame(rewrite.firstDownstream), "rewrites", "frames")
    }
  }

  private func checkFindings() throws {
    for finding in report.findings {
      try require(finding.between.map(isPair) ?? true, "findings", "near, far")
      try require(finding.point.map(isPoint) ?? true, "findings", "point")
      try require(isCount(finding.packets) && finding.connections.allSatisfy(isCount), "findings", "packets")
      try require(finding.evidence.allSatisfy { isFrame($0.frame) }, "finding_evidence", "frame")
    }
  }
}
