import Correlation
import Verdicts

/// `pmtu-blackhole`: everything above a size vanishes and everything below it gets through.
enum PathMTURule {
  private static let fewest = 4

  static func find(_ file: CaseFile) -> [Finding] {
    file.eventsBySegment { $0.kind == .drop }.flatMap { pair, events in
      Direction.allCases.compactMap { direction in
        finding(pair, direction, events.filter { $0.direction == direction }, file)
      }
    }
  }

  private static func finding(
    _ pair: PointPair, _ direction: Direction, _ lost: [PacketEvent], _ file: CaseFile
  ) -> Finding? {
    guard let segment = file.tally.segments[pair] else { return nil }
    let delivered = segment.largestDelivered
    let limit = direction == .clientToServer ? delivered.clientToServer : delivered.serverToClient
    let large = lost.filter { $0.length > limit }
    guard large.count >= fewest, limit > 0, large.count * 10 >= lost.count * 9,
      let smallest = large.map(\.length).min()
    else { return nil }
    return Finding(
      kind: "pmtu-blackhole", severity: .fault, between: pair, direction: direction,
      title: "Large packets vanish between \(file.names(pair)): nothing over \(limit) payload bytes gets through",
      explanation: "All \(large.count) packets with \(smallest) or more payload bytes were lost here, and none with "
        + "\(limit) or less was lost for its size. The smaller MTU lies between these points, and either no ICMP "
        + "\"fragmentation needed\" is sent or it does not reach the sender.",
      confidence: min(0.99, 1 - 1 / Double(large.count * 2)), connections: file.connections(of: large),
      packets: large.count,
      evidence: file.evidence(large) { "\(file.describe($0)): not at \(file.name($0.downstreamPosition))" },
      confirm: "ping -M do -s SIZE across the segment; look for ICMP type 3 code 4 at the points; clamp the MSS.")
  }
}
