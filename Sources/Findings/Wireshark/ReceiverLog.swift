import Correlation
import Packets
import Verdicts

/// What the receiver of one direction had told of the bytes that it got, as one point saw it.
struct ReceiverLog {
  private struct Report {
    let sighting: PacketEvent.Sighting
    /// The most that was acknowledged up to here, as a stream offset.
    let reached: Int64
    /// The first SACK block, in stream offsets.
    let sack: Range<Int64>?
    /// What this segment itself acknowledges.
    let acknowledged: Int64
  }

  private var reports: [Report] = []

  /// Reports looked at around a segment for the blocks that name it.
  private static let reach = 512

  /// The log at a point, of the segments that travel against a direction.
  init(_ table: WayTable, of direction: Direction, at position: Int) {
    let said = table.ways.compactMap { way -> (PacketWay, PacketEvent.Sighting)? in
      guard way.direction != direction, way.isTCP, way.record.hasACK, !way.record.isRST,
        let sighting = way.sighting(at: position)
      else { return nil }
      return (way, sighting)
    }.sorted { $0.1.precedes($1.1) }
    var reached = Int64.min
    for (way, sighting) in said {
      reached = max(reached, way.ackOffset)
      var sack: Range<Int64>?
      if way.record.sackBlocks > 0, !way.record.isSYN {
        let left = way.ackOffset + Int64(Int32(bitPattern: way.record.sackLeft &- way.record.acknowledgement))
        let length = Int64(Int32(bitPattern: way.record.sackRight &- way.record.sackLeft))
        if length > 0 { sack = left..<left + length }
      }
      reports.append(Report(sighting: sighting, reached: reached, sack: sack, acknowledged: way.ackOffset))
    }
  }

  /// The report, before a segment passed the point, that all of these bytes had arrived.
  func arrival(of bytes: Range<Int64>, before segment: PacketEvent.Sighting) -> PacketEvent.Sighting? {
    let passed = firstIndex { !$0.sighting.precedes(segment) }
    let cumulative = firstIndex { $0.reached >= bytes.upperBound }
    if cumulative < passed { return reports[cumulative].sighting }
    return reports[max(0, passed - Self.reach)..<passed].first { $0.sack.map { $0.contains(bytes) } ?? false }?.sighting
  }

  /// The report, after a segment passed the point, that its bytes came twice (RFC 2883, 4).
  func secondArrival(of bytes: Range<Int64>, after segment: PacketEvent.Sighting) -> PacketEvent.Sighting? {
    let passed = firstIndex { !$0.sighting.precedes(segment) }
    return reports[passed..<min(reports.count, passed + Self.reach)].first { report in
      report.sack.map { $0.upperBound <= report.acknowledged && $0.contains(bytes) } ?? false
    }?.sighting
  }

  /// The first report of which it holds, as of all that follow it.
  private func firstIndex(where holds: (Report) -> Bool) -> Int {
    var (low, high) = (0, reports.count)
    while low < high {
      let middle = (low + high) / 2
      if holds(reports[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
