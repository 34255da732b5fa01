import Verdicts

/// What speaks for a loss besides that the next point lacks the packet.
enum LossProof {
  /// The sender repeats it, or waits for what it had sent before.
  case proven
  /// Nothing, but the captures at all of these positions lack it, two or more.
  case lackedBySeveral([Int])
  /// Nothing: only the last capture could have it.
  case lackedByLast
}

extension CorrelationTally {
  /// Adds the repeat of what was lost, which was sent behind the last packet of the next point's capture.
  mutating func addRefusedBehindEnd(_ event: PacketEvent, _ proof: LossProof) {
    refusedBehindEnd.append((event, proof))
  }

  /// Decides such repeats: a capture that was still running has nothing either where nothing but them was sent.
  ///
  /// What else was sent would have been in it, and what passed it the other way.
  mutating func settleRefusedBehindEnd() {
    for (event, proof) in refusedBehindEnd {
      let others = sentBehindEnd[OneWay(event.between, event.direction)] ?? 0
      if others > 0 || passedBehindEnd.contains(event.downstreamPosition) {
        segments[event.between, default: SegmentTally()][event.direction].outsideCoverage += 1
      } else {
        addLoss(event, proof)
      }
    }
    refusedBehindEnd = []
  }

  /// Decides the losses that only the lack of several captures speaks for, by how often all of them miss the same packet.
  ///
  /// Captures miss packets independently of each other, so their rates multiply. Only packets whose arrival nothing
  /// acknowledges can be lacked so: what was acknowledged is known to have arrived.
  mutating func settleLackedBySeveral() {
    struct Place: Hashable {
      var between: PointPair
      var direction: Direction
      var positions: [Int]
    }
    var lacking: [Place: Int] = [:]
    func place(_ event: PacketEvent, _ positions: [Int]) -> Place {
      Place(between: event.between, direction: event.direction, positions: positions)
    }
    for (event, positions) in lackedBySeveral { lacking[place(event, positions), default: 0] += 1 }
    let rates = missRates()
    let shares = lacking.reduce(into: [Place: Double]()) { shares, entry in
      let (place, count) = entry
      let unanswered = segments[place.between]?.unanswered(place.direction) ?? 0
      let byChance = place.positions.reduce(Double(unanswered)) { $0 * (rates[$1] ?? 0) }
      shares[place] = max(0, 1 - byChance / Double(count))
    }
    for (event, positions) in lackedBySeveral {
      var event = event
      let share = shares[place(event, positions)] ?? 0
      if share >= Self.leastShareOfLosses {
        if share < event.confidence {
          event.confidence = share
          event.evidence.insert(.weighed)
        }
        addProvenLoss(event)
      } else {
        segments[event.between, default: SegmentTally()][event.direction].undecided += 1
      }
    }
    lackedBySeveral = []
  }

  /// From this share of losses among packets of a kind on, each of them is called one.
  private static let leastShareOfLosses = 0.7

  /// Takes back losses that the next segment may have made as well: where the capture between missed the packet, too, it
  /// seems to be lost a segment early.
  ///
  /// A repeat proves that a packet was lost, not where. The rates of losing it beyond and of missing it multiply; what is
  /// not clearly more than that accuses nobody.
  mutating func settleMisplaced() {
    func mayBeMisplaced(_ event: PacketEvent) -> Bool {
      event.kind == .drop && event.downstream == nil && event.count >= 2 && event.upstream != nil
    }
    var found: [OneWay: Int] = [:]
    for event in events where mayBeMisplaced(event) {
      found[OneWay(event.between, event.direction), default: 0] += 1
    }
    let rates = missRates()
    var expected: [OneWay: Double] = [:]
    for event in events where mayBeMisplaced(event) {
      let place = OneWay(event.between, event.direction)
      guard expected[place] == nil, let upstream = event.upstream?.position else { continue }
      let missing = event.downstreamPosition
      let beyond = missing + (missing - upstream).signum()
      guard seen.indices.contains(beyond), let rate = rates[missing], rate > 0, rate < 1 else { continue }
      let lost = segments[PointPair(missing, beyond)]?[event.direction].lost ?? 0
      expected[place] = Double(lost) * rate / (1 - rate)
    }
    let isChance = expected.filter { place, count in Double(found[place] ?? 0) <= count + 3 * count.squareRoot() }
    for index in events.indices where mayBeMisplaced(events[index]) {
      let place = OneWay(events[index].between, events[index].direction)
      guard isChance[place] == nil, let count = expected[place], let all = found[place] else { continue }
      let share = 1 - count / Double(all)
      if share < events[index].confidence {
        events[index].confidence = share
        events[index].evidence.insert(.weighed)
      }
    }
    if isChance.isEmpty { return }
    for event in events where mayBeMisplaced(event) {
      guard isChance[OneWay(event.between, event.direction)] != nil else { continue }
      segments[event.between, default: SegmentTally()][event.direction].lost -= 1
      segments[event.between, default: SegmentTally()][event.direction].lostBytes -= Int(event.length)
      segments[event.between, default: SegmentTally()][event.direction].undecided += 1
    }
    events.removeAll { mayBeMisplaced($0) && isChance[OneWay($0.between, $0.direction)] != nil }
  }

  /// Decides the losses that only the last capture's lack speaks for, by what is sure of the segment and the capture.
  ///
  /// Where the segment is known to lose and the capture is not known to miss, it was lost; the other way round it was
  /// missed; in between the evidence does not decide.
  mutating func settleUnproven() {
    let pending = unproven
    unproven = []
    var proven: [PointPair: Int] = [:]
    for (pair, segment) in segments { proven[pair] = segment.clientToServer.lost + segment.serverToClient.lost }
    // What is decided here is no evidence for what is decided next.
    let missed = missed
    for var event in pending {
      let downstream = event.downstreamPosition
      let losses = Double(proven[event.between] ?? 0) + 2
      let misses = Double(missed[downstream] ?? 0) + 0.5
      let share = losses / (losses + misses)
      event.evidence.insert(.weighed)
      if share >= Self.leastShareOfLosses {
        event.confidence = min(0.95, share)
        addProvenLoss(event)
      } else if share <= 0.1 {
        event.kind = .notCaptured
        event.point = downstream
        event.confidence = 1 - share
        segments[event.between, default: SegmentTally()][event.direction].notCaptured += 1
        addMiss(event)
      } else {
        segments[event.between, default: SegmentTally()][event.direction].undecided += 1
      }
    }
  }
}
