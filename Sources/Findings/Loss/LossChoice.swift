import Correlation
import Flows
import Matching
import Packets
import Verdicts

/// What all lost packets of a segment share and the others do not, if chance does not explain it.
struct LossChoice {
  /// What they share: "an even source port".
  private(set) var what = ""
  /// Numbers, in a sentence.
  private(set) var how = ""
  private(set) var meaning = ""
  private(set) var confirm = ""
  /// The chance of it if the losses made no choice, corrected for the features that were tried.
  private(set) var chance = 1.0

  private static let greatestChance = 1e-4
  private static let fewestConnections = 6
  /// Where fewer values are on either side, it is the values that are chosen, not a bit of them: two services, say.
  private static let fewestValues = 4

  /// The choice of a sample's losses; `nil` if none is sure.
  init?(_ sample: LossSample, _ file: CaseFile) {
    let found = [Self.ofConnections(sample, file), Self.ofPackets(sample, file)].compactMap { $0 }
    guard let best = found.min(by: { $0.chance < $1.chance }), best.chance < Self.greatestChance else { return nil }
    self = best
  }

  private init(what: String, how: String, meaning: String, confirm: String, chance: Double) {
    self.what = what
    self.how = how
    self.meaning = meaning
    self.confirm = confirm
    self.chance = chance
  }

  /// One bit of a connection's addresses or ports that a hash over the members of a bundle may take.
  private struct Bit: Sendable {
    var name: String
    var value: @Sendable (_ source: Endpoint, _ destination: Endpoint) -> UInt64
  }

  private static let bits = [
    Bit(name: "source port") { one, _ in UInt64(one.port) },
    Bit(name: "destination port") { _, other in UInt64(other.port) },
    Bit(name: "source address") { one, _ in one.address.low },
    Bit(name: "destination address") { _, other in other.address.low },
    Bit(name: "XOR of the ports") { UInt64($0.port ^ $1.port) },
    Bit(name: "XOR of the addresses") { $0.address.low ^ $1.address.low },
    Bit(name: "XOR of addresses and ports") { $0.address.low ^ $1.address.low ^ UInt64($0.port ^ $1.port) },
  ]

  /// Connections are drawn, not packets: those of one connection share their addresses anyway.
  private static func ofConnections(_ sample: LossSample, _ file: CaseFile) -> LossChoice? {
    let hit = Set(sample.lost.map(\.group))
    let position = sample.lost.first?.upstream?.position ?? sample.pair.near
    // A rule may choose protocols and services, whose ports are not alike: only their own kind are compared.
    let services = Set(hit.compactMap { service(of: $0, position, file) })
    let all = sample.groups.filter { service(of: $0, position, file).map(services.contains) ?? false }
    guard hit.count >= fewestConnections, all.count > hit.count else { return nil }
    var best: LossChoice?
    for bit in bits {
      func value(_ index: Int) -> UInt64? {
        let group = file.matched.groups[index]
        guard let connection = file.connection(of: group, at: position) else { return nil }
        let fromClient = (sample.direction == .clientToServer) != group.flipped[position]
        let (one, other) =
          fromClient ? (connection.client, connection.server) : (connection.server, connection.client)
        return bit.value(one, other)
      }
      func isOdd(_ index: Int) -> Bool { value(index).map { $0 & 1 == 1 } ?? false }
      let odd = hit.count(where: isOdd)
      guard odd == 0 || odd == hit.count else { continue }
      let alike = all.count { isOdd($0) == (odd > 0) }
      let chance =
        HypergeometricTail.allWithin(alike, of: all.count, drawn: hit.count) * Double(2 * bits.count)
      guard chance < best?.chance ?? 1, Self.hasManyValues(hit, value),
        Self.hasManyValues(all.filter { isOdd($0) != (odd > 0) }, value)
      else { continue }
      let parity = odd > 0 ? "odd" : "even"
      best = LossChoice(
        what: "an \(parity) \(bit.name)",
        how:
          "All \(hit.count) connections that lose packets have an \(parity) \(bit.name); of the \(all.count - alike) "
          + "connections to the same services without it none loses any.",
        meaning: "One member of a bundle (LACP, ECMP), one queue or one processor of a box is bad, and a hash of "
          + "addresses and ports chooses who gets it.",
        confirm: "Take the members of the bundle out one by one, or read the error counters of each.",
        chance: chance)
    }
    return best
  }

  private struct Service: Hashable {
    var transport: UInt8
    var port: UInt16
  }

  private static func service(of group: Int, _ position: Int, _ file: CaseFile) -> Service? {
    let group = file.matched.groups[group]
    return file.connection(of: group, at: position).map {
      Service(transport: $0.transport, port: group.flipped[position] ? $0.client.port : $0.server.port)
    }
  }

  private static func hasManyValues(_ groups: some Collection<Int>, _ value: (Int) -> UInt64?) -> Bool {
    var values: Set<UInt64> = []
    return groups.contains { group in
      if let value = value(group) { values.insert(value) }
      return values.count >= fewestValues
    }
  }

  /// A property of single packets.
  private struct Class: Sendable {
    var name: String
    var meaning: String
    var filter: String
    var feature: LossFeatures
  }

  private static let classes = [
    Class(
      name: "FIN", meaning: "A box refuses to let connections end in order.", filter: "tcp.flags.fin == 1",
      feature: .fin),
    Class(
      name: "RST", meaning: "A stateful box refuses RSTs that do not fit its connection state.",
      filter: "tcp.flags.reset == 1", feature: .rst),
    Class(
      name: "no payload", meaning: "A box thins out acknowledgements, or refuses those that do not fit.",
      filter: "tcp.len == 0 && tcp.flags.ack == 1",
      feature: .noPayload),
    Class(
      name: "a DSCP other than 0", meaning: "A class of service is dropped or limited.",
      filter: "ip.dsfield.dscp != 0", feature: .classOfService),
    Class(
      name: "DSCP 0", meaning: "Best effort is dropped, and other classes of service pass.",
      filter: "ip.dsfield.dscp == 0", feature: .bestEffort),
    Class(
      name: "ECN bits", meaning: "A box drops packets that speak of ECN (RFC 3168).", filter: "ip.dsfield.ecn != 0",
      feature: .ecn),
  ]

  private static func ofPackets(_ sample: LossSample, _ file: CaseFile) -> LossChoice? {
    guard let first = sample.lostOffered.first, let position = first.upstream?.position else { return nil }
    let common = sample.lostOffered.reduce(LossFeatures(first)) { $0.intersection(LossFeatures($1)) }
    let isAllBestEffort = file.matched.points[position].counts.trafficClasses >> 2 == 0
    // What all packets have chooses none.
    let kinds = classes.filter { common.contains($0.feature) && !($0.feature == .bestEffort && isAllBestEffort) }
    if kinds.isEmpty { return nil }
    let offered = OfferedFeatures(sample, file)
    let (packets, lost) = (offered.packets, sample.lostOffered.count)
    var best: LossChoice?
    for kind in kinds {
      let alike = offered.count(with: kind.feature)
      let chance = HypergeometricTail.allWithin(alike, of: packets, drawn: lost) * Double(classes.count)
      guard chance < best?.chance ?? 1 else { continue }
      best = LossChoice(
        what: kind.name,
        how:
          "All \(lost) lost packets have \(kind.name), as \(alike) of \(packets) packets have; of "
          + "the other \(packets - alike) none is lost.",
        meaning: kind.meaning,
        confirm: "Wireshark: \(kind.filter), at both points; read the rules and counters of the box for them.",
        chance: chance)
    }
    return best
  }
}
