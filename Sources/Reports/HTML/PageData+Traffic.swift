import Verdicts

/// The connections, their events and their packets, as rows without keys: there are many.
extension PageData {
  /// A connection as one row.
  ///
  /// `[id, protocol, start, end, bytes c2s, bytes s2c, lost, events, kinds, [point, client, server, …], [points],
  /// confidence, [evidence], [terminated near, far] or null, [ambiguous with]]`
  ///
  /// A leg stands there only where an address differs from the point before; `points` lists all that have it.
  mutating func row(_ connection: ConnectionReport, kinds: Int) -> JSONRow {
    var legs: [Int] = []
    var last: (client: String, server: String)?
    for leg in connection.legs where last.map({ $0 != (leg.client, leg.server) }) ?? true {
      legs += [leg.point, words[leg.client], words[leg.server]]
      last = (leg.client, leg.server)
    }
    return JSONRow(
      connection.id, words[connection.proto], since(connection.startNS), since(connection.endNS),
      connection.bytesClientToServer, connection.bytesServerToClient, connection.lost, connection.events, kinds, legs,
      connection.legs.map(\.point), connection.match.confidence, connection.match.evidence.map { words[$0] },
      connection.terminatedBetween.map { [$0.near, $0.far] }, Array(connection.match.ambiguousWith.prefix(20)))
  }

  /// An event as one row.
  ///
  /// `[kind, near, far, point, direction, connection, time, upstream, downstream, ip id, seq, length, flags, field,
  /// before, after, confidence, [evidence]]`; a frame is `[point, file, frame]`.
  mutating func row(_ event: Event) -> JSONRow {
    JSONRow(
      Int(event.kind.rawValue), event.between.near, event.between.far, event.point, Int(event.direction.rawValue),
      event.connection, since(event.timeNS), event.upstream?.place, event.downstream?.place, event.ipID,
      event.sequence, event.length, event.flagNames.map { words[$0] }, event.field.map { words[$0] }, event.before,
      event.after, event.confidence, event.evidence.map { words[$0] })
  }

  /// A ladder as one row.
  ///
  /// `[connection, start, packets in all, [packet, …]]`, where a packet is `[direction, flags, seq, offset, ack offset,
  /// length, fate, skipped, [events], [point, file, frame, time, …]]` with times since the ladder's start.
  func row(_ ladder: Ladder, _ events: EventSelection) -> JSONRow {
    let first = ladder.packets.compactMap { $0.sightings.first?.timeNS }.min() ?? start
    let packets = ladder.packets.map { packet in
      JSONRow(
        Int(packet.direction.rawValue), packet.flags.map(Int.init), packet.sequence, packet.offset, packet.ackOffset,
        packet.length, Int(packet.fate.rawValue), packet.skipped, packet.events.compactMap(events.place),
        packet.sightings.flatMap { sighting in
          sighting.frame.place.map(Int64.init) + [sighting.timeNS - first]
        })
    }
    return JSONRow(ladder.connection, since(first), ladder.packetsInAll, packets)
  }
}

extension FrameReference {
  fileprivate var place: [Int] { [point, file, frame] }
}
