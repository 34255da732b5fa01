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
  ///
  /// - Parameter limit: packets of each point that are loaded at most.
  func load(path: [Int], fromClient: Bool, limit: Int = .max) -> DirectionTrace {
    var trace = DirectionTrace(path: [], transmissions: [], ranges: [], isTCP: isTCP)
    load(path: path, fromClient: fromClient, limit: limit, into: &trace)
    return trace
  }

  /// Loads the trace of one direction into the memory of another one.
  func load(path: [Int], fromClient: Bool, limit: Int = .max, into trace: inout DirectionTrace) {
    trace.path = path
    trace.isTCP = isTCP
    trace.ranges.removeAll(keepingCapacity: true)
    trace.transmissions.removeAll(keepingCapacity: true)
    for (place, position) in path.enumerated() {
      let start = trace.transmissions.count
      if group.members[position] >= 0 {
        append(
          position: position, place: Int32(place), fromClient: fromClient, limit: limit, to: &trace.transmissions)
      }
      trace.ranges.append(start..<trace.transmissions.count)
    }
  }

  private func append(
    position: Int, place: Int32, fromClient: Bool, limit: Int, to transmissions: inout [Transmission]
  ) {
    var unwrapping = Unwrapping(
      own: fromClient ? bases.client[position] : bases.server[position],
      other: fromClient ? bases.server[position] : bases.client[position], isTCP: isTCP, place: place)
    let records = points[position].records
    let own = points[position].ordinals(of: Int(group.members[position]))
    if group.leaks.contains(where: { $0.point == position }) {
      for (ordinal, flipped) in ordinalsWithLeaks(at: position) {
        let record = records[Int(ordinal)]
        if isWanted(record, flipped: flipped, fromClient) { transmissions.append(unwrapping.take(record)) }
      }
      return
    }
    let flipped = group.flipped[position]
    let most = transmissions.count &+ min(limit, own.count)
    for ordinal in own {
      if transmissions.count >= most { return }
      let record = records[Int(ordinal)]
      if isWanted(record, flipped: flipped, fromClient) { transmissions.append(unwrapping.take(record)) }
    }
  }

  @inline(__always)
  private func isWanted(_ record: PacketRecord, flipped: Bool, _ fromClient: Bool) -> Bool {
    (record.marks.contains(.fromClient) != flipped) == fromClient && !record.marks.contains(.captureCopy)
  }

  /// Ordinals of the connection's packets at a point, in the order of capture, those that leaked untranslated among them.
  private func ordinalsWithLeaks(at position: Int) -> [(ordinal: UInt32, flipped: Bool)] {
    let traffic = points[position]
    let own = traffic.ordinals(of: Int(group.members[position])).map { ($0, group.flipped[position]) }
    let leaked = group.leaks.filter { $0.point == position }.flatMap { leak in
      traffic.ordinals(of: Int(leak.connection)).map { ($0, leak.flipped) }
    }
    return (own + leaked).sorted { $0.0 < $1.0 }
  }

  /// The 64-bit offset with these lower 32 bits that is nearest to `near`.
  @inline(__always)
  static func unwrap(_ offset: UInt32, near: Int64) -> Int64 {
    near + Int64(Int32(bitPattern: offset &- UInt32(truncatingIfNeeded: near)))
  }
}

/// Turns the sequence numbers of one direction at one point into stream offsets.
private struct Unwrapping {
  /// Base of the direction's own numbers at this point.
  let own: UInt32
  /// Base of the other direction's numbers at this point.
  let other: UInt32
  let isTCP: Bool
  let place: Int32
  private var reached: Int64 = 0
  private var acknowledged: Int64 = 0

  init(own: UInt32, other: UInt32, isTCP: Bool, place: Int32) {
    self.own = own
    self.other = other
    self.isTCP = isTCP
    self.place = place
  }

  @inline(__always)
  mutating func take(_ record: PacketRecord) -> Transmission {
    guard isTCP, !record.marks.contains(.icmpError) else {
      return Transmission(
        record: record, place: place, offset: Int64(record.sequence), ackOffset: 0, sackOffset: 0)
    }
    let offset = TraceLoader.unwrap(record.sequence &- own, near: reached)
    let ackOffset = TraceLoader.unwrap(record.acknowledgement &- other, near: acknowledged)
    // A RST carries whatever number its sender thought of; the stream goes on where it was.
    if !record.isRST {
      reached = max(reached, offset)
      if record.hasACK { acknowledged = max(acknowledged, ackOffset) }
    }
    let sackOffset =
      record.sackBlocks > 0 && !record.isSYN
      ? TraceLoader.unwrap(record.sackLeft &- other, near: acknowledged) : 0
    return Transmission(record: record, place: place, offset: offset, ackOffset: ackOffset, sackOffset: sackOffset)
  }
}
