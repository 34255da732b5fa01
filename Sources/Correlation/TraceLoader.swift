import Flows
import Matching
import Packets

/// Lays out the packets of one connection and direction along its path, in stream offsets.
struct TraceLoader {
  private let group: ConnectionGroup
  private let points: [PointTraffic]
  /// The initial sequence numbers at each point.
  let bases: SequenceBases
  private let isTCP: Bool

  init(group: ConnectionGroup, points: [PointTraffic]) {
    self.group = group
    self.points = points
    bases = SequenceBases(group: group, points: points)
    isTCP =
      group.presentPoints.first.map {
        points[$0].connections[Int(group.members[$0])].transport == TransportProtocol.tcp
      } ?? false
  }

  /// The trace of one direction over these positions, upstream first.
  func load(path: [Int], fromClient: Bool) -> DirectionTrace {
    var trace = DirectionTrace(path: path, transmissions: [], ranges: [], isTCP: isTCP)
    for (place, position) in path.enumerated() {
      let start = trace.transmissions.count
      if group.members[position] >= 0 {
        append(position: position, place: Int32(place), fromClient: fromClient, to: &trace.transmissions)
      }
      trace.ranges.append(start..<trace.transmissions.count)
    }
    return trace
  }

  private func append(position: Int, place: Int32, fromClient: Bool, to transmissions: inout [Transmission]) {
    let traffic = points[position]
    let own = fromClient ? bases.client[position] : bases.server[position]
    let other = fromClient ? bases.server[position] : bases.client[position]
    var reached: Int64 = 0
    var acknowledged: Int64 = 0
    for (ordinal, flipped) in ordinals(at: position) {
      let record = traffic.records[Int(ordinal)]
      guard (record.marks.contains(.fromClient) != flipped) == fromClient, !record.marks.contains(.captureCopy)
      else { continue }
      guard isTCP, !record.marks.contains(.icmpError) else {
        transmissions.append(
          Transmission(
            record: record, place: place, offset: Int64(record.sequence), ackOffset: 0, sackOffset: 0))
        continue
      }
      let offset = Self.unwrap(record.sequence &- own, near: reached)
      let ackOffset = Self.unwrap(record.acknowledgement &- other, near: acknowledged)
      // A RST carries whatever number its sender thought of; the stream goes on where it was.
      if !record.isRST {
        reached = max(reached, offset)
        if record.hasACK { acknowledged = max(acknowledged, ackOffset) }
      }
      let sackOffset =
        record.sackBlocks > 0 && !record.isSYN ? Self.unwrap(record.sackLeft &- other, near: acknowledged) : 0
      transmissions.append(
        Transmission(record: record, place: place, offset: offset, ackOffset: ackOffset, sackOffset: sackOffset))
    }
  }

  /// Ordinals of the connection's packets at a point, in the order of capture, those that leaked untranslated among them.
  private func ordinals(at position: Int) -> [(ordinal: UInt32, flipped: Bool)] {
    let traffic = points[position]
    let own = traffic.ordinals(of: Int(group.members[position])).map { ($0, group.flipped[position]) }
    let leaks = group.leaks.filter { $0.point == position }
    if leaks.isEmpty { return own }
    let leaked = leaks.flatMap { leak in traffic.ordinals(of: Int(leak.connection)).map { ($0, leak.flipped) } }
    return (own + leaked).sorted { $0.0 < $1.0 }
  }

  /// The 64-bit offset with these lower 32 bits that is nearest to `near`.
  @inline(__always)
  static func unwrap(_ offset: UInt32, near: Int64) -> Int64 {
    near + Int64(Int32(bitPattern: offset &- UInt32(truncatingIfNeeded: near)))
  }
}
