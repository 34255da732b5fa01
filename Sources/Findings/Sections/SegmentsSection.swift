import Correlation
import Matching
import Verdicts

/// The ledgers of the report: every pair of neighbours, and the wider pairs that some traffic needs.
enum SegmentsSection {
  static func make(_ file: CaseFile) -> [SegmentReport] {
    let count = file.matched.points.count
    let neighbours = (0..<max(0, count - 1)).map { PointPair($0, $0 + 1) }
    let wider = file.tally.segments.filter { $0.key.far > $0.key.near + 1 && !$0.value.isEmpty }.map(\.key)
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
    return stem(near.name, far.name)
  }

  /// The name that two points share before their sides' names: `fw1` of `fw1-in` and `fw1-out`.
  private static func stem(_ one: String, _ other: String) -> String? {
    for (near, far) in BoxSides.names {
      for (left, right) in [(near, far), (far, near)] where one.hasSuffix(left) && other.hasSuffix(right) {
        let stems = (one.dropLast(left.count), other.dropLast(right.count))
        guard stems.0 == stems.1, let separator = stems.0.last, "-_.:".contains(separator), stems.0.count > 1
        else { continue }
        return String(stems.0.dropLast())
      }
    }
    return nil
  }
}
