import Flows
import Matching
import Packets
import Verdicts

/// Gives every transmission one fate on each segment that it set out on.
struct FateJudge {
  let context: TraceContext
  let trace: DirectionTrace

  init(context: TraceContext) {
    self.context = context
    trace = context.trace
  }

  /// Judges the direction, or the part of it that is to be judged, into the ledgers of `tally`.
  func judge(into tally: inout CorrelationTally, _ memory: inout JudgesMemory) {
    for place in trace.path.indices { tally.addSeen(trace.path[place], trace.part(place).count) }
    for place in trace.path.indices.dropLast() {
      var absences = Absences()
      memory.recall(&absences, place)
      judge(place, &absences, &tally)
      // A part that nobody asked in may be the one with the reset.
      if memory.isKept, absences.reset?.timeNS == nil { absences.reset = SegmentReset(context, place: place) }
      memory.keep(&absences, place)
    }
  }

  private func judge(_ place: Int, _ absences: inout Absences, _ tally: inout CorrelationTally) {
    let transmissions = trace.transmissions
    let pair = context.pair(place, place + 1)
    var offered = 0
    var delivered = 0
    var unanswered = 0
    var largest: UInt32 = 0
    var last = Int64.min
    for index in trace.part(place) {
      if transmissions[index].isICMPError, transmissions[index].record.isRedirect { continue }
      if transmissions[index].payloadLength == 0 || !trace.isTCP { unanswered += 1 }
      let next = Int(transmissions[index].next)
      if trace.ranges[place + 1].contains(next),
        transmissions[index].bytesFound >= transmissions[index].payloadLength || transmissions[next].link != .range
      {
        delivered += 1
        largest = max(largest, transmissions[index].payloadLength)
        last = max(last, transmissions[index].timeNS)
        continue
      }
      let transmission = transmissions[index]
      // A twin that no later point has was made by this point's capture, not by the network.
      if transmission.copyOf >= 0, next < 0 {
        tally.captureCopies[trace.path[place], default: 0] += 1
        continue
      }
      if next < 0, context.isLone(index) {
        delivered += 1
        largest = max(largest, transmission.payloadLength)
        last = max(last, transmission.timeNS)
        continue
      }
      if next < 0, pair == context.handshakeProxiedAt, transmission.isOfHandshake { continue }
      offered += 1
      if next >= 0 {
        judgeFound(index, pair, &absences, &tally)
      } else {
        judgeMissing(index, pair, &absences, &tally)
      }
    }
    if offered + delivered == 0 { return }
    tally.segments[pair, default: SegmentTally()][context.direction].offered += offered + delivered
    tally.segments[pair, default: SegmentTally()].addUnanswered(context.direction, unanswered)
    tally.segments[pair, default: SegmentTally()].addDeliveries(
      context.direction, delivered, largest: largest, lastNS: last)
  }

  private func judgeFound(
    _ index: Int, _ pair: PointPair, _ absences: inout Absences, _ tally: inout CorrelationTally
  ) {
    let transmission = trace.transmissions[index]
    let found = trace.transmissions[Int(transmission.next)]
    let direction = context.direction
    if found.place > transmission.place + 1 {
      let missed = (Int(transmission.place) + 1..<Int(found.place)).filter {
        !isOutsideCoverage(index, of: $0, repeated: false)
      }
      if missed.first == Int(transmission.place) + 1 {
        tally.segments[pair, default: SegmentTally()][direction].notCaptured += 1
      } else {
        tally.segments[pair, default: SegmentTally()][direction].outsideCoverage += 1
      }
      for missing in missed {
        var event = context.event(
          .notCaptured, index, between: context.pair(missing - 1, missing), evidence: [.seenLater], confidence: 0.99)
        event.point = trace.path[missing]
        event.upstream = context.sighting(index)
        event.downstream = context.sighting(Int(transmission.next))
        tally.addMiss(event)
      }
      return
    }
    if isShortened(index, &absences) {
      judgeShortened(index, pair, &tally)
      return
    }
    let repair = firstRepeat(of: index)
    let arrival = acknowledged(transmission, at: Int(transmission.place))
    let isSeenLater = transmission.bytesFoundFurther >= transmission.payloadLength - transmission.bytesFound
    if isSeenLater || isProof(arrival, of: transmission, repair: repair) {
      var event = context.event(
        .notCaptured, index, between: pair, evidence: [.partial, isSeenLater ? .seenLater : .acknowledged],
        confidence: isSeenLater ? 0.95 : 0.9)
      event.length = transmission.payloadLength - transmission.bytesFound
      event.point = trace.path[Int(found.place)]
      event.upstream = context.sighting(index)
      tally.segments[pair, default: SegmentTally()][direction].notCaptured += 1
      tally.addMiss(event)
      return
    }
    if transmission.isOpen {
      tally.segments[pair, default: SegmentTally()][direction].undecided += 1
      return
    }
    var event = context.event(
      .drop, index, between: pair, evidence: [.partial, .absentDownstream], confidence: 0.9)
    event.length = transmission.payloadLength - transmission.bytesFound - transmission.bytesFoundFurther
    if !trace.isTCP, let missing = firstMissingByte(of: index) {
      event.evidence.insert(.fragmentMissing)
      event.count = missing
    }
    if trace.isTCP, let missing = trace.firstMissingByte(ofSegment: index), missing > 0 {
      event.evidence.insert(.missingFrom)
      event.count = missing
    }
    event.upstream = context.sighting(index)
    event.downstream = context.sighting(Int(transmission.next))
    tally.addLoss(event, .proven)
  }

