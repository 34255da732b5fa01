import Correlation
import Verdicts

/// `duplex-mismatch`: what is lost are the packets that met one of the other direction, in both directions.
///
/// An end that is set to half duplex takes a packet that comes while it sends for a collision, and one set to full duplex
/// goes on sending: both lose frames, and only while both send.
enum DuplexMismatchRule {
  static func find(_ file: CaseFile) -> [Finding] {
    file.lossSamples.compactMap { sample in
      // The samples of a segment's two directions, named once.
      guard sample.direction == .clientToServer,
        let other = file.lossSamples.first(where: { $0.pair == sample.pair && $0.direction == .serverToClient }),
        let meetings = LossMeetings(sample, file), meetings.decide,
        let others = LossMeetings(other, file), others.decide
      else { return nil }
      return finding([(sample, meetings), (other, others)], file)
    }
  }

  private static func finding(_ both: [(sample: LossSample, meetings: LossMeetings)], _ file: CaseFile) -> Finding {
    let lost = both.flatMap(\.sample.lost)
    let pair = both[0].sample.pair
    let numbers = both.map {
      "\($0.sample.direction.word) \($0.meetings.lostMet) of \($0.meetings.lost) lost packets met one of the other direction "
        + "within half a millisecond, and \($0.meetings.met) of all \($0.meetings.packets)"
    }
    return Finding(
      kind: "duplex-mismatch", severity: .warning, between: pair,
      title: "Between \(file.names(pair)) packets are lost when both directions send at once",
      explanation: numbers.joined(separator: "; ") + ". A link of which one end is set to half duplex and the other to "
        + "full duplex does this: the one takes what it hears while it sends for a collision, the other does not wait. "
        + "A shared medium, as a radio link whose ends do not hear one another, does the same.",
      confidence: 0.8, connections: file.connections(of: lost), packets: lost.count,
      evidence: file.evidence(lost) { "\(file.describe($0)): not at \(file.name($0.downstreamPosition))" },
      confirm:
        "Compare speed and duplex of both ends of the link (ethtool, show interface): late collisions on one, CRC "
        + "errors and runts on the other. Set both to negotiate.")
  }
}
