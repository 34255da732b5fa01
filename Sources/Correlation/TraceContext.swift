import Flows
import Matching
import Packets
import Verdicts

/// Everything that a judge of one direction of one connection looks at.
///
/// A class, as each judge holds it: a copy of all that it refers to costs more than the judging of a short connection.
final class TraceContext {
  let group: Int
  let direction: Direction
  let trace: DirectionTrace
  let reverse: DirectionTrace
  /// What is known of all connections.
  private let path: PathContext
  let bases: SequenceBases
  /// The segment with a box that answered the handshake itself; what belongs to it is neither lost nor injected there.
  let handshakeProxiedAt: PointPair?
  private var ranges: [RangeIndex?] = []
  private var histories: [MadeHistory] = []

  private struct MadeHistory {
    var position: Int
    var limit: Int64
    var history: AckHistory
  }

  init(
    group: Int, direction: Direction, traces: DirectionPair<DirectionTrace>, bases: SequenceBases,
    handshakeProxiedAt: PointPair?, path: PathContext
  ) {
    self.group = group
    self.direction = direction
    trace = traces[direction]
    reverse = traces[direction.opposite]
    self.path = path
    self.bases = bases
    self.handshakeProxiedAt = handshakeProxiedAt
  }

  var matched: MatchedTraffic { path.matched }
  var model: PairModel { path.model }
  /// For each position, when it was capturing; `nil` without frames.
  var coverage: [Coverage?] { path.coverage }

  /// Within this time of its expected place a packet without a counterpart may be the one that is missing there; a
  /// datagram, which has no number to know it by, for longer.
  private var nearNS: Int64 { trace.isTCP ? 2_000_000 : 200_000_000 }

  /// Whether the next point has a transmission as a fragment of which it does not know the connection.
  func isLone(_ index: Int) -> Bool {
    let place = Int(trace.transmissions[index].place)
    return path.isLone(
      trace.transmissions[index].record, direction, from: trace.path[place], at: trace.path[place + 1])
  }

  /// The segment between two places of the path.
  func pair(_ place: Int, _ other: Int) -> PointPair { PointPair(trace.path[place], trace.path[other]) }

  /// The segments of a place by their stream offset; made when it is first asked for.
  func rangeIndex(at place: Int) -> RangeIndex {
    if ranges.isEmpty { ranges = Array(repeating: nil, count: trace.path.count) }
    if let index = ranges[place] { return index }
    let index = RangeIndex(trace, place: place)
    ranges[place] = index
    return index
  }

  /// What was acknowledged at a point, up to the end of what was sent; see ``AckHistory``.
  ///
  /// That of a segment's far end serves the next segment, too, where as much was sent there.
  func ackHistory(at position: Int, limit: Int64) -> AckHistory {
    if let known = histories.first(where: { $0.position == position && $0.limit == limit }) { return known.history }
    let history = AckHistory(reverse, position: position, limit: limit)
    if histories.count == 2 { histories.removeFirst() }
    histories.append(MadeHistory(position: position, limit: limit, history: history))
    return history
  }

  /// A packet as an event names it.
  func sighting(_ index: Int) -> PacketEvent.Sighting {
    let record = trace.transmissions[index].record
    return PacketEvent.Sighting(position: trace.position(index), frame: record.frame, timeNS: record.timeNS)
  }

  /// An event about a packet, to be completed by the judge.
  func event(_ kind: Event.Kind, _ index: Int, between: PointPair, evidence: EventEvidence, confidence: Double)
    -> PacketEvent
  {
    let record = trace.transmissions[index].record
    return PacketEvent(
      kind: kind, between: between, direction: direction, group: group, ipID: record.ipID,
      sequence: record.sequence, length: record.payloadLength, flags: record.flags,
      trafficClass: record.trafficClass, isTCP: trace.isTCP && !record.isICMPError, isICMPError: record.isICMPError,
      isIPv6: record.marks.contains(.ipv6), evidence: evidence, count: 0, confidence: confidence)
  }

  /// A packet of the same sort that `isCandidate` and lies at a place about when it is expected there; not one that is
  /// the counterpart of another packet already.
  func counterpart(
    of index: Int, at place: Int, expected: Int64, unlessIn taken: Set<Int>, where isCandidate: (Transmission) -> Bool
  ) -> Int? {
    let record = trace.transmissions[index].record
    var other = trace.firstIndex(at: place, notBefore: expected - nearNS)
    while other < trace.ranges[place].upperBound, trace.transmissions[other].record.timeNS <= expected + nearNS {
      let candidate = trace.transmissions[other]
      if isCandidate(candidate), candidate.record.isICMPError == record.isICMPError,
        (candidate.record.flags ^ record.flags) & (TCPFlags.rst | TCPFlags.syn) == 0, !taken.contains(other)
      {
        return other
      }
      other += 1
    }
    return nil
  }
}

extension DirectionTrace {
  /// The first transmission at a place that is not before a time by the point's clock.
  func firstIndex(at place: Int, notBefore timeNS: Int64) -> Int {
    var low = ranges[place].lowerBound
    var high = ranges[place].upperBound
    while low < high {
      let middle = (low + high) / 2
      if transmissions[middle].record.timeNS < timeNS { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
