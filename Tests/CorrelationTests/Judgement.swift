import Correlation
import Matching
import Scenarios
import Verdicts

/// What the program says of a scenario, next to the truth.
struct Judgement {
  let run: ScenarioRun
  let matched: MatchedTraffic
  let tally: CorrelationTally

  init(_ scenario: Scenario) {
    run = scenario.run()
    matched = MatchedTraffic(
      inputs: run.traffic(), names: run.names, givenOrder: Array(scenario.points.indices))
    tally = Correlator(matched).correlate()
  }

  func events(_ kind: Event.Kind) -> [PacketEvent] { tally.events.filter { $0.kind == kind } }

  func ledger(_ segment: Int, _ direction: Direction) -> SegmentLedger {
    tally.segments[PointPair(segment, segment + 1)]?[direction] ?? SegmentLedger()
  }

  /// The packets that an event speaks of, with those that they were cut or merged from.
  private func ids(_ sighting: PacketEvent.Sighting?) -> [Int] {
    guard let sighting else { return [] }
    return family(run.id(point: sighting.position, frame: Int(sighting.frame)))
  }

  private func family(_ id: Int) -> [Int] {
    var found = [id]
    var place = 0
    while place < found.count {
      found += run.truth.pieces[found[place]] ?? []
      found += run.truth.pieces.filter { $0.value.contains(found[place]) }.map(\.key).filter { !found.contains($0) }
      place += 1
    }
    return found
  }

  /// Everything that the tally says and that is not so.
  var falsehoods: [String] { falsehoods(above: 0) }

  /// Everything that the tally is that sure of and that is not so.
  ///
  /// - Parameter weighed: whether with what only the shares of losses and misses speak for, which is wrong as often as its
  ///   confidence says.
  func falsehoods(above confidence: Double, weighed: Bool = true) -> [String] {
    tally.events.filter { $0.confidence >= confidence && (weighed || !$0.evidence.contains(.weighed)) && !isTrue($0) }
      .map { "false: \(Self.text($0))" }
  }

  private func isTrue(_ event: PacketEvent) -> Bool {
    let segments = event.between.near..<event.between.far
    let ids = ids(event.upstream ?? event.downstream)
    let arrived = self.ids(event.downstream)
    let truth = run.truth
    switch event.kind {
    case .drop: return ids.contains { wasLost($0, in: segments, event.direction) }
    case .notCaptured:
      guard let point = event.point else { return false }
      return ids.contains { run.passed($0, point) && !run.isCaptured($0, point) }
    case .reorder:
      return arrived.contains { id in segments.contains { truth.reordered($0, event.direction).contains(id) } }
    case .duplicate: return arrived.contains { truth.duplicates[$0, default: []].contains(where: segments.contains) }
    case .inject: return arrived.contains { truth.injected[$0].map(segments.contains) ?? false }
    case .corrupt, .rewrite: return ids.contains { truth.edits[$0, default: []].contains(where: segments.contains) }
    }
  }

  /// Whether a packet was lost on these segments, or beyond them behind points whose captures missed it.
  private func wasLost(_ id: Int, in segments: Range<Int>, _ direction: Direction) -> Bool {
    guard let lost = run.truth.drops[id] else { return false }
    if segments.contains(lost) { return true }
    let unseen =
      direction == .clientToServer
      ? segments.upperBound..<max(segments.upperBound, lost + 1)
      : min(lost + 1, segments.lowerBound)..<segments.lowerBound + 1
    let isBeyond = direction == .clientToServer ? lost >= segments.upperBound : lost < segments.lowerBound
    return isBeyond && unseen.allSatisfy { !run.isCaptured(id, $0) }
  }

