import Correlation
import Flows
import Matching
import Packets
import Verdicts

/// How many packets, lost and delivered, met one of the other direction on a segment: passed within a moment of it.
///
/// On a line where one end is set to half duplex and the other to full duplex, just those collide and are lost.
struct LossMeetings {
  /// Packets, and those of them that met another.
  private(set) var packets = 0
  private(set) var met = 0
  /// Of the lost ones the same.
  let lost: Int
  let lostMet: Int

  /// Moments are so long, in nanoseconds: twice the time of a full frame at 100 Mbit/s.
  private static let momentNS: Int64 = 250_000
  /// More moments, nine hours, are not looked at.
  private static let mostMoments: Int64 = 1 << 27

  /// The moments in which packets of the other direction passed, a bit for each.
  private struct Moments {
    let startNS: Int64
    private var bits = FrameSet()

    init(from startNS: Int64) { self.startNS = startNS }

    @inline(__always)
    private func moment(_ timeNS: Int64) -> UInt32 {
      UInt32(clamping: (timeNS &- startNS) / LossMeetings.momentNS + 1)
    }

    @inline(__always)
    mutating func insert(_ timeNS: Int64) { bits.insert(moment(timeNS)) }

    /// Whether something passed in the same moment or one beside it.
    @inline(__always)
    func isNear(_ timeNS: Int64) -> Bool {
      let moment = moment(timeNS)
      return bits.contains(moment) || bits.contains(moment &+ 1) || bits.contains(moment &- 1)
    }
  }

  /// The meetings of a sample's packets; `nil` if not nine of ten lost ones met another, or the capture is too long.
  init?(_ sample: LossSample, _ file: CaseFile) {
    guard let position = sample.lost.first?.upstream?.position,
      let coverage = file.matched.points[position].coverage,
      (coverage.upperBound - coverage.lowerBound) / Self.momentNS < Self.mostMoments
    else { return nil }
    var others = Moments(from: coverage.lowerBound)
    for index in sample.groups {
      file.forEachSegment(of: file.matched.groups[index], at: position) { record, way in
        if way != sample.direction { others.insert(record.timeNS) }
        return true
      }
    }
    lost = sample.lostRecords.count
    lostMet = sample.lostRecords.count { others.isNear($0.timeNS) }
    guard lost > 0, lostMet * 10 >= lost * 9 else { return nil }
    for index in sample.groups {
      file.forEachSegment(of: file.matched.groups[index], at: position) { record, way in
        guard way == sample.direction else { return true }
        packets += 1
        if others.isNear(record.timeNS) { met += 1 }
        return true
      }
    }
  }

  /// Whether it is those that met another that were lost: of all packets no more than six of ten did, and by chance it
  /// would happen less often than 1 in 30,000 times.
  var decide: Bool {
    let (all, losses) = (Double(packets), Double(lost))
    let share = Double(met) / max(1, all)
    guard lost < packets, share <= 0.6 else { return false }
    // Drawn without replacement, as in Fisher's test.
    let deviation = (losses * share * (1 - share) * (all - losses) / (all - 1)).squareRoot()
    return Double(lostMet) - losses * share > 4 * deviation
  }
}
