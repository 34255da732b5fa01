import Verdicts

extension CorrelationTally {
  /// Adds a packet that was overtaken by less than a path holds packets back.
  mutating func addSlightReordering(_ event: PacketEvent) { slightlyReordered.append(event) }

  /// Decides whether packets that were overtaken by tens of microseconds were reordered by the path.
  ///
  /// A host with several processors now and then lets a packet overtake its neighbour, in what it forwards or in what it
  /// captures. A path that takes turns between two links does so again and again.
  mutating func settleSlightReordering() {
    struct Place: Hashable {
      var between: PointPair
      var direction: Direction
    }
    let alike = Dictionary(grouping: slightlyReordered) { Place(between: $0.between, direction: $0.direction) }
    let shown = alike.filter { place, events in
      let ledger = segments[place.between, default: SegmentTally()][place.direction]
      return events.count >= max(Self.leastSlight, ledger.delivered / Self.deliveredForOneSlight)
    }
    for event in slightlyReordered {
      if shown[Place(between: event.between, direction: event.direction)] != nil {
        addReordering(event)
      } else {
        closeOrder[event.between, default: 0] += 1
      }
    }
    slightlyReordered = []
  }

  /// So few may be chance.
  private static let leastSlight = 4
  /// Of so many packets that arrived, one may be chance.
  private static let deliveredForOneSlight = 1000
}
