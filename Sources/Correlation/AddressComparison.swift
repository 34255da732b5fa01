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
        if before == after { continue }
        let links = links(of: trace, at: place)
        guard let first = links.first else { continue }
        let between = PointPair(trace.path[place - 1], trace.path[place])
        let upstream = sighting(trace, Int(trace.transmissions[first].previous))
        let downstream = sighting(trace, first)
        func note(_ field: Field, _ isChanged: Bool) {
          guard isChanged else { return }
          rewrites.addAddress(
            field, packets: links.count, group: group, between: between, direction: direction, upstream: upstream,
            downstream: downstream)
        }
        note(.sourceAddress, before.source.address != after.source.address)
        note(.sourcePort, before.source.port != after.source.port)
        note(.destinationAddress, before.destination.address != after.destination.address)
        note(.destinationPort, before.destination.port != after.destination.port)
      }
    }
  }

  /// How many packets of a place were seen at the place before it, and the first of them.
  private func links(of trace: DirectionTrace, at place: Int) -> (count: Int, first: Int?) {
    let transmissions = trace.transmissions
    var (count, first) = (0, Int?.none)
    for index in trace.ranges[place] {
      let previous = transmissions[index].previous
      guard trace.ranges[place - 1].contains(Int(previous)) else { continue }
      count += 1
      if first == nil { first = index }
    }
    return (count, first)
  }

  private func sighting(_ trace: DirectionTrace, _ index: Int) -> PacketEvent.Sighting {
    let record = trace.transmissions[index].record
    return PacketEvent.Sighting(position: trace.position(index), frame: record.frame, timeNS: record.timeNS)
  }

  /// Source and destination of the direction's packets at a point.
  private func ends(at position: Int, _ direction: Direction) -> (source: Endpoint, destination: Endpoint)? {
    let member = Int(matched.groups[group].members[position])
    guard member >= 0 else { return nil }
    let fromLocalClient = (direction == .clientToServer) != matched.groups[group].flipped[position]
    let client = matched.points[position].connections[member].client
    let server = matched.points[position].connections[member].server
    return fromLocalClient ? (client, server) : (server, client)
  }
}
