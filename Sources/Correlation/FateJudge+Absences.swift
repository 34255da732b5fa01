import Packets

/// What is asked of a packet that the next place lacks.
extension FateJudge {
  /// When all of a segment had been acknowledged, as the point at a place saw it; `nil` if it never was, as datagrams never
  /// are.
  func acknowledged(_ segment: Transmission, at place: Int) -> Int64? {
    guard trace.isTCP else { return nil }
    let sent = context.rangeIndex(at: Int(segment.place)).end
    return context.ackHistory(at: trace.path[place], limit: sent).firstTime(covering: segment)
  }

  /// Whether a packet that the next place lacks may have passed it before its capture began or after it ended, with the
  /// delay of the fastest or the slowest of the others.
  func mayHavePassedOutside(_ index: Int, _ absences: inout Absences) -> Bool {
    let transmission = trace.transmissions[index]
    let place = Int(transmission.place)
    guard let coverage = context.coverage[trace.path[place + 1]] else { return true }
    let isNearEdge = context.holds(of: index, to: place + 1) {
      coverage.isNearEdge(transmission.timeNS.addingSaturated($0))
    }
    guard isNearEdge else { return false }
    let times = absences.times ?? TravelTimes(trace, from: place, context.rangeIndex(at: place))
    absences.times = times
    guard let range = times.range else { return false }
    return context.holds(of: index, to: place + 1) { delta in
      // Where a clock was set, the fastest may be of before.
      let fastest = max(range.lowerBound, delta.addingSaturated(-Coverage.longestQueueNS))
      let slowest = min(range.upperBound, delta.addingSaturated(Coverage.longestQueueNS))
      return !coverage.whole.contains(transmission.timeNS.addingSaturated(fastest))
        || !coverage.whole.contains(transmission.timeNS.addingSaturated(slowest))
    }
  }

  /// The copies of a segment of which one passed the next place without being captured there: what they carry was
  /// acknowledged there before any copy of it was seen.
  func unseenArrivals(of index: Int) -> [Int] {
    let transmission = trace.transmissions[index]
    let place = Int(transmission.place)
    let (here, there) = (trace.path[place], trace.path[place + 1])
    guard transmission.takesSequence, trace.isTCP,
      let delta = context.model.leastDelta(context.direction, from: here, to: there)
    else { return [] }
    guard let acknowledged = acknowledged(transmission, at: place + 1) else { return [] }
    // One that was not captured may have been faster than the fastest that were, by as much as those are spread.
    let usual = context.model.usualDelta(context.direction, from: here, to: there) ?? delta
    let fastest = delta - min(max(0, usual - delta), Coverage.longestQueueNS)
    var isSeen = false
    context.rangeIndex(at: place + 1).forEachSharing(transmission, in: trace) { other in
      isSeen = trace.transmissions[other].record.timeNS <= acknowledged
      return !isSeen
    }
    if isSeen { return [] }
    var found: [Int] = []
    var isExplained = false
    context.rangeIndex(at: place).forEachSharing(transmission, in: trace) { other in
      let copy = trace.transmissions[other]
      guard copy.record.timeNS + fastest < acknowledged else { return true }
      let isSeenBeyond = copy.next >= 0 && Int(trace.transmissions[Int(copy.next)].place) > place + 1
      if copy.next < 0 || isSeenBeyond { found.append(other) }
      // One that is seen beyond is known to have passed the next place unseen: no other need have.
      isExplained = isSeenBeyond && copy.offset <= transmission.offset && copy.end >= transmission.end
      return !isExplained
    }
    return isExplained ? [] : found
  }

  /// Whether its bytes had arrived at the next place before, and were sent again all the same: then a further repeat does
  /// not show that this copy was lost.
  func isRepeatedAnyway(_ index: Int) -> Bool {
    let transmission = trace.transmissions[index]
    let place = Int(transmission.place)
    var isAnyway = false
    context.rangeIndex(at: place).forEachSharing(transmission, in: trace) { other in
      let copy = trace.transmissions[other]
      isAnyway =
        other < index && copy.next >= 0 && copy.offset <= transmission.offset && copy.end >= transmission.end
        && !copy.isFoundInPart
      return !isAnyway
    }
    return isAnyway
  }

  /// Whether it asks for nothing and comes after a RST that both ends of the segment saw: a box between them has no
  /// connection any more that it could belong to, and drops it or routes it by itself (RFC 9293, 3.10.7.1).
  func isOfNoConnection(_ index: Int, _ absences: inout Absences) -> Bool {
    let transmission = trace.transmissions[index]
    guard trace.isTCP, !transmission.takesSequence, !transmission.record.isRST, !transmission.record.isICMPError else {
      return false
    }
    let reset = absences.reset ?? SegmentReset(context, place: Int(transmission.place))
    absences.reset = reset
    return reset.timeNS.map { $0 < transmission.record.timeNS } ?? false
  }
}
