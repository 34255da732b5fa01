import Flows
import Matching
import Packets
import Verdicts

/// Compares each packet with itself at the next point: what was rewritten, mangled, corrupted; and how long it took.
struct LinkComparison {
  let context: TraceContext

  func compare(into tally: inout CorrelationTally, rewrites: inout RewriteTally) {
    let trace = context.trace
    let transmissions = trace.transmissions
    let hasLeaks = hasLeaks
    var times = Times(repeating: TimeDifferences.Sample(nearNS: 0, differenceNS: 0))
    for place in trace.path.indices.dropFirst() {
      let before = trace.ranges[place - 1]
      let neighbours = context.pair(place - 1, place)
      var count = 0
      let towardsFar = trace.path[place - 1] < trace.path[place]
      for index in trace.part(place) {
        let up = Int(transmissions[index].previous)
        guard up >= 0, transmissions[index].copyOf < 0 else { continue }
        // A bound on clocks is only as good as its worst pair, so only pairs that agree in everything count.
        if before.contains(up), transmissions[index].link == .exact, !transmissions[index].isUntimed,
          !transmissions[up].isUntimed
        {
          let (sent, arrived) = (transmissions[up].timeNS, transmissions[index].timeNS)
          times[count] =
            towardsFar
            ? TimeDifferences.Sample(nearNS: sent, differenceNS: arrived - sent)
            : TimeDifferences.Sample(nearNS: arrived, differenceNS: sent - arrived)
          count += 1
          if count == times.count {
            add(times.span, neighbours, towardsFar, &tally)
            count = 0
          }
        }
        if hasLeaks { noteLeak(up, index, &tally) }
        if transmissions[index].isUnchanged(since: transmissions[up]) { continue }
        compare(up, index, &tally, &rewrites)
      }
      if count > 0 { add(times.span.extracting(0..<count), neighbours, towardsFar, &tally) }
    }
  }

  /// Times that are put together before they are added, so that they stay in cache.
  private typealias Times = InlineArray<256, TimeDifferences.Sample>

  private func add(
    _ times: Span<TimeDifferences.Sample>, _ pair: PointPair, _ towardsFar: Bool, _ tally: inout CorrelationTally
  ) {
    tally.segments[pair, default: SegmentTally()].addTimes(times, towardsFar: towardsFar)
  }

  private var hasLeaks: Bool { !context.matched.groups[context.group].leaks.isEmpty }

  private func noteLeak(_ up: Int, _ down: Int, _ tally: inout CorrelationTally) {
    guard context.isLeaked(down), !context.isLeaked(up) else { return }
    tally.leaks.append(
      LeakedPacket(
        group: context.group, between: PointPair(context.trace.position(up), context.trace.position(down)),
        direction: context.direction, upstream: context.sighting(up), downstream: context.sighting(down)))
  }

  private func compare(_ up: Int, _ down: Int, _ tally: inout CorrelationTally, _ rewrites: inout RewriteTally) {
    let between = PointPair(context.trace.position(up), context.trace.position(down))
    if context.trace.transmissions[down].link == .range {
      let (one, other) = (context.trace.transmissions[up].record, context.trace.transmissions[down].record)
      let isFragmented = one.marks.union(other.marks).contains(.fragment)
      note(
        isFragmented ? .fragmentation : .segmentation, Int64(one.payloadLength), Int64(other.payloadLength), 32, up,
        down, between, &rewrites)
      return
    }
    if isOfDamage(up, down, between, &tally) { return }
    if !context.trace.transmissions[down].hasHeaders(of: context.trace.transmissions[up]) {
      compareHeaders(up, down, between, &rewrites)
    }
    compareNumbers(up, down, between, &tally, &rewrites)
    comparePayload(up, down, between, &tally, &rewrites)
  }

