import Flows
import Matching
import Packets
import Verdicts

/// The addresses and ports of one connection at neighbouring points: one translation for each direction in which they differ.
struct AddressComparison {
  let matched: MatchedTraffic
  let group: Int
  let traces: DirectionPair<DirectionTrace>

  /// Adds what the traces show, or the part of them that is to be judged.
  ///
  /// - Parameter own: where the connection's translations begin, of parts that were compared before.
  func compare(into translations: inout [AddressTranslation], from own: Int) {
    for direction in Direction.allCases {
      let trace = traces[direction]
      for place in trace.path.indices.dropFirst() {
        guard let before = ends(at: trace.path[place - 1], direction),
          let after = ends(at: trace.path[place], direction)
        else { continue }
        if before == after { continue }
        let links = links(of: trace, at: place)
        guard let first = links.first else { continue }
        let known = translations[own...].firstIndex {
          $0.direction == direction && $0.upstreamPosition == trace.path[place - 1]
            && $0.downstreamPosition == trace.path[place]
        }
        if let known {
          translations[known].add(packets: links.count)
          continue
        }
        translations.append(
          AddressTranslation(
            changes(before, after), packets: links.count, group: group, direction: direction,
            upstream: sighting(trace, Int(trace.transmissions[first].previous)), downstream: sighting(trace, first)))
      }
    }
  }

  private func changes(_ before: Ends, _ after: Ends) -> AddressTranslation.Fields {
    var fields: AddressTranslation.Fields = []
    if before.source.address != after.source.address { fields.insert(.init(.sourceAddress)) }
    if before.source.port != after.source.port { fields.insert(.init(.sourcePort)) }
    if before.destination.address != after.destination.address { fields.insert(.init(.destinationAddress)) }
    if before.destination.port != after.destination.port { fields.insert(.init(.destinationPort)) }
    return fields
  }

  /// How many packets of a place were seen at the place before it, and the first of them.
  private func links(of trace: DirectionTrace, at place: Int) -> (count: Int, first: Int?) {
    let transmissions = trace.transmissions
    var (count, first) = (0, Int?.none)
    for index in trace.part(place) {
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

  private typealias Ends = (source: Endpoint, destination: Endpoint)

  /// Source and destination of the direction's packets at a point.
  private func ends(at position: Int, _ direction: Direction) -> Ends? {
    let member = Int(matched.groups[group].members[position])
    guard member >= 0 else { return nil }
    let fromLocalClient = (direction == .clientToServer) != matched.groups[group].flipped[position]
    let client = matched.points[position].connections[member].client
    let server = matched.points[position].connections[member].server
    return fromLocalClient ? (client, server) : (server, client)
  }
}
