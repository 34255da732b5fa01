import Correlation
import Flows
import Matching
import Packets
import Verdicts

/// `idle-timeout`: a box forgets connections that were silent for a time, and refuses what comes then.
enum IdleTimeoutRule {
  /// Shorter silences are round trips and timers of the hosts, in nanoseconds.
  private static let shortestNS: Int64 = 1_000_000_000
  /// A box that answers instead of forwarding does it at once, in nanoseconds.
  private static let answerNS: Int64 = 1_000_000_000
  private static let fewest = 2

  /// A connection whose first packet after a silence did not get through.
  private struct Refusal {
    var group: Int
    var direction: Direction
    var idleNS: Int64
    var last: PacketEvent.Sighting
    var first: PacketEvent.Sighting
    var reset: PacketEvent.Sighting?

    init(_ last: PacketRecord, by first: PacketRecord, group: Int, _ direction: Direction, at position: Int) {
      self.group = group
      self.direction = direction
      idleNS = first.timeNS - last.timeNS
      self.last = PacketEvent.Sighting(position: position, frame: last.frame, timeNS: last.timeNS)
      self.first = PacketEvent.Sighting(position: position, frame: first.frame, timeNS: first.timeNS)
    }
  }

  /// Watches a connection for packets that end a silence and carry nothing that was sent before it.
  private struct Silence {
    private let direction: Direction
    private var previous: PacketRecord?
    private var reached: UInt32?

    init(_ direction: Direction) { self.direction = direction }

    /// The packet before the silence that `record` ends, if it is long enough.
    func ended(by record: PacketRecord, _ shortestNS: Int64) -> PacketRecord? {
      guard let previous, record.timeNS - previous.timeNS >= shortestNS,
        reached.map({ CaseFile.distance(from: $0, to: record.sequence) >= 0 }) ?? true
      else { return nil }
      return previous
    }

    mutating func pass(_ record: PacketRecord, _ way: Direction) {
      previous = record
      let end = CaseFile.end(of: record)
      guard way == direction, !record.isRST else { return }
      if reached.map({ CaseFile.distance(from: $0, to: end) > 0 }) ?? true { reached = end }
    }
  }

  static func find(_ file: CaseFile) -> [Finding] {
    var found: [PointPair: [Refusal]] = [:]
    for (index, events) in file.eventsByGroup.sorted(by: { $0.key < $1.key }) {
      let group = file.matched.groups[index]
      guard let first = group.members.firstIndex(where: { $0 >= 0 }), file.isTCP(group),
        file.connection(of: group, at: first)?.longestSilenceNS ?? 0 >= shortestNS
      else { continue }
      for (pair, refusal) in refusals(of: index, events.map { file.tally.events[$0] }, file) {
        found[pair, default: []].append(refusal)
      }
    }
    return found.sorted { $0.key < $1.key }.compactMap { pair, refusals in
      finding(pair, refusals.sorted { ($0.idleNS, $0.group) < ($1.idleNS, $1.group) }, file)
    }
  }

  /// Takes out what is said of the pattern of losses on a segment where all of them are of connections that a box forgot:
  /// they come in bursts, and from the side that spoke first.
  static func leaveOutWhatItExplains(_ findings: inout [Finding]) {
    let patterns: Set<String> = ["loss-burst", "loss-random", "loss-selective", "loss-one-direction"]
    for timeout in findings where timeout.kind == "idle-timeout" {
      findings.removeAll {
        patterns.contains($0.kind) && $0.between == timeout.between
          && Set($0.connections).isSubset(of: timeout.connections)
      }
    }
  }

  /// What was refused of one connection, at most once on each segment.
  private static func refusals(of index: Int, _ events: [PacketEvent], _ file: CaseFile) -> [PointPair: Refusal] {
    struct Way: Hashable {
      var pair: PointPair
      var direction: Direction
    }
    var lost: [Way: (position: Int, frames: Set<UInt32>)] = [:]
    var resets: [Way: PacketEvent.Sighting] = [:]
    for event in events where event.isTCP && event.flags & TCPFlags.syn == 0 {
      let way = Way(pair: event.between, direction: event.direction)
      if event.kind == .drop, event.flags & TCPFlags.rst == 0, let sighting = event.upstream {
        lost[way, default: (sighting.position, [])].frames.insert(sighting.frame)
      } else if event.kind == .inject, event.flags & TCPFlags.rst != 0, let sighting = event.downstream {
        if resets[way].map({ $0.frame > sighting.frame }) ?? true { resets[way] = sighting }
      }
    }
    var found: [PointPair: Refusal] = [:]
    for (way, losses) in lost {
      guard let refusal = vanished(losses.frames, at: losses.position, way.direction, index, file) else { continue }
      // Both directions may be refused; the one that tried first is shown.
      if found[way.pair].map({ $0.first.timeNS > refusal.first.timeNS }) ?? true { found[way.pair] = refusal }
    }
    for (way, reset) in resets where found[way.pair] == nil {
      found[way.pair] = answered(reset, way.direction, index, file)
    }
    return found
  }