  private func note(
    _ field: Field, _ before: Int64?, _ after: Int64?, _ bits: Int64, _ up: Int, _ down: Int,
    _ between: PointPair, _ rewrites: inout RewriteTally
  ) {
    rewrites.add(
      field, before: before, after: after, bits: bits, group: context.group, between: between,
      direction: context.direction, upstream: context.sighting(up), downstream: context.sighting(down))
  }

  private func compareHeaders(_ up: Int, _ down: Int, _ between: PointPair, _ rewrites: inout RewriteTally) {
    let (one, other) = (context.trace.transmissions[up].record, context.trace.transmissions[down].record)
    func changed(_ field: Field, _ before: Int64?, _ after: Int64?, _ bits: Int64) {
      if before != after { note(field, before, after, bits, up, down, between, &rewrites) }
    }
    // Counting down is what routers do.
    if other.ttl > one.ttl { changed(.ttl, Int64(one.ttl), Int64(other.ttl), 8) }
    changed(.dscp, Int64(one.trafficClass >> 2), Int64(other.trafficClass >> 2), 6)
    changed(.ecn, Int64(one.trafficClass & 3), Int64(other.trafficClass & 3), 2)
    if !one.marks.contains(.ipv6), !other.marks.contains(.ipv6) {
      changed(.ipID, Int64(one.ipID), Int64(other.ipID), 16)
    }
    guard context.trace.isTCP, !one.isICMPError, one.marks.union(other.marks).isDisjoint(with: .headerCut)
    else { return }
    if one.isSYN, other.isSYN {
      let (before, after) = (one.synOptions, other.synOptions)
      changed(.mss, before.maximumSegmentSize.map(Int64.init), after.maximumSegmentSize.map(Int64.init), 16)
      changed(.windowScale, before.windowScale.map(Int64.init), after.windowScale.map(Int64.init), 8)
      changed(.sackPermitted, before.sackPermitted ? 1 : nil, after.sackPermitted ? 1 : nil, 8)
    }
    let (stampedBefore, stampedAfter) = (one.marks.contains(.timestamps), other.marks.contains(.timestamps))
    if stampedBefore != stampedAfter {
      note(
        .timestamps, stampedBefore ? Int64(one.timestampValue) : nil,
        stampedAfter ? Int64(other.timestampValue) : nil, 32, up, down, between, &rewrites)
    } else if stampedBefore {
      changed(.timestampValue, Int64(one.timestampValue), Int64(other.timestampValue), 32)
      if one.timestampEcho != 0 {
        changed(.timestampEcho, Int64(one.timestampEcho), Int64(other.timestampEcho), 32)
      }
    }
    changed(.window, Int64(one.window), Int64(other.window), 16)
  }

  /// The algebra of translation: offsets relative to both points' own bases must agree, in sequence, ACK and SACK.
  private func compareNumbers(
    _ up: Int, _ down: Int, _ between: PointPair, _ tally: inout CorrelationTally, _ rewrites: inout RewriteTally
  ) {
    let (one, other) = (context.trace.transmissions[up], context.trace.transmissions[down])
    guard context.trace.isTCP, !one.record.isICMPError,
      one.record.marks.union(other.record.marks).isDisjoint(with: .headerCut)
    else { return }
    if one.record.sequence != other.record.sequence, one.offset == other.offset {
      note(.sequence, Int64(one.record.sequence), Int64(other.record.sequence), 32, up, down, between, &rewrites)
    }
    func areComparable(_ direction: Direction) -> Bool {
      context.bases.areComparable(between.near, between.far, direction)
    }
    if one.offset != other.offset, !one.record.isRST, areComparable(context.direction) {
      mangled(.sequence, one.record.sequence, other.record.sequence, up, down, between, &tally)
    }
    if one.record.hasACK, other.record.hasACK, !one.record.isRST {
      if one.ackOffset != other.ackOffset {
        // Bare acknowledgements without a mark of their own may simply be two of many.
        guard one.record.isSurely(other.record), areComparable(context.direction.opposite) else { return }
        mangled(
          .acknowledgement, one.record.acknowledgement, other.record.acknowledgement, up, down, between, &tally)
      } else if one.record.acknowledgement != other.record.acknowledgement {
        note(
          .acknowledgement, Int64(one.record.acknowledgement), Int64(other.record.acknowledgement), 32, up, down,
          between, &rewrites)
      }
    }
    if one.record.sackBlocks > 0, other.record.sackBlocks > 0, !one.record.isSYN, one.ackOffset == other.ackOffset,
      one.sackOffset != other.sackOffset
    {
      mangled(.sack, one.record.sackLeft, other.record.sackLeft, up, down, between, &tally)
    }
  }

