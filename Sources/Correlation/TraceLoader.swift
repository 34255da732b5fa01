import Flows
import Matching
import Packets

/// Lays out the packets of one connection and direction along its path, in stream offsets.
struct TraceLoader {
  private let group: ConnectionGroup
  private let points: [PointTraffic]
  /// The initial sequence numbers at each point.
  let bases: SequenceBases
  /// Whether its packets are TCP segments.
  let isTCP: Bool

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
    group.presentPoints.reduce(0) { sum, position in sum + min(limit, packets(at: position, fromClient: fromClient)) }
  }

  /// Packets of one side at a point.
  func packets(at position: Int, fromClient: Bool) -> Int {
    let connection = points[position].connections[Int(group.members[position])]
    return Int(connection[fromClient: fromClient != group.flipped[position]].packets)
  }

  private func append(
    _ position: Int, _ client: Int?, _ server: Int?, _ limit: Int, _ traces: inout DirectionPair<DirectionTrace>
  ) {
    if hasLeaks(at: position) {
      return append(
        packetsWithLeaks(at: position), unwrapping(position, client, fromClient: true),
        unwrapping(position, server, fromClient: false), &traces)
    }
    var cursor = cursor(at: position, client, server, limit)
    cursor.load(limit, into: &traces)
  }

  /// Whether packets that leaked untranslated count among those of a point.
  func hasLeaks(at position: Int) -> Bool { group.leaks.contains { $0.point == position } }

  /// What loads the packets of a point, but for those that leaked.
  ///
  /// - Parameters:
  ///   - client: the point's place on the way from the client, if it is on it.
  ///   - server: its place on the way back.
  func cursor(at position: Int, _ client: Int?, _ server: Int?, _ limit: Int = .max) -> PointCursor {
    PointCursor(
      points[position].unpacker(of: Int(group.members[position]), most: limit), flipped: group.flipped[position],
      client: unwrapping(position, client, fromClient: true), server: unwrapping(position, server, fromClient: false))
  }

  private func unwrapping(_ position: Int, _ place: Int?, fromClient: Bool) -> Unwrapping {
    let (client, server) = (bases.client(position), bases.server(position))
    return Unwrapping(
      own: fromClient ? client : server, other: fromClient ? server : client, isTCP: isTCP, place: Int32(place ?? -1))
  }

  private func append(
    _ packets: [(record: PacketRecord, flipped: Bool)], _ fromClient: Unwrapping, _ fromServer: Unwrapping,
    _ traces: inout DirectionPair<DirectionTrace>
  ) {
    var (fromClient, fromServer) = (fromClient, fromServer)
    for (record, flipped) in packets where !record.marks.contains(.captureCopy) {
      var transmission = Transmission(record)
      if record.marks.contains(.fromClient) != flipped {
        guard fromClient.place >= 0 else { continue }
        fromClient.put(&transmission)
        traces.clientToServer.transmissions.append(transmission)
      } else {
        guard fromServer.place >= 0 else { continue }
        fromServer.put(&transmission)
        traces.serverToClient.transmissions.append(transmission)
      }
    }
  }

  /// The connection's packets at a point, in the order of capture, those that leaked untranslated among them.
  private func packetsWithLeaks(at position: Int) -> [(record: PacketRecord, flipped: Bool)] {
    let traffic = points[position]
    let own = traffic.packets(of: Int(group.members[position])).map { ($0, group.flipped[position]) }
    let leaked = group.leaks.filter { $0.point == position }.flatMap { leak in
      traffic.packets(of: Int(leak.connection)).map { ($0, leak.flipped) }
    }
    return (own + leaked).sorted { ($0.0.timeNS, $0.0.frame) < ($1.0.timeNS, $1.0.frame) }
  }
}
