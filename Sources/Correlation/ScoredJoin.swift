import Packets

/// Pairs what agreement alone leaves over: packets of which a field was changed on the way.
///
/// The score counts bits for and against (Fellegi and Sunter 1969). What tells one transmission of a segment from
/// another, IP ID and timestamp, must not disagree where it is known to survive: equal bytes prove equal data, not that
/// it is the same packet.
struct ScoredJoin {
  let survival: FeatureSurvival
  let usualDelta: Int64?
  let leastDelta: Int64?

  /// Bits that a pair needs.
  static let required = 12.0
  /// Candidates looked at for one arrival and key.
  static let mostCandidates = 12
  /// A pair that takes so much more or less time than usual is less likely.
  static let oddDelayNS: Int64 = 1_000_000_000
  /// A translated SYN/ACK that is faster than usual by so much is a box's own.
  static let earlySYNNS: Int64 = 2_000_000
  /// A SYN that takes as long as other packets, to this, speaks for itself: a box's own comes later or earlier.
  static let inTimeNS: Int64 = 500_000
  /// A pair that is faster than the fastest by so much would have arrived before it was sent.
  static let impossibleLeadNS: Int64 = 5_000_000

  private struct Pair {
    var score: Double
    var up: Int32
    var down: Int32
  }

  func join(_ trace: inout DirectionTrace, up: [Int32], down: [Int32]) {
    var byKey: [UInt64: [Int32]] = [:]
    for index in up where trace.transmissions[Int(index)].next < 0 {
      for key in keys(trace.transmissions[Int(index)], trace.isTCP) {
        if byKey[key, default: []].count < 4 * Self.mostCandidates { byKey[key, default: []].append(index) }
      }
    }
    var pairs: [Pair] = []
    for arrival in down {
      let target = trace.transmissions[Int(arrival)]
      var seen: Set<Int32> = []
      for key in keys(target, trace.isTCP) {
        guard let candidates = byKey[key] else { continue }
        for candidate in nearest(candidates, to: target, in: trace) where seen.insert(candidate).inserted {
          let score = score(trace.transmissions[Int(candidate)], target, isTCP: trace.isTCP)
          if score >= Self.required { pairs.append(Pair(score: score, up: candidate, down: arrival)) }
        }
      }
    }
    pairs.sort { ($1.score, $0.down, $0.up) < ($0.score, $1.down, $1.up) }
    for pair in pairs
    where trace.transmissions[Int(pair.up)].next < 0 && trace.transmissions[Int(pair.down)].previous < 0 {
      let sure = min(0.99, 0.5 + (pair.score - Self.required) / 24)
      TransmissionJoin.link(&trace, pair.up, pair.down, .scored, confidence: sure)
    }
  }

  /// Of many candidates, those whose time fits best.
  private func nearest(_ candidates: [Int32], to target: Transmission, in trace: DirectionTrace) -> ArraySlice<Int32> {
    guard candidates.count > Self.mostCandidates else { return candidates[...] }
    let expected = target.record.timeNS - (usualDelta ?? 0)
    return candidates.sorted {
      abs(trace.transmissions[Int($0)].record.timeNS - expected)
        < abs(trace.transmissions[Int($1)].record.timeNS - expected)
    }.prefix(Self.mostCandidates)
  }

  private func keys(_ transmission: Transmission, _ isTCP: Bool) -> [UInt64] {
    let record = transmission.record
    let size = UInt64(record.payloadLength)
    var keys: [UInt64] = []
    if isTCP {
      keys.append(UInt64(bitPattern: transmission.offset) << 20 ^ size << 2 ^ 1)
      if record.marks.contains(.timestamps) { keys.append(UInt64(record.timestampValue) << 24 ^ size << 2 ^ 2) }
    }
    if record.ipID != 0 { keys.append(UInt64(record.ipID) << 40 ^ size << 2 ^ 3) }
    if record.payloadLength > 0 { keys.append(record.digest & ~3) }
    return keys
  }

