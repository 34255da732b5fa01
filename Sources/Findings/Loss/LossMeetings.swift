import Correlation
import Flows
import Matching
import Packets
import Verdicts

/// How many packets, lost and delivered, met one of the other direction on a segment: passed within a moment of it.
///
/// On a line where one end is set to half duplex and the other to full duplex, just those collide and are lost.
struct LossMeetings {
  /// Packets, also those whose headers were cut; and those of them that met another.
  private(set) var packets = 0
  private(set) var met = 0
  /// Of the lost ones the same.
  let lost: Int
  let lostMet: Int

  /// A greater share of packets that met another is that of any busy line.
  private static let greatestShare = 0.6
  /// A greater share among one in so many connections, a thousand at least of which none has more than one packet in two
  /// hundred, is four standard errors above the greatest even if each connection's packets met others all or not at all.
  private static let clearlyTooGreatShare = 0.75
  private static let oneOfConnections = 16
  private static let fewestAsked = 1000
  /// Packets that are looked at together.
  private static let atOnce = 256

  /// The meetings of a sample's packets; `nil` if not nine of ten lost ones met another, or so many of the others did
  /// that it does not matter, or the capture is too long.
  init?(_ sample: LossSample, _ file: CaseFile) {
    let others = sample.others
    guard let position = sample.lost.first?.upstream?.position, others.areKnown else { return nil }
    lost = sample.lostOffered.count
    lostMet = sample.lostOffered.count { others.isNear($0.time) }
    guard lost > 0, lostMet * 10 >= lost * 9 else { return nil }
    var glances = [PacketGlance](repeating: PacketGlance(), count: Self.atOnce)
    if isClearlyTooGreat(sample, position, file, &glances) { return nil }
    (packets, met) = (0, 0)
    let mostMet = Int(Self.greatestShare * Double(sample.packets)) + 1
    for index in sample.groups {
      take(index, sample, position, file, &glances)
      if met > mostMet { return nil }
    }
  }

  /// Whether a few of very many connections show far too great a share, so that the others need not be asked.
  ///
  /// None of them may be so large that it decides alone.
  private mutating func isClearlyTooGreat(
    _ sample: LossSample, _ position: Int, _ file: CaseFile, _ glances: inout [PacketGlance]
  ) -> Bool {
    guard sample.groups.count >= Self.fewestAsked * Self.oneOfConnections else { return false }
    var largest = 0
    for place in stride(from: 0, to: sample.groups.count, by: Self.oneOfConnections) {
      let before = packets
      take(sample.groups[place], sample, position, file, &glances)
      largest = max(largest, packets - before)
    }
    return largest * Self.fewestAsked / 5 <= packets && packets * Self.oneOfConnections * 2 >= sample.packets
      && Double(met) > Self.clearlyTooGreatShare * Double(packets)
  }

  private mutating func take(
    _ index: Int, _ sample: LossSample, _ position: Int, _ file: CaseFile, _ glances: inout [PacketGlance]
  ) {
    let others = sample.others
    let group = file.matched.groups[index]
    let side: LocalSide = (sample.direction == .clientToServer) != group.flipped[position] ? .client : .server
    var skimmer = file.matched.points[position].skimmer(of: Int(group.members[position]))
    while true {
      let count = skimmer.skim(into: &glances)
      if count == 0 { return }
      let some = glances.span.extracting(first: count)
      for index in some.indices where side.sent(some[index]) {
        packets += 1
        if others.isNear(some[index].timeNS) { met += 1 }
      }
    }
  }

  /// Whether it is those that met another that were lost: of all packets no more than six of ten did, and by chance it
  /// would happen less often than 1 in 30,000 times.
  var decide: Bool {
    let (all, losses) = (Double(packets), Double(lost))
    let share = Double(met) / max(1, all)
    guard lost < packets, share <= Self.greatestShare else { return false }
    // Drawn without replacement, as in Fisher's test.
    let deviation = (losses * share * (1 - share) * (all - losses) / (all - 1)).squareRoot()
    return Double(lostMet) - losses * share > 4 * deviation
  }
}
