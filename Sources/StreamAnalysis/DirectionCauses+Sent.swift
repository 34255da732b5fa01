import Packets

// What a direction sends: new segments, gaps before them, repetitions.
extension DirectionCauses {
  /// Takes a segment of this direction.
  @inline(__always)
  mutating func send(
    _ record: PacketRecord, _ flags: AnalysisFlags, _ handshake: HandshakeTimes, _ found: inout [FrameCause]
  ) {
    let length = record.sequenceLength
    guard length > 0 else { return }
    let end = record.sequence &+ length
    guard flags.isDisjoint(with: [.keepAlive, .zeroWindowProbe]) else {
      if flags.contains(.zeroWindowProbe) { probeEnd = end }
      return
    }
    if unseen != nil { settleUnseen(record, end: end, &found) }
    if let next, record.sequence != next {
      if record.sequence.isAfter(next) {
        if flags.contains(.lostSegment) { open(from: next, before: record) }
      } else if !flags.isDisjoint(with: [.retransmission, .outOfOrder]) {
        repeats(record, flags, end: end, handshake, &found)
      }
    }
    remember(record, end: end)
  }

  private mutating func open(from next: UInt32, before record: PacketRecord) {
    guard let highest else { return }
    gaps.append(
      Gap(
        start: next, end: record.sequence, frame: record.frame, timeNS: record.timeNS, before: highest,
        after: Marks(record), isBeforeFIN: record.isFIN))
  }

  @inline(never)
  private mutating func repeats(
    _ record: PacketRecord, _ flags: AnalysisFlags, end: UInt32, _ handshake: HandshakeTimes,
    _ found: inout [FrameCause]
  ) {
    let place = gaps.firstIndex { record.sequence.isBefore($0.end) && end.isAfter($0.start) }
    let gap = place.map { gaps[$0] }
    var cause = RepairJudge.judge(
      record, end: end, filling: gap, self, isAcknowledged: flags.contains(.spuriousRetransmission))
    if record.isSYN, record.hasACK, cause.kind == .timeout, let deferred = handshake.repeated(at: record.timeNS) {
      cause = deferred
    }
    found.append(FrameCause(frame: record.frame, cause: cause))
    // The receiver may report the copy instead of the repair.
    if cause.kind == .copy { repairs.removeAll { $0.start == record.sequence && $0.end == end } }
    if cause.kind != .reordered, cause.kind != .copy { watch(record, end: end, cause, at: found.count - 1) }
    if let place { fill(place, record, end: end, cause, &found) }
  }

  /// Waits for what shows that a repetition was needless.
  private mutating func watch(_ record: PacketRecord, end: UInt32, _ cause: Cause, at index: Int) {
    if !isRecovering { recoveryEnd = next }
    repairs.append(
      Repair(
        start: record.sequence, end: end,
        timestamp: record.marks.contains(.timestamps) ? record.timestampValue : nil, index: index))
    if repairs.count > Self.repairLimit { repairs.removeFirst(Self.repairLimit / 2) }
    // Another repetition ends the pattern, but for a second one of the same bytes.
    timeout = nil
    guard cause.kind == .timeout, !record.isSYN, duplicateAcks == 0, sacked.isEmpty, let next,
      acknowledged == record.sequence
    else { return }
    timeout = TimeoutWatch(index: index, start: record.sequence, end: end, sentEnd: next, largest: max(1, largest))
  }

  /// Takes from a gap what came; the first piece tells what became of it.
  private mutating func fill(
    _ place: Int, _ record: PacketRecord, end: UInt32, _ cause: Cause, _ found: inout [FrameCause]
  ) {
    let gap = gaps[place]
    if !gap.isExplained {
      let kind: Cause.Kind = cause.kind == .reordered ? .overtaken : .lostBefore
      let confidence = cause.kind == .reordered ? cause.confidence : cause.kind == .undecided ? 0.97 : 0.99
      found.append(FrameCause(frame: gap.frame, cause: Cause(kind, confidence, cause.evidence)))
      gaps[place].isExplained = true
    }
    gaps[place].start = record.sequence.isAfter(gap.start) ? gap.start : end
    if end.isAtOrAfter(gap.end) { gaps[place].end = record.sequence }
    if gaps[place].start.isAtOrAfter(gaps[place].end) { gaps.remove(at: place) }
  }

  /// Decides what the end of the capture decides.
  func finish(_ found: inout [FrameCause]) {
    for gap in gaps where !gap.isExplained {
      let cause: Cause
      if acknowledged == nil {
        cause = Cause(.undecided, 0, [])
      } else if gap.isBeforeFIN, gap.end &- gap.start == 1 {
        cause = Cause(.skippedByte, gap.duplicateAcks > 0 ? 0.7 : 0.5, .neverAcknowledged)
      } else {
        cause = Cause(
          .neverSeen, gap.duplicateAcks > 0 ? 0.9 : 0.6,
          gap.duplicateAcks > 0 ? [.neverAcknowledged, .duplicateAcks] : .neverAcknowledged)
      }
      found.append(FrameCause(frame: gap.frame, cause: cause))
    }
  }
}