  private func mangled(
    _ field: Field, _ before: UInt32, _ after: UInt32, _ up: Int, _ down: Int, _ between: PointPair,
    _ tally: inout CorrelationTally
  ) {
    var event = context.event(
      .rewrite, up, between: between, evidence: .breaksTranslation,
      confidence: 0.98 * context.trace.transmissions[down].linkConfidence)
    event.field = field
    event.before = Int64(before)
    event.after = Int64(after)
    event.upstream = context.sighting(up)
    event.downstream = context.sighting(down)
    tally.addRewrite(event)
  }

  /// Whether the two differ because one was damaged, as its checksum shows; then nothing else is said of what differs.
  private func isOfDamage(_ up: Int, _ down: Int, _ between: PointPair, _ tally: inout CorrelationTally) -> Bool {
    let (one, other) = (context.trace.transmissions[up].record, context.trace.transmissions[down].record)
    let isBroken = one.hasGoodChecksum && other.marks.contains(.badChecksum)
    let isWhole = one.marks.contains(.badChecksum) && other.hasGoodChecksum
    guard isBroken || isWhole, differInside(up, down) else { return false }
    if isDamage(up, down) {
      // One in the middle of three points is noted where the last of them shows it.
      if isWhole {
        let (position, damage) = (context.trace.position(up), Damage(packets: 1, firstFrame: one.frame))
        tally.damaged[position] = tally.damaged[position]?.joined(with: damage) ?? damage
      }
      return true
    }
    guard isBroken, !context.matched.points[context.trace.position(down)].counts.fillsChecksums,
      !leavesChecksums(Int(context.trace.transmissions[down].place))
    else { return false }
    var event = context.event(
      .corrupt, up, between: between, evidence: .checksumBroken,
      confidence: 0.99 * context.trace.transmissions[down].linkConfidence)
    if one.payloadLength > 0, one.digest != other.digest { event.field = .payload }
    event.upstream = context.sighting(up)
    event.downstream = context.sighting(down)
    tally.addRewrite(event)
    return true
  }

  /// Whether something differs that a checksum covers, beyond what a translation changes.
  private func differInside(_ up: Int, _ down: Int) -> Bool {
    let (one, other) = (context.trace.transmissions[up], context.trace.transmissions[down])
    let isTCP = context.trace.isTCP && !one.record.isICMPError
    return one.record.digest != other.record.digest
      || isTCP
        && (one.offset != other.offset || one.ackOffset != other.ackOffset || one.sackOffset != other.sackOffset
          || one.record.flags != other.record.flags || one.record.window != other.record.window
          || one.record.marks.contains(.timestamps) != other.record.marks.contains(.timestamps)
          || one.record.timestampValue != other.record.timestampValue
          || one.record.timestampEcho != other.record.timestampEcho
          || one.record.isSYN && one.record.synOptions != other.record.synOptions)
  }

  /// Whether it is a capture that damaged one of them: its bytes are other ones than at the point after it, and its checksum
  /// does not hold where that one's does.
  private func isDamage(_ up: Int, _ down: Int) -> Bool {
    let transmissions = context.trace.transmissions
    if transmissions[up].record.marks.contains(.badChecksum), transmissions[down].record.hasGoodChecksum {
      return !leavesChecksums(Int(transmissions[up].place))
    }
    // What arrives further on as it was sent was no other in between.
    let further = Int(transmissions[down].next)
    return further >= 0 && transmissions[down].record.marks.contains(.badChecksum)
      && transmissions[further].record.hasGoodChecksum
      && transmissions[further].record.digest == transmissions[up].record.digest
      && !leavesChecksums(Int(transmissions[down].place))
  }

