import Correlation
import Matching
import Verdicts

/// The ledgers of the report: every pair of neighbours, and the wider pairs that some traffic needs.
enum SegmentsSection {
  static func make(_ file: CaseFile) -> [SegmentReport] {
    let count = file.matched.points.count
    let neighbours = (0..<max(0, count - 1)).map { PointPair($0, $0 + 1) }
    let wider = file.tally.segments.keys.filter { $0.far > $0.near + 1 }
    return (neighbours + wider).sorted().map { pair in
      let tally = file.tally.segments[pair]
      var report = SegmentReport(
        between: pair, inside: BoxNames.inside(pair, file),
        clientToServer: tally?.clientToServer ?? SegmentLedger(),
        serverToClient: tally?.serverToClient ?? SegmentLedger())
      if let clock = file.clocks.between(pair) {
        report.clientToServer.delay = file.tally.delays(
          pair, towardsFar: true, errorNS: clock.errorNS, offset: clock.offset)
        report.serverToClient.delay = file.tally.delays(
          pair, towardsFar: false, errorNS: clock.errorNS, offset: clock.offset)
      }
      return report
    }
  }
}

/// Tells which box two points are the two sides of.
enum BoxNames {
  /// By topology, else by the points' names: `fw1-in` and `fw1-out` are two sides of `fw1`.
  static func inside(_ pair: PointPair, _ file: CaseFile) -> String? {
    guard pair.far == pair.near + 1 else { return nil }
    let (near, far) = (file.sources[pair.near], file.sources[pair.far])
    if near.box != nil || far.box != nil { return near.box == far.box ? near.box : nil }
    guard let one = stem(near.name), let other = stem(far.name), one == other else { return nil }
    return one
  }

  /// The name without its last part: `fw1` of `fw1-in`, `fw1_in` or `fw1.in`.
  private static func stem(_ name: String) -> String? {
    guard let cut = name.lastIndex(where: { "-_.:".contains($0) }), cut > name.startIndex else { return nil }
    return String(name[..<cut])
  }
}
