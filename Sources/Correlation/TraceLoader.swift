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
    let fromClient = Unwrapping(own: clientBase, other: serverBase, isTCP: isTCP, place: Int32(client ?? -1))
    let fromServer = Unwrapping(own: serverBase, other: clientBase, isTCP: isTCP, place: Int32(server ?? -1))
    if group.leaks.contains(where: { $0.point == position }) {
      return append(packetsWithLeaks(at: position), fromClient, fromServer, &traces)
    }
    let flipped = group.flipped[position]
    var unpacker = points[position].unpacker(of: Int(group.members[position]), most: limit)
    unsafe withUnsafeTemporaryAllocation(of: PacketRecord.self, capacity: 2) { spare in
      guard let spare = spare.baseAddress else { return }
      var clientLane = unsafe Lane(fromClient, spare: spare, unpacker.beginning(fromClient: !flipped))
      var serverLane = unsafe Lane(fromServer, spare: spare + 1, unpacker.beginning(fromClient: flipped))
      while unpacker.left > 0 {
        if unpacker.isNextFromClient() != flipped {
          clientLane.take(&unpacker, into: &traces.clientToServer.transmissions)
        } else {
          serverLane.take(&unpacker, into: &traces.serverToClient.transmissions)
        }
      }
    }
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

  /// The 64-bit offset with these lower 32 bits that is nearest to `near`.
  @inline(__always)
  static func unwrap(_ offset: UInt32, near: Int64) -> Int64 {
    near + Int64(Int32(bitPattern: offset &- UInt32(truncatingIfNeeded: near)))
  }
}

/// Unpacks the packets of one direction at one point to where they are judged.
@safe
private struct Lane {
  private var unwrapping: Unwrapping
  /// The packet before: where it was put, or the spare place.
  private var previous: UnsafePointer<PacketRecord>
  private let spare: UnsafeMutablePointer<PacketRecord>

  /// - Parameters:
  ///   - spare: room for a packet that is put nowhere, as long as this is used.
  ///   - beginning: what stands for the packet before the first one.
  @inline(__always)
  init(_ unwrapping: Unwrapping, spare: UnsafeMutablePointer<PacketRecord>, _ beginning: PacketRecord) {
    self.unwrapping = unwrapping
    unsafe self.spare = unsafe spare
    unsafe spare.initialize(to: beginning)
    unsafe previous = UnsafePointer(spare)
  }

  /// Takes the next packet, which is of this direction.
  @inline(__always)
  mutating func take(_ unpacker: inout RecordUnpacker, into transmissions: inout TransmissionBuffer) {
    guard unwrapping.place >= 0 else { return unsafe unpacker.unpack(after: spare, into: spare) }
    if transmissions.isFull {
      // What is there now is about to move.
      unsafe spare.pointee = unsafe previous.pointee
      unsafe previous = UnsafePointer(spare)
      transmissions.makeRoom()
    }
    let slot = unsafe transmissions.slot
    // The record is the first of what a transmission holds.
    let record = unsafe UnsafeMutableRawPointer(slot).assumingMemoryBound(to: PacketRecord.self)
    unsafe unpacker.unpack(after: previous, into: record)
    if unsafe record.pointee.marks.contains(.captureCopy) {
      unsafe spare.pointee = unsafe record.pointee
      unsafe previous = UnsafePointer(spare)
      return
    }
    unsafe previous = UnsafePointer(record)
    unsafe unwrapping.put(&slot.pointee)
    transmissions.takeSlot()
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

  /// Puts a packet in its place.
  @inline(__always)
  mutating func put(_ transmission: inout Transmission) {
    let (sequence, acknowledgement) = (transmission.record.sequence, transmission.record.acknowledgement)
    guard isTCP, !transmission.isICMPError else {
      // Pieces of a datagram differ in where they belong.
      let isPiece = transmission.record.marks.contains(.fragment) && !isTCP
      let piece = isPiece ? Int64(acknowledgement) << 32 : 0
      return transmission.put(place: place, offset: Int64(sequence) + piece, ackOffset: 0, sackOffset: 0)
    }
    let offset = TraceLoader.unwrap(sequence &- own, near: reached)
    let ackOffset = TraceLoader.unwrap(acknowledgement &- other, near: acknowledged)
    // A RST carries whatever number its sender thought of; the stream goes on where it was.
    if !transmission.record.isRST {
      reached = max(reached, offset)
      if transmission.record.hasACK { acknowledged = max(acknowledged, ackOffset) }
    }
    let sackOffset =
      transmission.record.sackBlocks > 0 && !transmission.record.isSYN
      ? TraceLoader.unwrap(transmission.record.sackLeft &- other, near: acknowledged) : 0
    transmission.put(place: place, offset: offset, ackOffset: ackOffset, sackOffset: sackOffset)
  }
}
