import Packets

/// Follows one stream to tell the causes of its repetitions and gaps.
struct StreamCauses: Sendable {
  private var low = DirectionCauses()
  private var high = DirectionCauses()
  private var handshake = Handshake()

  /// Times of the handshake, in ns, as far as it was seen.
  private struct Handshake {
    var synNS: Int64?
    var synAckNS: Int64?
  }

  /// Takes the next segment; what is decided is added to `found`.
  mutating func add(_ record: PacketRecord, _ said: StreamAnalyser.Said, _ found: inout [FrameCause]) {
    if said.fromLow {
      Self.noteHandshake(record, &handshake, &low)
      Self.acknowledge(record, said.analysis, of: &high, &found)
      Self.send(record, said.analysis, &low, &found)
    } else {
      Self.noteHandshake(record, &handshake, &high)
      Self.acknowledge(record, said.analysis, of: &low, &found)
      Self.send(record, said.analysis, &high, &found)
    }
  }

  /// Decides what the end of the capture decides.
  mutating func finish(_ found: inout [FrameCause]) {
    Self.finish(low, &found)
    Self.finish(high, &found)
  }

  /// The halves of the initial RTT: to the side that was called, then to the caller.
  private static func noteHandshake(
    _ record: PacketRecord, _ handshake: inout Handshake, _ sender: inout DirectionCauses
  ) {
    if record.isSYN, record.hasACK {
      if handshake.synAckNS == nil, let synNS = handshake.synNS { sender.roundTripNS = record.timeNS &- synNS }
      handshake.synAckNS = record.timeNS
    } else if record.isSYN {
      handshake = Handshake(synNS: record.timeNS)
    } else if let synAckNS = handshake.synAckNS, sender.roundTripNS == nil, record.hasACK {
      sender.roundTripNS = record.timeNS &- synAckNS
    }
  }
}

// Acknowledgements: what they say of the other direction.
extension StreamCauses {
  private static func acknowledge(
    _ record: PacketRecord, _ analysis: SegmentAnalysis, of sender: inout DirectionCauses,
    _ found: inout [FrameCause]
  ) {
    guard record.hasACK, !record.isRST else { return }
    let acknowledgement = record.acknowledgement
    if record.sackBlocks > 0, !record.isSYN {
      if record.sackLeft.isBefore(acknowledgement) {
        reportDuplicate(from: record.sackLeft, to: record.sackRight, &sender, &found)
      } else {
        sender.sacked.insert(from: record.sackLeft, to: record.sackRight)
      }
    }
    guard sender.acknowledged.map({ acknowledgement.isAfter($0) }) ?? true else {
      if analysis.flags.contains(.duplicateAck) { noteDuplicate(record, &sender) }
      return
    }
    settleRepairs(record, &sender, &found)
    sender.acknowledged = acknowledgement
    sender.duplicateAcks = 0
    sender.sacked.remove(below: acknowledgement)
    sender.sent.removeAll { $0.end.isAtOrBefore(acknowledgement) }
    // Only what reached the receiver is acknowledged.
    sender.gaps.removeAll { gap in
      guard acknowledgement.isAfter(gap.start) else { return false }
      if gap.isExplained { return true }
      found.append(FrameCause(frame: gap.frame, cause: Cause(.missedByCapture, 0.95, .acknowledged)))
      return true
    }
  }

  private static func noteDuplicate(_ record: PacketRecord, _ sender: inout DirectionCauses) {
    if sender.duplicateAcks == 0 { sender.firstDuplicateNS = record.timeNS }
    sender.duplicateAcks += 1
    sender.lastDuplicateNS = record.timeNS
    for index in sender.gaps.indices where sender.gaps[index].start == record.acknowledgement {
      sender.gaps[index].duplicateAcks += 1
    }
  }

  /// The receiver says that it had these bytes already (RFC 2883).
  private static func reportDuplicate(
    from start: UInt32, to end: UInt32, _ sender: inout DirectionCauses, _ found: inout [FrameCause]
  ) {
    guard let place = sender.repairs.lastIndex(where: { $0.start.isBefore(end) && $0.end.isAfter(start) }) else {
      return
    }
    let index = sender.repairs[place].index
    found[index].cause = Cause(.spurious, 0.95, .duplicateSACK)
    sender.repairs.remove(at: place)
  }