  /// Of a datagram that arrived in fragments, but not all of them: where in its payload the first missing one begins.
  ///
  /// `nil` where that is not known: the next point may have missed what is first, where one further on has some of it.
  private func firstMissingByte(of index: Int) -> Int? {
    let sent = trace.transmissions[index]
    guard trace.transmissions[Int(sent.next)].record.marks.contains(.fragment), sent.bytesFoundFurther == 0,
      let pieces = trace.pieces(of: index)
    else { return nil }
    return Int(
      pieces.sorted { $0.lowerBound < $1.lowerBound }.reduce(sent.piece.lowerBound) {
        $1.lowerBound <= $0 ? max($0, $1.upperBound) : $0
      })
  }

  /// Whether a packet of ordinary size arrived with its end cut off, on a segment that cuts none into several: nothing
  /// brought the rest.
  private func isShortened(_ index: Int, _ absences: inout Absences) -> Bool {
    let (sent, found) = (trace.transmissions[index], trace.transmissions[Int(trace.transmissions[index].next)])
    guard found.place == sent.place + 1, found.offset == sent.offset, found.record.payloadLength == sent.bytesFound,
      sent.record.ipID != 0, sent.record.ipID == found.record.ipID, sent.record.payloadLength <= Self.ordinaryPayload,
      !found.record.marks.contains(.fragment)
    else { return false }
    let isCutElsewhere = absences.hasLaterPieces ?? hasLaterPieces(at: Int(found.place))
    absences.hasLaterPieces = isCutElsewhere
    return !isCutElsewhere
  }

  /// Whether a point has pieces of packets that do not begin where these do.
  private func hasLaterPieces(at place: Int) -> Bool {
    trace.ranges[place].contains { index in
      let piece = trace.transmissions[index]
      return piece.link == .range && piece.previous >= 0
        && trace.transmissions[Int(piece.previous)].offset != piece.offset
    }
  }

  /// The payload of an Ethernet frame with 1,500 bytes and no options, in bytes; larger segments are a card's own.
  private static let ordinaryPayload: UInt32 = 1460

  private func judgeShortened(_ index: Int, _ pair: PointPair, _ tally: inout CorrelationTally) {
    let (sent, found) = (trace.transmissions[index], trace.transmissions[Int(trace.transmissions[index].next)])
    tally.segments[pair, default: SegmentTally()].addDeliveries(
      context.direction, 1, largest: found.record.payloadLength, lastNS: sent.record.timeNS)
    var event = context.event(.rewrite, index, between: pair, evidence: .partial, confidence: 0.9)
    event.field = .segmentation
    event.length = sent.record.payloadLength - found.record.payloadLength
    event.before = Int64(sent.record.payloadLength)
    event.after = Int64(found.record.payloadLength)
    event.upstream = context.sighting(index)
    event.downstream = context.sighting(Int(sent.next))
    tally.addRewrite(event)
  }

  /// Whether an acknowledgement shows that all of a segment arrived before any of it was sent again.
  private func isProof(_ arrival: Int64?, of transmission: Transmission, repair: Int64?) -> Bool {
    guard let arrival, arrival > transmission.record.timeNS else { return false }
    return repair.map { arrival < $0 } ?? true
  }

