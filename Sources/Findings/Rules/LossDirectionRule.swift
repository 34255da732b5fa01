import Correlation
import Packets
import Verdicts

/// `loss-one-direction`: a segment loses packets of one direction alone, and chance does not explain it.
enum LossDirectionRule {
  /// Fewer losses have no pattern.
  private static let fewest = LossSampling.fewestLosses
  /// The chance that losses without a choice hit one direction alone must be smaller.
  private static let greatestChance = 1e-4

  static func find(_ file: CaseFile) -> [Finding] {
    file.eventsBySegment { $0.kind == .drop }.compactMap { pair, events in
      guard pair.far == pair.near + 1, let direction = CaseFile.onlyDirection(events.map(\.direction)) else {
        return nil
      }
      return finding(pair, direction, events, file)
    }
  }

  private static func isOpeningOrEnd(_ event: PacketEvent) -> Bool {
    event.isTCP && event.flags & (TCPFlags.syn | TCPFlags.fin | TCPFlags.rst) != 0
  }

  private static func finding(
    _ pair: PointPair, _ direction: Direction, _ lost: [PacketEvent], _ file: CaseFile
  ) -> Finding? {
    // What is lost for its size, or for opening or ending connections, says nothing of the direction.
    guard lost.count >= fewest, let tally = file.tally.segments[pair], !lost.allSatisfy(isOpeningOrEnd),
      PathMTURule.oversized(pair, direction, lost, file) == nil
    else { return nil }
    let (hit, spared) = (tally[direction], tally[direction.opposite])
    let chance = HypergeometricTail.allWithin(hit.decided, of: hit.decided + spared.decided, drawn: hit.lost)
    guard spared.lost == 0, hit.lost >= fewest, chance < greatestChance else { return nil }
    let largest =
      direction == .clientToServer ? tally.largestDelivered.serverToClient : tally.largestDelivered.clientToServer
    let isLarger = lost.allSatisfy { $0.length > largest }
    return Finding(
      kind: "loss-one-direction", severity: .warning, between: pair, direction: direction,
      title: "Between \(file.names(pair)) packets are lost \(direction.word) alone",
      explanation: "\(hit.lost) of \(hit.decided) packets \(direction.word) are lost, and none of "
        + "\(spared.decided) \(direction.opposite.word); losses without a choice would do so with a chance of "
        + "\(Percent.chance(chance)) (Fisher's exact test). A transmitter, a queue, a policer or a rule of one direction "
        + "is to blame, not the line as a whole."
        + (isLarger
          ? " But every lost packet is larger than all that passed the other way (at most \(largest) payload bytes), so "
            + "size may decide as well as direction." : ""),
      confidence: isLarger ? 0.7 : 0.9, connections: file.connections(of: lost), packets: lost.count,
      evidence: file.evidence(lost) { "\(file.describe($0)): not at \(file.name($0.downstreamPosition))" },
      confirm: confirmation(pair, direction, file))
  }

  private static func confirmation(_ pair: PointPair, _ direction: Direction, _ file: CaseFile) -> String {
    if let box = BoxNames.inside(pair, file) {
      return
        "Read the rules, policers and queues of \(box) that packets \(direction.word) pass, and their drop counters."
    }
    return "Read the output drops and queue of the sending side, and the input errors of the receiving side, for this "
      + "direction; swap the fibres or the ports of the link."
  }
}
