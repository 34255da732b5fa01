import Packets

/// Names the cause of a segment below the highest sequence number.
///
///     was it sent after those that overtook it?   no → reordered        IP ID, timestamp, round trip
///     what made the sender repeat it?                                    duplicate ACKs, SACKs, time
enum RepairJudge {
  /// Least retransmission timeout of the stacks that are common, in ns.
  static let leastTimeoutNS: Int64 = 200_000_000
  /// Least time to a tail loss probe, in ns.
  private static let leastProbeNS: Int64 = 2_000_000
  /// IP IDs of one host this far apart still tell an order.
  private static let nearIDs: UInt16 = 2000
  /// A copy comes within this time, in ns: a host may use an IP ID again later.
  private static let copyNS: Int64 = 1_000_000_000

  /// The cause of a repetition of bytes up to `end`; `gap` is the one it fills, if they were not seen before.
  static func judge(
    _ record: PacketRecord, end: UInt32, filling gap: DirectionCauses.Gap?, _ sender: DirectionCauses,
    isAcknowledged: Bool
  ) -> Cause {
    let before = sender.sent.last(from: record.sequence, to: end)
    if let before, isCopy(record, end: end, of: before, sender) { return Cause(.copy, 0.99, .ipID) }
    if record.isSYN { return opening(record, after: before) }
    if let gap, let cause = reordering(record, gap, sender) { return cause }
    if isAcknowledged { return Cause(.spurious, 0.9, .acknowledged) }
    let isAskedFor = sender.acknowledged == record.sequence
    let segment = UInt64(max(sender.largest, 1))
    let sentNS = before?.timeNS ?? gap?.timeNS ?? sender.highestNS
    let elapsed = record.timeNS &- sentNS
    let roundTrip = sender.roundTripNS ?? 0

    // A timer shows in the silence before it, whatever acknowledgements came.
    let isSilent = sender.duplicateAcks == 0 || record.timeNS &- sender.lastDuplicateNS >= leastTimeoutNS / 2
    let isSACKed = UInt64(sender.sacked.bytes) >= 3 * segment
    if elapsed >= max(leastTimeoutNS, roundTrip), isSilent || (sender.duplicateAcks < 3 && !isSACKed) {
      return Cause(.timeout, isSilent ? 0.9 : 0.75, .timer)
    }
    if sender.duplicateAcks >= 3, isAskedFor { return Cause(.fastRetransmit, 0.95, .duplicateAcks) }
    if let sackedEnd = sender.sacked.end, record.sequence.isBefore(sackedEnd) {
      if isSACKed { return Cause(.sackRecovery, 0.9, .sack) }
      if sender.isRecovering { return Cause(.sackRecovery, 0.7, .sack) }
    }
    if sender.isRecovering, sender.duplicateAcks >= 3 || isAskedFor {
      return Cause(.fastRetransmit, 0.6, .duplicateAcks)
    }
    let isTail = end == sender.next && sender.duplicateAcks == 0
    if isTail, elapsed >= max(roundTrip + roundTrip / 2, leastProbeNS), elapsed < leastTimeoutNS + roundTrip {
      return Cause(.tailLossProbe, 0.6, .timer)
    }
    return Cause(.undecided, 0, [])
  }

  /// Why a SYN or SYN/ACK comes again.
  private static func opening(_ record: PacketRecord, after before: SentSegments.Segment?) -> Cause {
    guard let before, record.timeNS &- before.timeNS < leastTimeoutNS else { return Cause(.timeout, 0.99, .timer) }
    // No host is so quick to open again; but it answers each SYN at once.
    return record.hasACK ? Cause(.undecided, 0, []) : Cause(.copy, 0.95, .timer)
  }

  /// Whether the segment is the one before it once more: a host gives each packet another IP ID (RFC 6864).
  private static func isCopy(
    _ record: PacketRecord, end: UInt32, of before: SentSegments.Segment, _ sender: DirectionCauses
  ) -> Bool {
    sender.countsIDs && record.ipID != 0 && record.ipID == before.ipID && record.sequence == before.start
      && end == before.end && record.timeNS &- before.timeNS < copyNS
  }

  /// Whether the segment was sent before those that overtook it; `nil` if nothing says so.
  private static func reordering(
    _ record: PacketRecord, _ gap: DirectionCauses.Gap, _ sender: DirectionCauses
  ) -> Cause? {
    let timestamp = record.marks.contains(.timestamps) ? record.timestampValue : nil
    if let timestamp, let after = gap.after.timestamp {
      if timestamp.isBefore(after) { return Cause(.reordered, 0.99, .timestamps) }
      if timestamp.isAfter(after) { return nil }
    }
    var evidence: Cause.Evidence = []
    var confidence = 0.0
    switch order(record.ipID, gap, highest: sender.highest) {
    case .before:
      evidence.insert(.ipID)
      confidence = 0.87
    case .after: return nil
    case .unknown: break
    }
    // Sooner than a repair can come after the first sign of the gap, and than any timer.
    if let roundTrip = sender.roundTripNS {
      let sign = sender.duplicateAcks > 0 ? sender.firstDuplicateNS : gap.timeNS
      if record.timeNS &- sign < roundTrip / 2, record.timeNS &- gap.timeNS < leastTimeoutNS {
        evidence.insert(.roundTrip)
        confidence = confidence == 0 ? 0.75 : 0.99
      }
    }
    return confidence == 0 ? nil : Cause(.reordered, confidence, evidence)
  }

  private enum Order {
    case before
    case after
    case unknown
  }

  /// Where an IP ID stands among those around the gap, if the sender counts them.
  private static func order(_ id: UInt16, _ gap: DirectionCauses.Gap, highest: DirectionCauses.Marks?) -> Order {
    let (first, last) = (gap.before.ipID, gap.after.ipID)
    guard last &- first > 0, last &- first < nearIDs, id != 0 || first > last else { return .unknown }
    if id &- first > 0, id &- first < last &- first { return .before }
    let newest = highest?.ipID ?? last
    if id &- newest > 0, id &- newest < nearIDs { return .after }
    return .unknown
  }
}
