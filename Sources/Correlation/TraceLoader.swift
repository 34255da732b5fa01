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

  /// The traces of both directions over these positions, upstream first.
  ///
  /// - Parameter limit: packets of each point that are loaded at most.
  func load(_ paths: DirectionPair<[Int]>, limit: Int = .max) -> DirectionPair<DirectionTrace> {
    var traces = DirectionPair(DirectionTrace.empty, .empty)
    load(paths, limit: limit, into: &traces)
    return traces
  }

  /// Loads the traces of both directions into the memory of others.
  ///
  /// The packets of a point are visited once for both; so in the direction against the order of the points those of the
  /// last place come first.
  func load(_ paths: DirectionPair<[Int]>, limit: Int = .max, into traces: inout DirectionPair<DirectionTrace>) {
    traces.clientToServer.restart(paths.clientToServer, isTCP: isTCP, room: room(fromClient: true, limit))
    traces.serverToClient.restart(paths.serverToClient, isTCP: isTCP, room: room(fromClient: false, limit))
    for position in group.members.indices where group.members[position] >= 0 {
      let (here, there) = (
        traces.clientToServer.transmissions.count, traces.serverToClient.transmissions.count
      )
      let client = traces.clientToServer.path.firstIndex(of: position)
      let server = traces.serverToClient.path.firstIndex(of: position)
      append(position, client, server, limit, &traces)
      if let client { traces.clientToServer.ranges[client] = here..<traces.clientToServer.transmissions.count }
      if let server { traces.serverToClient.ranges[server] = there..<traces.serverToClient.transmissions.count }
    }
  }

  /// Packets of one side at all points.
  private func room(fromClient: Bool, _ limit: Int) -> Int {
    group.presentPoints.reduce(0) { sum, position in
      let connection = points[position].connections[Int(group.members[position])]
      return sum + min(limit, Int(connection[fromClient: fromClient != group.flipped[position]].packets))
    }
  }

  private func append(
    _ position: Int, _ client: Int?, _ server: Int?, _ limit: Int, _ traces: inout DirectionPair<DirectionTrace>
  ) {
    let (clientBase, serverBase) = (bases.client(position), bases.server(position))
    var fromClient = Unwrapping(own: clientBase, other: serverBase, isTCP: isTCP, place: Int32(client ?? -1))
    var fromServer = Unwrapping(own: serverBase, other: clientBase, isTCP: isTCP, place: Int32(server ?? -1))
    func take(_ reference: RecordReference, flipped: Bool) {
      let record = reference.record
      if record.marks.contains(.captureCopy) { return }
      if record.marks.contains(.fromClient) != flipped {
        if client != nil { traces.clientToServer.transmissions.append(fromClient.take(reference)) }
      } else if server != nil {
        traces.serverToClient.transmissions.append(fromServer.take(reference))
      }
    }
    if group.leaks.contains(where: { $0.point == position }) {
      let records = points[position].records
      for (ordinal, flipped) in ordinalsWithLeaks(at: position) { take(records.reference(ordinal), flipped: flipped) }
      return
    }
    let flipped = group.flipped[position]
    for reference in points[position].packets(of: Int(group.members[position]), most: limit) {
      take(reference, flipped: flipped)
    }
  }

  /// Ordinals of the connection's packets at a point, in the order of capture, those that leaked untranslated among them.
  private func ordinalsWithLeaks(at position: Int) -> [(ordinal: Int, flipped: Bool)] {
    let traffic = points[position]
    let own = traffic.ordinals(of: Int(group.members[position])).map { ($0, group.flipped[position]) }
    let leaked = group.leaks.filter { $0.point == position }.flatMap { leak in
      traffic.ordinals(of: Int(leak.connection)).map { ($0, leak.flipped) }
    }
    return (own + leaked).sorted {
      let (one, other) = (traffic.records[$0.0], traffic.records[$1.0])
      return (one.timeNS, one.frame) < (other.timeNS, other.frame)
    }
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
  mutating func take(_ reference: RecordReference) -> Transmission {
    let record = reference.record
    guard isTCP, !record.marks.contains(.icmpError) else {
      // Pieces of a datagram differ in where they belong.
      let piece = record.marks.contains(.fragment) && !isTCP ? Int64(record.acknowledgement) << 32 : 0
      return Transmission(
        reference, place: place, offset: Int64(record.sequence) + piece, ackOffset: 0, sackOffset: 0)
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
    return Transmission(reference, place: place, offset: offset, ackOffset: ackOffset, sackOffset: sackOffset)
  }
}