  private func score(_ up: Transmission, _ down: Transmission, isTCP: Bool) -> Double {
    let (one, other) = (up.record, down.record)
    guard one.payloadLength == other.payloadLength, one.isICMPError == other.isICMPError else { return -100 }
    // Nothing arrives before it was sent: a pair so much faster than all others is none.
    // A SYN/ACK with another number must prove that it is the same one, so it may not even be a little early.
    let isOtherSYN = one.isSYN && one.sequence != other.sequence
    let lead = isOtherSYN ? Self.earlySYNNS : Self.impossibleLeadNS
    if let leastDelta, other.timeNS - one.timeNS < leastDelta - lead, !down.isUntimed { return -100 }
    var bits = one.core == other.core ? 2.0 : -6.0
    var sameTransmission = 0
    var otherTransmission = 0
    if one.ipID != 0 || other.ipID != 0 {
      if one.ipID == other.ipID {
        bits += 12
        sameTransmission += 1
      } else {
        bits -= cost(survival.ipID)
        if survival.ipID.isCertain { return -100 }
        // Duplicate ACKs of one moment share all numbers but this one; a box that gives a number to those without is none.
        if !up.takesSequence, survival.ipID.isUnchanged, one.ipID != 0, other.ipID != 0 { return -100 }
        if survival.ipID.isReliable { otherTransmission += 1 }
      }
    }
    if one.marks.contains(.timestamps), other.marks.contains(.timestamps) {
      if one.timestampValue == other.timestampValue {
        bits += one.timestampEcho == other.timestampEcho ? 10 : 6
        sameTransmission += 1
      } else {
        bits -= cost(survival.timestamp)
        if survival.timestamp.isCertain { return -100 }
        if survival.timestamp.isReliable { otherTransmission += 1 }
      }
    }
    if otherTransmission > 0, sameTransmission == 0 { return -100 }
    if one.isICMPError { bits += one.core == other.core && one.window == other.window ? 6 : -20 }
    if one.payloadLength > 0, !one.isICMPError, one.hasComparablePayload(with: other) {
      bits += one.digest == other.digest ? 12 : isDamage(one, other) ? 0 : -cost(survival.payload)
    }
    if isTCP, !one.isICMPError {
      if one.isSYN {
        // Its offset is 0 by definition; what it says of itself must agree.
        bits += one.sequence == other.sequence ? 12 : 0
        bits += one.synOptions == other.synOptions ? 4 : 0
        bits += one.window == other.window ? 3 : 0
        if let usualDelta, abs(other.timeNS - one.timeNS - usualDelta) <= Self.inTimeNS { bits += 4 }
      } else {
        bits += up.offset == down.offset ? (up.takesSequence ? 10 : 3) : -10
      }
      if one.hasACK, other.hasACK, !one.isRST {
        bits += up.ackOffset == down.ackOffset ? 6 : -cost(survival.acknowledgement)
      }
    }
    if let usualDelta {
      let odd = abs(other.timeNS - one.timeNS - usualDelta)
      if odd > Self.oddDelayNS { bits -= 6 }
      // A datagram has no place in a stream: its number, just when it should come, stands for that.
      if !isTCP, one.ipID != 0, one.ipID == other.ipID, survival.ipID.isUnchanged, odd <= Self.inTimeNS { bits += 8 }
    }
    return bits
  }

  /// Whether a checksum that no longer holds explains why the payload differs.
  private func isDamage(_ one: PacketRecord, _ other: PacketRecord) -> Bool {
    other.marks.contains(.badChecksum) && one.hasGoodChecksum
  }

  /// Bits against a pair for the disagreement of a feature: many where it always survives.
  private func cost(_ count: FeatureSurvival.Count) -> Double {
    switch 1 - count.share {
    case ..<0.002: 9
    case ..<0.01: 7
    case ..<0.05: 4.5
    case ..<0.2: 2.5
    default: 1
    }
  }
}