  /// Looks at the repairs that are acknowledged now: an echo older than the repair was caused by the first copy (RFC 3522).
  private static func settleRepairs(
    _ record: PacketRecord, _ sender: inout DirectionCauses, _ found: inout [FrameCause]
  ) {
    for repair in sender.repairs {
      // Only a repair where the acknowledgement stood decides the echo (RFC 7323, 4.3).
      guard sender.acknowledged == repair.start, record.acknowledgement.isAtOrAfter(repair.end),
        record.marks.contains(.timestamps), let timestamp = repair.timestamp, record.timestampEcho.isBefore(timestamp)
      else { continue }
      found[repair.index].cause = Cause(.spurious, 0.9, .timestamps)
    }
  }
}

// Segments: new ones, gaps before them, repetitions.
extension StreamCauses {
  private static func send(
    _ record: PacketRecord, _ analysis: SegmentAnalysis, _ sender: inout DirectionCauses, _ found: inout [FrameCause]
  ) {
    let length = record.sequenceLength
    guard length > 0, !record.isRST, analysis.flags.isDisjoint(with: [.keepAlive, .zeroWindowProbe]) else { return }
    let end = record.sequence &+ length
    if let next = sender.next {
      if record.sequence.isAfter(next) {
        if analysis.flags.contains(.lostSegment), let highest = sender.highest {
          sender.gaps.append(
            DirectionCauses.Gap(
              start: next, end: record.sequence, frame: record.frame, timeNS: record.timeNS, before: highest,
              after: DirectionCauses.Marks(record), isBeforeFIN: record.isFIN))
        }
      } else if record.sequence.isBefore(next), !analysis.flags.isDisjoint(with: [.retransmission, .outOfOrder]) {
        repeats(record, analysis, end: end, &sender, &found)
      }
    }
    sender.remember(record, end: end)
  }

  private static func repeats(
    _ record: PacketRecord, _ analysis: SegmentAnalysis, end: UInt32, _ sender: inout DirectionCauses,
    _ found: inout [FrameCause]
  ) {
    let place = sender.gaps.firstIndex { record.sequence.isBefore($0.end) && end.isAfter($0.start) }
    let gap = place.map { sender.gaps[$0] }
    let cause = RepairJudge.judge(
      record, end: end, filling: gap, sender, isAcknowledged: analysis.flags.contains(.spuriousRetransmission))
    found.append(FrameCause(frame: record.frame, cause: cause))
    if cause.kind != .reordered {
      if !sender.isRecovering { sender.recoveryEnd = sender.next }
      sender.repairs.append(
        DirectionCauses.Repair(
          start: record.sequence, end: end,
          timestamp: record.marks.contains(.timestamps) ? record.timestampValue : nil, index: found.count - 1))
      if sender.repairs.count > DirectionCauses.repairLimit {
        sender.repairs.removeFirst(DirectionCauses.repairLimit / 2)
      }
    }
    if let place { fill(place, record, end: end, cause, &sender, &found) }
  }

  /// Takes from a gap what came; the first piece tells what became of it.
  private static func fill(
    _ place: Int, _ record: PacketRecord, end: UInt32, _ cause: Cause, _ sender: inout DirectionCauses,
    _ found: inout [FrameCause]
  ) {
    let gap = sender.gaps[place]
    if !gap.isExplained {
      let kind: Cause.Kind = cause.kind == .reordered ? .overtaken : .lostBefore
      let confidence = cause.kind == .undecided ? 0.6 : cause.confidence
      found.append(FrameCause(frame: gap.frame, cause: Cause(kind, confidence, cause.evidence)))
      sender.gaps[place].isExplained = true
    }
    sender.gaps[place].start = record.sequence.isAfter(gap.start) ? gap.start : end
    if end.isAtOrAfter(gap.end) { sender.gaps[place].end = record.sequence }
    if sender.gaps[place].start.isAtOrAfter(sender.gaps[place].end) { sender.gaps.remove(at: place) }
  }

  private static func finish(_ sender: DirectionCauses, _ found: inout [FrameCause]) {
    for gap in sender.gaps where !gap.isExplained {
      let cause: Cause
      if sender.acknowledged == nil {
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
