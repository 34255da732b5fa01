import Flows
import Matching
import Packets

/// When a connection was reset across a segment: the first RST of a side of which both of its ends captured one.
///
/// They need not be one packet: boxes translate the number of a RST wrongly.
struct SegmentReset {
  /// Nanoseconds by the clock of the segment's upstream point; `nil` if no RST passed.
  let timeNS: Int64?

  /// Looks at the segment behind a place of the path.
  init(_ context: TraceContext, place: Int) {
    let (here, there) = (context.trace.path[place], context.trace.path[place + 1])
    guard context.sawReset(at: here), context.sawReset(at: there) else {
      timeNS = nil
      return
    }
    let times = [context.trace, context.reverse].compactMap { trace in
      Self.first(in: trace, at: there) == nil ? nil : Self.first(in: trace, at: here)
    }
    timeNS = times.min()
  }

  private static func first(in trace: DirectionTrace, at position: Int) -> Int64? {
    guard let place = trace.path.firstIndex(of: position) else { return nil }
    let index = trace.ranges[place].first {
      trace.transmissions[$0].record.isRST && !trace.transmissions[$0].record.isICMPError
    }
    return index.map { trace.transmissions[$0].record.timeNS }
  }
}

extension TraceContext {
  /// Whether a point may have seen a RST of the connection, by what was noted as it was read.
  fileprivate func sawReset(at position: Int) -> Bool {
    let group = matched.groups[group]
    guard group.members[position] >= 0, group.leaks.isEmpty else { return true }
    let connection = matched.points[position].connections[Int(group.members[position])]
    return connection.clientSide.sawReset || connection.serverSide.sawReset
  }
}
