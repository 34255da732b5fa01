import Packets

// What the acknowledgements of the other side say of a direction.
extension DirectionCauses {
  /// No window reaches further, in bytes: 65,535 scaled by 14 (RFC 7323, 2.3).
  private static let widestWindow: UInt32 = 1 << 30
  /// A capture puts packets that are this close together in any order, in ns.
  private static let captureOrderNS: Int64 = 1_000_000

  /// Takes a segment of the other side, which had sent all below `reached`, that acknowledges bytes of this direction.
  @inline(__always)
  mutating func acknowledge(
    _ record: PacketRecord, _ flags: AnalysisFlags, at reached: UInt32?, _ found: inout [FrameCause]
  ) {
    let acknowledgement = record.acknowledgement
    if let acknowledged, acknowledgement == acknowledged, record.sackBlocks == 0, flags.isEmpty {
      offered = record.window
      return
    }
    if isImpossible(record, at: reached) {
      unseen = Unseen(
        number: acknowledgement, start: acknowledgement, timeNS: record.timeNS, index: found.count)
      found.append(FrameCause(frame: record.frame, cause: Cause(.neverSent, 0.9, .numbers)))
      return
    }
    if record.sackBlocks > 0, !record.isSYN { takeSACK(record, &found) }
    if let acknowledged, !acknowledgement.isAfter(acknowledged) {
      if flags.contains(.duplicateAck) { noteDuplicate(record) }
      return
    }
    offered = record.window
    if flags.contains(.ackLostSegment) { noteUnseen(record, &found) }
    if !repairs.isEmpty { settleRepairs(record, &found) }
    settleTimeout(acknowledgement, &found)
    acknowledged = acknowledgement
    duplicateAcks = 0
    if !sacked.isEmpty { sacked.remove(below: acknowledgement) }
    sent.remove(below: acknowledgement)
    if !gaps.isEmpty { settleGaps(acknowledgement, &found) }
  }

  /// Whether a segment that fits the stream acknowledges what its other side cannot have sent.
  @inline(__always)
  private func isImpossible(_ record: PacketRecord, at reached: UInt32?) -> Bool {
    guard let numbers, let next, !record.isSYN, numbers.lack(record.acknowledgement, below: next) else { return false }
    // What is acknowledged beyond the last byte may only be missing here.
    let isBeyond = record.acknowledgement.isAfter(next) && record.acknowledgement &- next < Self.widestWindow
    guard !isBeyond, let reached else { return false }
    return record.sequence &- reached &+ Self.widestWindow / 2 < Self.widestWindow
  }

  @inline(never)
  private mutating func takeSACK(_ record: PacketRecord, _ found: inout [FrameCause]) {
    if record.sackLeft.isBefore(record.acknowledgement) {
      reportDuplicate(from: record.sackLeft, to: record.sackRight, &found)
    } else {
      sacked.insert(from: record.sackLeft, to: record.sackRight)
    }
  }

  @inline(never)
  private mutating func noteDuplicate(_ record: PacketRecord) {
    if duplicateAcks == 0 { firstDuplicateNS = record.timeNS }
    duplicateAcks += 1
    lastDuplicateNS = record.timeNS
    timeout = nil
    for index in gaps.indices where gaps[index].start == record.acknowledgement { gaps[index].duplicateAcks += 1 }
  }

  /// Notes an acknowledgement of what this capture does not hold so far.
  private mutating func noteUnseen(_ record: PacketRecord, _ found: inout [FrameCause]) {
    guard let next, record.acknowledgement.isAfter(next), record.acknowledgement != probeEnd else { return }
    unseen = Unseen(number: record.acknowledgement, start: next, timeNS: record.timeNS, index: found.count)
    found.append(FrameCause(frame: record.frame, cause: Cause(.missedByCapture, 0.99, .acknowledged)))
  }

  /// Takes a segment of this direction that may carry what was acknowledged before it.
  mutating func settleUnseen(_ record: PacketRecord, end: UInt32, _ found: inout [FrameCause]) {
    guard let unseen, record.sequence.isAtOrBefore(unseen.start), end.isAfter(unseen.start),
      found[unseen.index].cause.kind == .missedByCapture
    else { return }
    if record.timeNS &- unseen.timeNS < Self.captureOrderNS {
      found[unseen.index].cause = Cause(.captureOrder, 0.9, .acknowledged)
    }
    self.unseen = nil
  }

  /// Takes a RST of this direction: without ACK it carries the number of the segment that it answers.
  mutating func noteReset(_ record: PacketRecord, _ found: inout [FrameCause]) {
    guard let unseen, !record.hasACK, record.sequence == unseen.number, found[unseen.index].cause.kind == .neverSent
    else { return }
    found[unseen.index].cause = Cause(.neverSent, 0.97, [.numbers, .reset])
    var evidence: Cause.Evidence = .reset
    // Unscaled windows are taken for the largest they may mean.
    if let acknowledged, record.sequence &- acknowledged > UInt32(offered) << 14 { evidence.insert(.outsideWindow) }
    found.append(FrameCause(frame: record.frame, cause: Cause(.refusal, 0.95, evidence)))
    self.unseen = nil
  }

  /// The receiver says that it had these bytes already (RFC 2883); a repair of which it lacked a part was not needless.
  private mutating func reportDuplicate(from start: UInt32, to end: UInt32, _ found: inout [FrameCause]) {
    guard let place = repairs.lastIndex(where: { $0.start.isAtOrAfter(start) && $0.end.isAtOrBefore(end) }) else {
      return
    }
    found[repairs[place].index].cause = Cause(.spurious, 0.92, .duplicateSACK)
    repairs.remove(at: place)
  }

  /// Looks at the repairs that are acknowledged now: an echo older than the repair was caused by the first copy (RFC 3522).
  private mutating func settleRepairs(_ record: PacketRecord, _ found: inout [FrameCause]) {
    for repair in repairs {
      // Only a repair where the acknowledgement stood decides the echo (RFC 7323, 4.3).
      guard acknowledged == repair.start, record.acknowledgement.isAtOrAfter(repair.end),
        record.marks.contains(.timestamps), let timestamp = repair.timestamp, record.timestampEcho.isBefore(timestamp)
      else { continue }
      found[repair.index].cause = Cause(.spurious, 0.97, .timestamps)
    }
  }

  @inline(__always)
  private mutating func settleTimeout(_ acknowledgement: UInt32, _ found: inout [FrameCause]) {
    guard let outcome = timeout?.acknowledge(acknowledgement) else { return }
    if case .open = outcome { return }
    if case .spurious = outcome, let index = timeout?.index, found[index].cause.kind == .timeout {
      found[index].cause = Cause(.spurious, 0.85, .laterAcks)
    }
    timeout = nil
  }

  /// Only what reached the receiver is acknowledged.
  @inline(never)
  private mutating func settleGaps(_ acknowledgement: UInt32, _ found: inout [FrameCause]) {
    gaps.removeAll { gap in
      guard acknowledgement.isAfter(gap.start) else { return false }
      if !gap.isExplained {
        found.append(FrameCause(frame: gap.frame, cause: Cause(.missedByCapture, 0.99, .acknowledged)))
      }
      return true
    }
  }
}
