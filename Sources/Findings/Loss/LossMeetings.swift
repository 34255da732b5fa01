/// How many packets, lost and delivered, met one of the other direction on a segment: passed within a moment of it.
///
/// On a line where one end is set to half duplex and the other to full duplex, just those collide and are lost.
struct LossMeetings {
  /// Packets, and those of them that met another.
  private(set) var packets = 0
  private(set) var met = 0
  /// Of the lost ones the same.
  private(set) var lost = 0
  private(set) var lostMet = 0

  private struct Waiting: BitwiseCopyable {
    let timeNS: Int64
    let isLost: Bool
  }
  /// Packets that may still meet one that comes later.
  private var waiting: [Waiting] = []
  private var lastOtherNS = Int64.min / 2

  /// So close together packets are on a line at once, in nanoseconds: twice the time of a full frame at 100 Mbit/s.
  private static let nearNS: Int64 = 250_000
  private static let mostWaiting = 64

  /// Takes the next packet of the direction that is looked at.
  @inline(__always)
  mutating func pass(_ timeNS: Int64, isLost: Bool) {
    if timeNS &- lastOtherNS <= Self.nearNS {
      count(isLost, hasMet: true)
    } else {
      if waiting.count >= Self.mostWaiting { settle(at: timeNS, hasOther: false) }
      waiting.append(Waiting(timeNS: timeNS, isLost: isLost))
    }
  }

  /// Takes the next packet of the other direction.
  @inline(__always)
  mutating func meet(_ timeNS: Int64) {
    lastOtherNS = timeNS
    if !waiting.isEmpty { settle(at: timeNS, hasOther: true) }
  }

  private mutating func settle(at timeNS: Int64, hasOther: Bool) {
    for one in waiting { count(one.isLost, hasMet: hasOther && timeNS &- one.timeNS <= Self.nearNS) }
    waiting.removeAll(keepingCapacity: true)
  }

  private mutating func count(_ isLost: Bool, hasMet: Bool) {
    packets += 1
    if hasMet { met += 1 }
    guard isLost else { return }
    lost += 1
    if hasMet { lostMet += 1 }
  }

  /// Whether it is those that met another that were lost: nine of ten lost ones did, of all packets no more than six of
  /// ten, and by chance it would happen less often than 1 in 30,000 times.
  var decide: Bool {
    let (all, losses) = (Double(packets), Double(lost))
    let share = Double(met) / max(1, all)
    guard lost > 1, lost < packets, lostMet * 10 >= lost * 9, share <= 0.6 else { return false }
    // Drawn without replacement, as in Fisher's test.
    let deviation = (losses * share * (1 - share) * (all - losses) / (all - 1)).squareRoot()
    return Double(lostMet) - losses * share > 4 * deviation
  }
}
