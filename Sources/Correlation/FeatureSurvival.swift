import Packets

/// Which features of a packet survive between two points, learned from packets that cannot be mistaken.
struct FeatureSurvival: Sendable {
  /// Agreements and trials of one feature.
  struct Count: Sendable {
    var agreed = 0
    var seen = 0

    /// Share of agreement with Laplace's rule; a feature never seen is taken to survive in half of the cases.
    var share: Double { (Double(agreed) + 1) / (Double(seen) + 2) }
    /// Whether it may be relied upon to tell packets apart.
    ///
    /// One disagreement in twenty may be a wrong pair; so may the only one among few.
    var isReliable: Bool { seen > 0 && seen - agreed <= (seen >= 4 ? max(1, seen / 20) : 0) }
    /// Whether it was never seen to change, so that a packet in which it differs is another one.
    var isCertain: Bool { seen >= 8 && wasNeverSeenToChange }
    /// Whether it was never seen to change; of a single trial that says little.
    var isUnchanged: Bool { seen >= 2 && wasNeverSeenToChange }

    /// One disagreement in a thousand is a wrong pair: a box changes a field of more packets than that.
    private var wasNeverSeenToChange: Bool { (seen - agreed) * 1000 <= seen }
    /// Whether it may be required, as long as nothing else is known.
    var isUsable: Bool { seen == 0 || isReliable }

    mutating func add(_ agrees: Bool) {
      seen += 1
      if agrees { agreed += 1 }
    }

    mutating func add(_ other: Count) {
      seen += other.seen
      agreed += other.agreed
    }

    /// What survives two stretches one after the other, by as many trials as the stretch with fewer has.
    func followed(by next: Count) -> Count {
      let trials = min(seen, next.seen)
      guard trials > 0 else { return Count() }
      let changed = max((seen - agreed) * trials / seen, (next.seen - next.agreed) * trials / next.seen)
      let isWhole = wasNeverSeenToChange && next.wasNeverSeenToChange
      return Count(agreed: trials - (isWhole ? 0 : max(1, changed)), seen: trials)
    }
  }

  var ipID = Count()
  var timestamp = Count()
  var acknowledgement = Count()
  var payload = Count()

  /// Whether all that was seen survives, and enough of it to tell copies of a packet apart.
  var isSelective: Bool {
    (ipID.isCertain || timestamp.isCertain) && ipID.isUsable && timestamp.isUsable && acknowledgement.isUsable
      && payload.isUsable
  }

  /// What survives two stretches one after the other.
  func followed(by next: FeatureSurvival) -> FeatureSurvival {
    FeatureSurvival(
      ipID: ipID.followed(by: next.ipID), timestamp: timestamp.followed(by: next.timestamp),
      acknowledgement: acknowledgement.followed(by: next.acknowledgement),
      payload: payload.followed(by: next.payload))
  }

  /// Adds what was counted elsewhere.
  mutating func add(_ other: FeatureSurvival) {
    ipID.add(other.ipID)
    timestamp.add(other.timestamp)
    acknowledgement.add(other.acknowledgement)
    payload.add(other.payload)
  }

  /// Counts the agreement of two transmissions that are surely one packet.
  mutating func learn(_ packets: TransmissionBuffer, _ up: Int, _ down: Int) {
    if packets[up].record.ipID != 0 || packets[down].record.ipID != 0 {
      ipID.add(packets[up].record.ipID == packets[down].record.ipID)
    }
    if packets[up].record.marks.contains(.timestamps) {
      timestamp.add(
        packets[down].record.marks.contains(.timestamps)
          && packets[up].record.timestampValue == packets[down].record.timestampValue)
    }
    if packets[up].record.hasACK, !packets[up].record.isRST {
      acknowledgement.add(packets[up].ackOffset == packets[down].ackOffset)
    }
    if packets[up].payloadLength > 0, packets[up].record.hasComparablePayload(with: packets[down].record) {
      payload.add(packets[up].record.digest == packets[down].record.digest)
    }
  }
}

extension PacketRecord {
  /// Whether the digests of two packets were taken over the same bytes, so that comparing them means something.
  func hasComparablePayload(with other: PacketRecord) -> Bool {
    payloadLength == other.payloadLength && !marks.contains(.payloadCut) && !other.marks.contains(.payloadCut)
  }
}
