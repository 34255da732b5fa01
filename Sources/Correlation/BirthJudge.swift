import Flows
import Matching
import Packets
import Verdicts

/// Says of packets that no point upstream has where they came from: copied, injected, or missed by the captures upstream.
struct BirthJudge {
  let context: TraceContext

  private var trace: DirectionTrace { context.trace }

  /// Judges all births of the direction into `tally`.
  func judge(into tally: inout CorrelationTally, _ memory: inout JudgesMemory) {
    for place in trace.path.indices.dropFirst() {
      let transmissions = trace.transmissions
      let born = trace.part(place).filter { transmissions[$0].previous < 0 }
      if born.isEmpty { continue }
      let usualTTL = memory.usualTTL(place) { self.usualTTL(at: place) }
      var counterparts: Set<Int> = []
      memory.recall(&counterparts, place)
      var times: TravelTimes?
      for index in born {
        judge(index, place, usualTTL, &counterparts, &times, &tally)
      }
      memory.keep(&counterparts, place)
    }
  }

  private func judge(
    _ index: Int, _ place: Int, _ usualTTL: UInt8?, _ counterparts: inout Set<Int>, _ times: inout TravelTimes?,
    _ tally: inout CorrelationTally
  ) {
    let transmission = trace.transmissions[index]
    let pair = context.pair(place - 1, place)
    if pair == context.handshakeProxiedAt, transmission.isOfHandshake { return }
    if transmission.copyOf >= 0 {
      judgeCopy(index, place, pair, &tally)
      return
    }
    if transmission.record.isRedirect { return }
    guard isCoveredUpstream(index, place, &times) else {
      let near = trace.path[place - 1]
      tally.passedUncaptured[near, default: 0] += 1
      if let coverage = context.coverage[near], usualStart(of: index, place) > coverage.whole.upperBound {
        tally.passedBehindEnd.insert(near)
      }
      return
    }
    if [place - 1, place].contains(where: { context.matched.points[trace.path[$0]].counts.listensToAir }) { return }
    // It may be a packet that is missing from the next point, changed beyond recognition or merged with another.
    let usual = context.model.usualDelta(context.direction, from: trace.path[place - 1], to: trace.path[place]) ?? 0
    let expected = transmission.record.timeNS - usual
    let counterpart = context.counterpart(of: index, at: place - 1, expected: expected, unlessIn: counterparts) {
      $0.next < 0 && $0.copyOf < 0
    }
    if let counterpart {
      counterparts.insert(counterpart)
      return
    }
    let record = transmission.record
    var evidence: EventEvidence = .absentUpstream
    if let usualTTL { evidence.insert(usualTTL == record.ttl ? .sameTTL : .otherTTL) }
    var event = context.event(.inject, index, between: pair, evidence: evidence, confidence: 0.8)
    event.count = place
    event.downstream = context.sighting(index)
    if evidence.contains(.otherTTL) || record.isICMPError {
      event.confidence = 0.97
      tally.addInjection(event)
    } else {
      tally.addBirth(event, lackedBy: Array(trace.path[..<place]))
    }
  }

  private func judgeCopy(_ index: Int, _ place: Int, _ pair: PointPair, _ tally: inout CorrelationTally) {
    let transmission = trace.transmissions[index]
    let isLast = place == trace.path.count - 1
    // A copy that goes on is the network's; one that the next point lacks was counted as the capture's.
    guard isLast || transmission.next >= 0 else { return }
    let original = trace.transmissions[Int(transmission.copyOf)]
    // Where the capture before missed the original, it may have missed the copy, too: then that was made further up.
    let isPlaced = original.previous < 0 || Int(trace.transmissions[Int(original.previous)].place) == place - 1
    var event = context.event(
      .duplicate, index, between: pair, evidence: .twinDownstream,
      confidence: !isPlaced ? 0.5 : isLast ? 0.8 : 0.97)
    event.downstream = context.sighting(index)
    if original.previous >= 0 { event.upstream = context.sighting(Int(original.previous)) }
    if transmission.record.isDoubtfulTwin {
      tally.addDoubtfulCopy(event, lackedBy: Array(trace.path[..<place]))
    } else {
      tally.addDuplicate(event)
    }
  }

  /// Whether the captures upstream were running when the packet would have passed them, had it taken as long as any other.
  private func isCoveredUpstream(_ index: Int, _ place: Int, _ times: inout TravelTimes?) -> Bool {
    guard let coverage = context.coverage[trace.path[place - 1]] else { return false }
    let arrival = trace.transmissions[index].record.timeNS
    let start = usualStart(of: index, place)
    guard coverage.contains(start) else { return false }
    guard coverage.isNearEdge(start) else { return true }
    let known = times ?? TravelTimes(trace, from: place - 1, RangeIndex(trace, place: place - 1))
    times = known
    guard let range = known.range else { return true }
    return coverage.whole.contains(max(arrival - range.upperBound, start - Coverage.longestQueueNS))
      && coverage.whole.contains(arrival - range.lowerBound)
  }

  /// When a packet passed the place before, if it took the usual time, by that point's clock.
  private func usualStart(of index: Int, _ place: Int) -> Int64 {
    trace.transmissions[index].timeNS.differenceSaturated(from: context.deltaFromBefore(of: index))
  }

  /// Packets whose TTL is looked at: some thousands tell that of all.
  private static let mostLookedAt = 10_000

  /// The TTL that most packets with an origin upstream have at this place.
  private func usualTTL(at place: Int) -> UInt8? {
    var counts = [Int](repeating: 0, count: 256)
    var lookedAt = 0
    for index in trace.ranges[place] where trace.transmissions[index].previous >= 0 {
      counts[Int(trace.transmissions[index].record.ttl)] += 1
      lookedAt += 1
      if lookedAt == Self.mostLookedAt { break }
    }
    guard let most = counts.indices.max(by: { counts[$0] < counts[$1] }), counts[most] > 0 else { return nil }
    return UInt8(most)
  }
}
