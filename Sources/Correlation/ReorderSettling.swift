import Verdicts

extension CorrelationTally {
  /// Adds a packet that was overtaken by less than ``ReorderJudge/surelyLateNS``.
  mutating func addSlightReordering(_ event: PacketEvent) { slightlyReordered.append(event) }

  /// Decides whether packets that were overtaken by tens of microseconds were reordered by the path.
  ///
  /// A host with several processors now and then lets a packet overtake its neighbour, in what it forwards or in what it
  /// captures. A path that takes turns between two links does so again and again, and may do so by more.
  mutating func settleSlightReordering() {
    if slightlyReordered.isEmpty { return }
    var overtaken: [OneWay: Int] = [:]
    for event in slightlyReordered { overtaken[OneWay(event.between, event.direction), default: 0] += 1 }
    for (way, slightly) in overtaken {
      let ledger = segments[way.between, default: SegmentTally()][way.direction]
      let share = ledger.reordered > 0 ? Self.deliveredForOneBesideOthers : Self.deliveredForOne
      let few = max(Self.few, ledger.delivered / share)
      overtaken[way] = slightly + ledger.reordered > few ? slightly : nil
    }
    let events = slightlyReordered
    slightlyReordered = []
    for event in events {
      if overtaken[OneWay(event.between, event.direction)] != nil {
        addReordering(event)
      } else {
        closeOrder[event.between, default: 0] += 1
      }
    }
  }

  /// So many may be chance.
  private static let few = 3
  /// Of so many packets that arrived, one may be chance where all came late by tens of microseconds: so it was in recordings
  /// of hosts whose connections have one processor each way.
  private static let deliveredForOne = 100
  /// The same where others came later than that.
  private static let deliveredForOneBesideOthers = 1000
}
