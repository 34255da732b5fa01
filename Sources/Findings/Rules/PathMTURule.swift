import Correlation
import Matching
import Verdicts

/// `pmtu-blackhole`: everything above a size vanishes and everything below it gets through.
enum PathMTURule {
  private static let fewest = 4

  static func find(_ file: CaseFile) -> [Finding] {
    file.eventsBySegment { $0.kind == .drop }.flatMap { pair, events in
      PathMTUDiscoveryRule.explains(events, file)
        ? []
        : Direction.allCases.compactMap { direction in
          finding(pair, direction, events.filter { $0.direction == direction }, file)
        }
    }
  }

  /// The lost packets of one direction that are larger than any that got through, if size is what decided.
  static func oversized(_ pair: PointPair, _ direction: Direction, _ lost: [PacketEvent], _ file: CaseFile)
    -> (events: [PacketEvent], limit: UInt32)?
  {
    guard let delivered = file.tally.segments[pair]?.largestDelivered else { return nil }
    let limit = direction == .clientToServer ? delivered.clientToServer : delivered.serverToClient
    let large = lost.filter { $0.length > limit }
    guard large.count >= fewest, limit > 0, large.count * 10 >= lost.count * 9 else { return nil }
    return (large, limit)
  }

  private static func finding(
    _ pair: PointPair, _ direction: Direction, _ lost: [PacketEvent], _ file: CaseFile
  ) -> Finding? {
    guard let (large, limit) = oversized(pair, direction, lost, file), let smallest = large.map(\.length).min()
    else { return nil }
    let packets = OversizedPackets(large, file)
    let errors = TooBigErrors(about: large, pair, direction, file)
    return Finding(
      kind: "pmtu-blackhole", severity: .fault, between: pair, direction: direction,
      title: "Large packets vanish between \(file.names(pair)): nothing over \(limit) payload bytes gets through",
      explanation: "All \(large.count) packets with \(smallest) or more payload bytes were lost here, and none with "
        + "\(limit) or less was lost for its size\(packets.mtu(above: limit, below: smallest)). \(packets.fragmenting) "
        + errors.words(file),
      confidence: min(0.99, 1 - 1 / Double(large.count * 2)), connections: file.connections(of: large),
      packets: large.count,
      evidence: file.evidence(large) { "\(file.describe($0)): not at \(file.name($0.downstreamPosition))" }
        + errors.evidence(file),
      confirm: "ping -M do -s SIZE across the segment; clamp the MSS. Wireshark: icmp.type == 3 && icmp.code == 4 or "
        + "icmpv6.type == 2 at the points; frame.len > SIZE && ip.flags.df == 1.")
  }
}