  private func judgeMissing(
    _ index: Int, _ pair: PointPair, _ absences: inout Absences, _ tally: inout CorrelationTally
  ) {
    let transmission = trace.transmissions[index]
    // On the air a point hears what others send to each other: that the next one does not is no loss.
    if transmission.isOpen || isOnAir(transmission) {
      tally.segments[pair, default: SegmentTally()][context.direction].undecided += 1
      return
    }
    let key = Absences.RangeKey(offset: transmission.offset, length: transmission.payloadLength)
    let wasRefused = absences.refused[key] != nil
    let repair = firstRepeat(of: index)
    let isOutside = isOutsideCoverage(index, of: Int(transmission.place) + 1, repeated: repair != nil)
    let isBehindEnd = isOutside && self.isBehindEnd(index, of: Int(transmission.place) + 1)
    if isOutside, !wasRefused || !isBehindEnd {
      tally.segments[pair, default: SegmentTally()][context.direction].outsideCoverage += 1
      if isBehindEnd { tally.sentBehindEnd[OneWay(pair, context.direction), default: 0] += 1 }
      return
    }
    let isAtEdge = mayHavePassedOutside(index, &absences)
    if isAtEdge, !wasRefused, repair == nil {
      tally.segments[pair, default: SegmentTally()][context.direction].outsideCoverage += 1
      return
    }
    let place = Int(transmission.place)
    let arrival = transmission.takesSequence ? acknowledged(transmission, at: place) : nil
    let unseen = repair == nil ? [] : unseenArrivals(of: index)
    if (arrival.map { $0 > transmission.record.timeNS && proves($0, repair: repair, of: index) } ?? false)
      || unseen == [index]
    {
      // Where the next point lacks the acknowledgement, too, both may have come after the end of its capture.
      if isAtEdge || (mayBeUnderWay(index) && acknowledged(transmission, at: place + 1) == nil) {
        tally.segments[pair, default: SegmentTally()][context.direction].outsideCoverage += 1
        return
      }
      var event = context.event(
        .notCaptured, index, between: pair, evidence: repair == nil ? .acknowledged : .acknowledgedBeforeRepeat,
        confidence: 0.95)
      event.point = trace.path[Int(transmission.place) + 1]
      event.upstream = context.sighting(index)
      tally.segments[pair, default: SegmentTally()][context.direction].notCaptured += 1
      tally.addMiss(event)
      return
    }
    let witnesses = trace.path.count - 1 - Int(transmission.place)
    // Boxes take in ICMP errors that are meant for them.
    if repair == nil,
      mayHaveArrivedChanged(index, &absences.counterparts) || (transmission.record.isICMPError && witnesses < 2)
    {
      tally.segments[pair, default: SegmentTally()][context.direction].undecided += 1
      return
    }
    if repair == nil, isOfNoConnection(index, &absences) {
      tally.segments[pair, default: SegmentTally()][context.direction].undecided += 1
      return
    }
    var evidence: EventEvidence = .absentDownstream
    if repair != nil { evidence.insert(.repeated) }
    if wasRefused { evidence.insert(.refusedBefore) }
    if transmission.record.marks.contains(.fragment) { evidence.insert(.isFragment) }
    // What was acknowledged though no copy of it was seen arrived in a copy that was missed: it may have been this one.
    let isOneOfMissed = (arrival != nil && !seenFurtherOn(index)) || unseen.contains(index)
    let isProven = (repair != nil && !isOneOfMissed && !isRepeatedAnyway(index)) || wasRefused
    let proof: LossProof =
      isProven ? .proven : witnesses >= 2 ? .lackedBySeveral(Array(trace.path.suffix(witnesses))) : .lackedByLast
    // A repeat of bytes that were lost here shows that the sender is still waiting; a RST shows nothing of the kind.
    if transmission.takesSequence, isProven || witnesses >= 2 { absences.refused[key] = index }
    var event = context.event(
      .drop, index, between: pair, evidence: evidence, confidence: isProven || witnesses >= 2 ? 0.99 : 0.9)
    event.count = witnesses
    event.upstream = context.sighting(index)
    if isBehindEnd {
      tally.addRefusedBehindEnd(event, proof)
    } else if repair == nil, !wasRefused, mayBeUnderWay(index) {
      tally.addLossAtTheEnd(event, proof)
    } else {
      tally.addLoss(event, proof)
    }
  }

