import Flows
import Matching
import Packets
import Verdicts

/// The addresses and ports of one connection at neighbouring points: one rule for each field that differs.
struct AddressComparison {
  let matched: MatchedTraffic
  let group: Int
  let traces: DirectionPair<DirectionTrace>

  func compare(rewrites: inout RewriteTally) {
    for direction in Direction.allCases {
      let trace = traces[direction]
      for place in trace.path.indices.dropFirst() {
        guard let before = ends(at: trace.path[place - 1], direction),
          let after = ends(at: trace.path[place], direction)
        else { continue }
        var changed: [Field] = []
        if before.source.address != after.source.address { changed.append(.sourceAddress) }
        if before.source.port != after.source.port { changed.append(.sourcePort) }
        if before.destination.address != after.destination.address { changed.append(.destinationAddress) }
        if before.destination.port != after.destination.port { changed.append(.destinationPort) }
        if changed.isEmpty { continue }
        let links = trace.ranges[place].filter {
          let previous = trace.transmissions[$0].previous
          return previous >= 0 && Int(trace.transmissions[Int(previous)].place) == place - 1
        }
        guard let first = links.first else { continue }
        for field in changed {
          rewrites.addAddress(
            field, packets: links.count, group: group,
            between: PointPair(trace.path[place - 1], trace.path[place]), direction: direction,
            upstream: sighting(trace, Int(trace.transmissions[first].previous)), downstream: sighting(trace, first))
        }
      }
    }
  }

  private func sighting(_ trace: DirectionTrace, _ index: Int) -> PacketEvent.Sighting {
    let record = trace.transmissions[index].record
    return PacketEvent.Sighting(position: trace.position(index), frame: record.frame, timeNS: record.timeNS)
  }

  /// Source and destination of the direction's packets at a point.
  private func ends(at position: Int, _ direction: Direction) -> (source: Endpoint, destination: Endpoint)? {
    let group = matched.groups[group]
    guard group.members[position] >= 0 else { return nil }
    let connection = matched.points[position].connections[Int(group.members[position])]
    let fromLocalClient = (direction == .clientToServer) != group.flipped[position]
    return fromLocalClient ? (connection.client, connection.server) : (connection.server, connection.client)
  }
}
