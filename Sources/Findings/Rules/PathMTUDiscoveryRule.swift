import Correlation
import Flows
import Matching
import Packets
import Verdicts

/// `pmtu-discovery`: packets that were too large for the path, of which the sender was told and which it sent again
/// (RFC 1191, 8201): loss that is meant to be, so it takes the place of `loss`.
enum PathMTUDiscoveryRule {
  static func find(_ file: CaseFile) -> [Finding] {
    file.eventsBySegment { $0.kind == .drop }.compactMap { pair, events in
      guard explains(events, file), let smallest = events.map(\.length).min() else { return nil }
      return Finding(
        kind: "pmtu-discovery", severity: .note, between: pair,
        direction: CaseFile.onlyDirection(events.map(\.direction)),
        title: "\(CaseFile.count(events.count, "packet")) too large for what is between \(file.names(pair))",
        explanation: "Each of them, of \(smallest) payload bytes and more, was answered by an ICMP error "
          + "\"fragmentation needed\" or \"packet too big\" that came back past the upstream point, and its bytes were sent again. So path "
          + "MTU discovery finds out what fits; it costs each connection a round trip.",
        confidence: 0.95, connections: file.connections(of: events), packets: events.count,
        evidence: file.evidence(events) { "\(file.describe($0)): not at \(file.name($0.downstreamPosition))" }
          + answer(to: events, file),
        confirm: "Wireshark: icmp.type == 3 && icmp.code == 4 or icmpv6.type == 2 at the points; clamp the MSS to save "
          + "the round trip.")
    }
  }

  /// The first error about any of them, where it passed the upstream point.
  private static func answer(to events: [PacketEvent], _ file: CaseFile) -> [Finding.Evidence] {
    guard let first = events.min(by: { $0.time < $1.time }), let position = first.upstream?.position,
      let error = errors(about: first.group, at: position, file).first(where: { $0.sequence == first.sequence })
    else { return [] }
    let says = "ICMP error: too big, MTU \(error.acknowledgement)"
    return [Finding.Evidence(frame: file.frame(position, error.frame), says: says)]
  }

  /// Whether all packets that were lost on a segment were too large, as ICMP errors said to a sender that obeyed.
  static func explains(_ lost: [PacketEvent], _ file: CaseFile) -> Bool {
    guard lost.allSatisfy({ $0.isTCP && $0.length > 0 && $0.evidence.contains(.repeated) && $0.upstream != nil })
    else { return false }
    var byGroup: [Int: [PacketEvent]] = [:]
    for event in lost { byGroup[event.group, default: []].append(event) }
    return byGroup.sorted { $0.key < $1.key }.allSatisfy { index, events in
      // A sender that was told sends nothing as large again.
      guard Set(events.map(\.sequence)).count == events.count, let upstream = events[0].upstream?.position,
        let nearest = file.point(nearestToSenderOf: events[0].direction, file.matched.groups[index]),
        errors(about: index, at: nearest, file).count >= events.count
      else { return false }
      let quoted = Set(errors(about: index, at: upstream, file).map(\.sequence))
      return events.allSatisfy { quoted.contains($0.sequence) }
    }
  }

  /// The errors about a connection's packets that a point has.
  private static func errors(about index: Int, at position: Int, _ file: CaseFile) -> [PacketRecord] {
    let group = file.matched.groups[index]
    guard group.members[position] >= 0 else { return [] }
    return file.matched.points[position].packets(of: Int(group.members[position])).filter {
      $0.marks.contains(.icmpError) && TooBigErrors.isTooBig($0)
    }
  }
}