  /// Every loss, change of order, duplicate and injection that the captures show and no event names.
  var omissions: [String] {
    var found: [String] = []
    for (id, segment) in run.truth.drops.sorted(by: { $0.key < $1.key }) {
      guard let packet = run.truth.packets[id] else { continue }
      let upstream = packet.direction == .clientToServer ? segment : segment + 1
      guard run.isCaptured(id, upstream) else { continue }
      let isNamed = events(.drop).contains { ids($0.upstream).contains(id) }
      if !isNamed { found.append("unnamed loss on \(segment): \(text(id))") }
    }
    for segment in run.scenario.segments.indices {
      for direction in Direction.allCases {
        for id in run.truth.reordered(segment, direction).sorted() where isCapturedAround(segment, id) {
          let isNamed = events(.reorder).contains { $0.between.near == segment && ids($0.downstream).contains(id) }
          if !isNamed { found.append("unnamed reordering on \(segment): \(text(id))") }
        }
      }
    }
    return found
  }

  private func isCapturedAround(_ segment: Int, _ id: Int) -> Bool {
    run.isCaptured(id, segment) && run.isCaptured(id, segment + 1)
  }

  func text(_ id: Int) -> String {
    guard let packet = run.truth.packets[id] else { return "packet \(id)" }
    let frames = run.scenario.points.indices.map { run.frames(point: $0, id: id) }
    return
      "\(packet.direction.word) \(packet.label.kind) \(packet.label.index) copy \(packet.label.copy), frames \(frames)"
  }

  static func text(_ event: PacketEvent) -> String {
    let place = event.upstream ?? event.downstream
    return "\(event.kind) \(event.between.near)-\(event.between.far) \(event.direction.word) "
      + "frame \(place?.frame ?? 0) at \(place?.position ?? -1), point \(event.point ?? -1), "
      + "field \(event.field?.name ?? "none"), confidence \(event.confidence), evidence \(event.evidence.rawValue)"
  }

  /// Ledgers that do not add up, or do not begin with what the upstream capture holds.
  var wrongLedgers: [String] {
    var found: [String] = []
    for (pair, segment) in tally.segments {
      for direction in Direction.allCases {
        let ledger = segment[direction]
        let sum =
          ledger.delivered + ledger.lost + ledger.notCaptured + ledger.outsideCoverage + ledger.undecided
        if sum != ledger.offered {
          found.append("\(pair) \(direction.word): \(sum) fates for \(ledger.offered) packets")
        }
        let lost = events(.drop).count { $0.between == pair && $0.direction == direction }
        if lost != ledger.lost {
          found.append("\(pair) \(direction.word): \(ledger.lost) lost, \(lost) events")
        }
      }
    }
    return found
  }

  /// What the upstream capture of a segment holds of a direction, without the copies that it made itself.
  func captured(_ segment: Int, _ direction: Direction) -> Int {
    let point = direction == .clientToServer ? segment : segment + 1
    return run.captures[point].count { !$0.isCopy && $0.direction == direction }
  }
}

/// What the headers of a conversation leave to tell packets apart by.
enum Headers: CaseIterable {
  case full, noIPID, noTimestamps, neither

  func apply(to conversation: inout TCPConversation) {
    if self == .noIPID || self == .neither { conversation.ipIDs = .zero }
    if self == .noTimestamps || self == .neither { conversation.usesTimestamps = false }
  }
}

extension Scenario {
  /// One conversation of requests and answers, with an earlier and a later one so that no capture begins or ends in it.
  static func usual(
    _ headers: Headers = .full, close: TCPConversation.Close = .fin, points: Int = 3,
    script: [TCPConversation.Turn] = [.client(600), .server(2400), .client(300), .server(400)]
  ) -> Scenario {
    var scenario = Scenario(points: points)
    var conversation = TCPConversation(script: script)
    conversation.close = close
    conversation.startsAfterNS = 1_000_000_000
    headers.apply(to: &conversation)
    scenario.add(conversation)
    for (number, start) in [(1, 0), (2, 9_000_000_000)] as [(Int, Int64)] {
      var other = TCPConversation(script: [.client(100), .server(100)])
      headers.apply(to: &other)
      other.number = number
      other.clientISN = 77_000_000 * UInt32(number)
      other.serverISN = 88_000_000 * UInt32(number)
      other.startsAfterNS = start
      scenario.add(other)
    }
    return scenario
  }
}