  /// Whether a capture lies above the card that fills checksums in, so that most of what is sent there has a wrong one.
  private func leavesChecksums(_ place: Int) -> Bool {
    let some = context.trace.ranges[place].prefix(256)
    return some.count { context.trace.transmissions[$0].record.marks.contains(.badChecksum) } * 2 > some.count
  }

  private func comparePayload(
    _ up: Int, _ down: Int, _ between: PointPair, _ tally: inout CorrelationTally, _ rewrites: inout RewriteTally
  ) {
    let (one, other) = (context.trace.transmissions[up].record, context.trace.transmissions[down].record)
    guard one.payloadLength > 0, !one.isICMPError, one.hasComparablePayload(with: other), one.digest != other.digest
    else { return }
    let holds = other.hasGoodChecksum
    if isDamage(up, down) { return }
    let (sender, receiver) = (context.trace.position(up), context.trace.position(down))
    // A capture above the card that fills checksums in sees wrong ones in packets that are right on the wire.
    let wasGood = !one.marks.contains(.badChecksum) || context.matched.points[sender].counts.fillsChecksums
    let isBroken =
      other.marks.contains(.badChecksum) && wasGood && !context.matched.points[receiver].counts.fillsChecksums
    let evidence: EventEvidence = isBroken ? .checksumBroken : holds ? .checksumMended : .checksumUnknown
    let sure = isBroken ? 0.99 : holds ? 0.98 : 0.7
    var event = context.event(
      isBroken ? .corrupt : .rewrite, up, between: between, evidence: evidence,
      confidence: sure * context.trace.transmissions[down].linkConfidence)
    event.field = .payload
    event.upstream = context.sighting(up)
    event.downstream = context.sighting(down)
    tally.addRewrite(event)
  }
}

extension PacketRecord {
  /// Whether its checksum was verified and holds.
  var hasGoodChecksum: Bool { marks.contains(.checksumVerified) && !marks.contains(.badChecksum) }

  /// Whether something other than its numbers says that this is the same transmission.
  fileprivate func isSurely(_ other: PacketRecord) -> Bool {
    payloadLength > 0 || (ipID != 0 && ipID == other.ipID)
      || (marks.contains(.timestamps) && other.marks.contains(.timestamps) && timestampValue == other.timestampValue)
  }
}

extension Transmission {
  /// Whether nothing that is compared differs: so it is with most packets on most segments.
  @inline(__always)
  fileprivate func isUnchanged(since up: Transmission) -> Bool {
    link == .exact && up.record.sequence == record.sequence && up.record.acknowledgement == record.acknowledgement
      && up.record.sackLeft == record.sackLeft && up.record.sackRight == record.sackRight
      && up.record.digest == record.digest && offset == up.offset && ackOffset == up.ackOffset
      && sackOffset == up.sackOffset && hasHeaders(of: up)
  }

  /// Whether nothing differs but numbers of the stream and payload; those of a SYN's options do not count among them.
  @inline(__always)
  fileprivate func hasHeaders(of up: Transmission) -> Bool {
    let same: PacketRecord.Marks = [.timestamps, .ipv6, .icmpError, .headerCut]
    return record.ttl <= up.record.ttl && up.record.trafficClass == record.trafficClass
      && up.record.ipID == record.ipID && up.record.window == record.window
      && up.record.timestampValue == record.timestampValue && up.record.timestampEcho == record.timestampEcho
      && up.record.marks.symmetricDifference(record.marks).isDisjoint(with: same)
      && (!record.isSYN || (up.record.sackLeft == record.sackLeft && up.record.sackRight == record.sackRight))
  }
}