  private func isOnAir(_ transmission: Transmission) -> Bool {
    let place = Int(transmission.place)
    return [place, place + 1].contains { context.matched.points[trace.path[$0]].counts.listensToAir }
  }

  /// Whether a packet without an origin appears at the next point just when this one should: it may be this one, changed
  /// beyond recognition, or merged with another.
  private func mayHaveArrivedChanged(_ index: Int, _ taken: inout Set<Int>) -> Bool {
    let place = Int(trace.transmissions[index].place)
    let usual = context.model.usualDelta(context.direction, from: trace.path[place], to: trace.path[place + 1]) ?? 0
    let expected = trace.transmissions[index].record.timeNS + usual
    let counterpart = context.counterpart(of: index, at: place + 1, expected: expected, unlessIn: taken) {
      $0.previous < 0 && $0.copyOf < 0
    }
    guard let counterpart else { return false }
    taken.insert(counterpart)
    return true
  }

  /// Whether an acknowledgement at `arrival` shows that this very transmission arrived, and not a later one.
  private func proves(_ arrival: Int64, repair: Int64?, of index: Int) -> Bool {
    guard let repair else { return !seenFurtherOn(index) }
    // A repeat cannot be answered in no time; an acknowledgement that left before it speaks of the first copy.
    return arrival < repair
  }

  /// Whether another transmission of the same bytes is seen at a point further on: then nothing speaks for this one.
  private func seenFurtherOn(_ index: Int) -> Bool {
    let transmission = trace.transmissions[index]
    var isSeen = false
    for place in Int(transmission.place) + 1..<trace.path.count where !isSeen {
      context.rangeIndex(at: place).forEachSharing(transmission, in: trace) { _ in
        isSeen = true
        return false
      }
    }
    return isSeen
  }

  /// When the sender sent some of the same bytes again, by this point's clock.
  private func firstRepeat(of index: Int) -> Int64? {
    let transmission = trace.transmissions[index]
    guard transmission.takesSequence, trace.isTCP, !transmission.record.isICMPError else { return nil }
    var first: Int?
    context.rangeIndex(at: Int(transmission.place)).forEachSharing(transmission, in: trace) { other in
      if other > index, trace.transmissions[other].copyOf != Int32(index) { first = min(first ?? other, other) }
      return true
    }
    return first.map { trace.transmissions[$0].record.timeNS }
  }

  /// Whether the packet would have reached a point further on while that point was not capturing.
  ///
  /// A capture's first packet is not its beginning. Where the sender had to repeat the packet, and nothing had come from
  /// beyond the point before its first packet, silence there is what losses look like.
  private func isOutsideCoverage(_ index: Int, of further: Int, repeated: Bool) -> Bool {
    let transmission = trace.transmissions[index]
    let (here, there) = (trace.path[Int(transmission.place)], trace.path[further])
    guard let coverage = context.coverage[there] else { return true }
    return context.holds(of: index, to: further) { delta in
      let arrival = transmission.timeNS.addingSaturated(delta)
      if arrival < coverage.whole.lowerBound {
        return !repeated
          || context.model.firstAgainst(context.direction, at: here)
            < coverage.whole.lowerBound.differenceSaturated(from: delta)
      }
      return arrival > coverage.whole.upperBound || coverage.isPaused(arrival)
    }
  }

  /// Whether the packet would have reached a point further on after the last packet of its capture.
  private func isBehindEnd(_ index: Int, of further: Int) -> Bool {
    guard let coverage = context.coverage[trace.path[further]] else { return false }
    return context.holds(of: index, to: further) {
      trace.transmissions[index].timeNS.addingSaturated($0) > coverage.whole.upperBound
    }
  }

  /// Whether the packet may have been in a queue when the next point's capture ended.
  private func mayBeUnderWay(_ index: Int) -> Bool {
    let place = Int(trace.transmissions[index].place)
    guard let coverage = context.coverage[trace.path[place + 1]] else { return true }
    return context.holds(of: index, to: place + 1) {
      trace.transmissions[index].timeNS.addingSaturated($0) > coverage.whole.upperBound - Coverage.longestQueueNS
    }
  }
}
