import Verdicts

/// What weakens the verdict as a whole; a reader must not learn it only from the tables.
enum Cautions {
  /// Below this the order of the points needs a look before anybody is blamed.
  private static let sureOrder = 0.9

  static func sentences(_ view: ReportView) -> [String] {
    [bothSides(view), order(view), notCompared(view)].compactMap { $0 } + shortCaptures(view)
      + [undecided(view), ambiguous(view), kernelDrops(view)].compactMap { $0 }
  }

  /// Captures that began late or ended early, so that a good part of what passed is outside of them.
  private static func shortCaptures(_ view: ReportView) -> [String] {
    let points = view.report.points
    guard let begin = points.compactMap(\.firstNS).min(), let end = points.compactMap(\.lastNS).max() else { return [] }
    let least = max(leastShortfallNS, (end - begin) / 100)
    return points.indices.compactMap { point in
      guard let first = points[point].firstNS, let last = points[point].lastNS else { return nil }
      var shortfalls: [String] = []
      if first - begin >= least { shortfalls.append("begins \(Numbers.duration(first - begin)) after the first") }
      if end - last >= least { shortfalls.append("ends \(Numbers.duration(end - last)) before the last") }
      let ledgers = view.report.segments.flatMap { segment in
        (segment.between.far == point ? [segment.clientToServer] : [])
          + (segment.between.near == point ? [segment.serverToClient] : [])
      }
      let outside = ledgers.reduce(0) { $0 + $1.outsideCoverage }
      let offered = ledgers.reduce(0) { $0 + $1.offered }
      guard !shortfalls.isEmpty, outside * 100 >= offered, outside >= fewestOutside else { return nil }
      return """
        The capture at \(points[point].name) \(shortfalls.joined(separator: " and ")) of the others: \
        \(Numbers.count(outside, "packet")) passed outside of it, of which nothing is said there.
        """
    }
  }

  /// Fewer packets are no good part of what passed.
  private static let fewestOutside = 10
  /// What captures that were begun by hand differ by counts for nothing.
  private static let leastShortfallNS: Int64 = 100_000_000

  /// Neighbours between which no packet was followed, neither directly nor on a wider segment around them.
  private static func notCompared(_ view: ReportView) -> String? {
    guard view.total.offered > 0 else { return nil }
    let compared = view.report.segments.filter { $0.clientToServer.offered + $0.serverToClient.offered > 0 }
    let ended = view.report.connections.compactMap(\.terminatedBetween)
    let silent = view.report.segments.map(\.between).filter { pair in
      pair.far == pair.near + 1 && !ended.contains(pair)
        && !compared.contains { $0.between.near <= pair.near && $0.between.far >= pair.far }
    }
    guard !silent.isEmpty else { return nil }
    let places = silent.map { "\(view.report.points[$0.near].name) and \(view.report.points[$0.far].name)" }.joined(
      separator: ", ")
    return "No packet could be followed between \(places): nothing is said of that part of the path."
  }

  private static func bothSides(_ view: ReportView) -> String? {
    let points = view.report.findings.filter { $0.kind == "both-sides-captured" }.compactMap(\.point)
    guard !points.isEmpty else { return nil }
    let names = points.map { view.report.points[$0].name }.joined(separator: ", ")
    return "Both sides of a box are in one capture (\(names)): what is said of it and of the segments beside it may be "
      + "wrong; see the warning."
  }

  private static func order(_ view: ReportView) -> String? {
    let order = view.report.order
    guard order.confidence < sureOrder, view.report.points.count > 1, view.total.offered > 0 else { return nil }
    if order.source == .given {
      return "Round trips contradict the order that was given, and every verdict rests on it: see the remarks."
    }
    return """
      The order of the points is only \(Numbers.confidence(order.confidence)) sure, and every verdict rests on it: \
      check the path below, and give --order if it is wrong.
      """
  }

  private static func undecided(_ view: ReportView) -> String? {
    let total = view.total
    guard total.undecided > 0, total.lost > 0 || !view.findings(.fault).isEmpty else { return nil }
    return """
      What became of \(Numbers.grouped(total.undecided)) of \(Numbers.grouped(total.offered)) packets is undecided; \
      they count neither as lost nor as delivered.
      """
  }

  private static func ambiguous(_ view: ReportView) -> String? {
    let count = view.report.connections.count { !$0.match.ambiguousWith.isEmpty }
    guard count > 0 else { return nil }
    let cannot = count == 1 ? "1 connection cannot" : "\(Numbers.grouped(count)) connections cannot"
    return "\(cannot) be told apart from others that look the same."
  }

  private static func kernelDrops(_ view: ReportView) -> String? {
    let dropping = view.report.points.filter { ($0.capture.kernelDrops ?? 0) > 0 }
    guard !dropping.isEmpty else { return nil }
    let counts = dropping.map { "\(Numbers.grouped($0.capture.kernelDrops ?? 0)) at \($0.name)" }
    return "The kernel dropped packets while capturing: \(counts.joined(separator: ", "))."
  }
}