  /// The first packet after a silence, if it was lost and new, and nothing more of its direction got through.
  private static func vanished(
    _ lost: Set<UInt32>, at position: Int, _ direction: Direction, _ index: Int, _ file: CaseFile
  ) -> Refusal? {
    var refusal: Refusal?
    var silence = Silence(direction)
    var (later, gone) = (0, 0)
    file.forEachSegment(of: file.matched.groups[index], at: position) { record, way in
      let isLost = way == direction && lost.contains(record.frame)
      if isLost, let ended = silence.ended(by: record, shortestNS) {
        refusal = Refusal(ended, by: record, group: index, direction, at: position)
        (later, gone) = (0, 0)
      }
      if way == direction {
        later += 1
        if isLost { gone += 1 }
      }
      silence.pass(record, way)
      return true
    }
    return gone * 10 >= later * 9 ? refusal : nil
  }

  /// The first packet after a silence, if a RST from the segment answered it.
  private static func answered(
    _ reset: PacketEvent.Sighting, _ direction: Direction, _ index: Int, _ file: CaseFile
  ) -> Refusal? {
    var refusal: Refusal?
    var silence = Silence(direction.opposite)
    var askedNS = Int64.min
    file.forEachSegment(of: file.matched.groups[index], at: reset.position) { record, way in
      if record.frame >= reset.frame { return false }
      if way == direction.opposite {
        askedNS = record.timeNS
        refusal = silence.ended(by: record, shortestNS).map {
          Refusal($0, by: record, group: index, way, at: reset.position)
        }
      }
      silence.pass(record, way)
      return true
    }
    guard askedNS > .min, reset.timeNS - askedNS <= answerNS else { return nil }
    refusal?.reset = reset
    return refusal
  }

  private static func finding(_ pair: PointPair, _ refusals: [Refusal], _ file: CaseFile) -> Finding? {
    guard refusals.count >= fewest, let shortest = refusals.first, let longest = refusals.last else { return nil }
    let survived = longestSurvivor(pair, besides: Set(refusals.map(\.group)), file)
    // Without a clean threshold it is not the silence that decides.
    guard survived.map({ $0 < shortest.idleNS }) ?? true else { return nil }
    let resets = refusals.count { $0.reset != nil }
    let what =
      resets == refusals.count
      ? "was answered by a RST from here" : resets == 0 ? "vanished here" : "vanished here or was answered by a RST"
    let bound =
      survived.map {
        "The longest silence that a connection survived here took \(Milliseconds.text($0)), so the timeout lies between "
          + "the two."
      } ?? "No connection survived a silence of a second or more here."
    return Finding(
      kind: "idle-timeout", severity: .warning, between: pair,
      direction: CaseFile.onlyDirection(refusals.map(\.direction)),
      title: "Connections silent for \(Milliseconds.text(shortest.idleNS)) or longer are forgotten between "
        + file.names(pair),
      explanation: "In \(CaseFile.count(refusals.count, "connection")) the first packet after a silence \(what), and "
        + "nothing more got through: silences of \(Milliseconds.text(shortest.idleNS)) to "
        + "\(Milliseconds.text(longest.idleNS)). \(bound) A stateful box that drops idle connections does this.",
      confidence: min(0.95, 0.7 + 0.1 * Double(refusals.count)),
      connections: Set(refusals.map { file.connectionIDs[$0.group] }).sorted(), packets: refusals.count,
      evidence: refusals.prefix(2).flatMap { refusal -> [Finding.Evidence] in
        let after = Milliseconds.text(refusal.idleNS)
        return [
          Finding.Evidence(frame: file.frame(refusal.last), says: "the last packet before the silence"),
          Finding.Evidence(frame: file.frame(refusal.first), says: "the first one, \(after) later, refused"),
        ]
          + (refusal.reset.map { [Finding.Evidence(frame: file.frame($0), says: "the RST that answers it")] } ?? [])
      },
      confirm: "Compare with the idle timeout of the box; let hosts send keepalives more often. Wireshark: "
        + "tcp.time_delta > \(max(1, shortest.idleNS / 1_000_000_000)).")
  }

  /// The longest silence on the segment whose end got through, in nanoseconds; `nil` if no such silence took a second.
  private static func longestSurvivor(_ pair: PointPair, besides refused: Set<Int>, _ file: CaseFile) -> Int64? {
    let lost = Set(
      file.tally.events.lazy.filter { $0.between == pair && $0.kind == .drop }.compactMap(\.upstream))
    let candidates = file.matched.groups.indices.compactMap { index -> (index: Int, silenceNS: Int64)? in
      let group = file.matched.groups[index]
      guard !refused.contains(index), file.isTCP(group), group.members[pair.far] >= 0,
        let silence = file.connection(of: group, at: pair.near)?.longestSilenceNS, silence >= shortestNS
      else { return nil }
      return (index, silence)
    }
    var longest: Int64?
    for (index, silenceNS) in candidates.sorted(by: { ($1.silenceNS, $0.index) < ($0.silenceNS, $1.index) }) {
      if let longest, silenceNS <= longest { break }
      var previousNS: Int64?
      let group = file.matched.groups[index]
      // Behind the box everything that is seen got through.
      file.forEachSegment(of: group, at: pair.near) { record, way in
        defer { previousNS = record.timeNS }
        guard let previousNS, record.timeNS - previousNS >= max(shortestNS, longest ?? 0) else { return true }
        let sighting = PacketEvent.Sighting(position: pair.near, frame: record.frame, timeNS: record.timeNS)
        let towardsFar = (way == .clientToServer) != group.reversed
        if !record.isSYN, !record.isRST, !towardsFar || !lost.contains(sighting) {
          longest = record.timeNS - previousNS
        }
        return true
      }
    }
    return longest
  }
}
