public import Verdicts

/// Two analyses of one path, before and after a change: what got better or worse, and whether chance explains it.
///
/// Points are the same if their names are.
public struct AnalysisComparison: Sendable, Equatable {
  /// What differs counts as more than chance below this p-value, adjusted for the number of tests.
  public static let level = 0.05

  /// Of each segment of both analyses, each measure that counted something: in path order, loss first.
  public private(set) var ledgers: [LedgerChange]
  /// The delays that both analyses know, and how they vary.
  public private(set) var delays: [DelayChange]
  /// The findings, faults first.
  public private(set) var findings: [FindingChange]
  /// Segments that only the older analysis has.
  public let onlyOld: [Place]
  /// Segments that only the newer analysis has.
  public let onlyNew: [Place]
  /// How many tests were made; p-values are adjusted among those of delays, and among all others.
  public private(set) var tests = 0

  /// Compares them; the delays are tested where both analyses keep how they are distributed.
  public init(
    old: AnalysisReport, new: AnalysisReport, oldDelays: [DelayHistogram] = [], newDelays: [DelayHistogram] = []
  ) {
    let before = Named(old)
    let after = Named(new)
    onlyOld = before.places.filter { after.segments[$0] == nil }
    onlyNew = after.places.filter { before.segments[$0] == nil }
    ledgers = []
    delays = []
    for place in after.places {
      guard let newer = after.segments[place], let older = before.segments[place] else { continue }
      for direction in Direction.allCases {
        ledgers += Self.ledgers(older, newer, place, direction)
      }
      delays += Self.delays(
        older, oldDelays.filter { $0.between == older.between }, newer,
        newDelays.filter { $0.between == newer.between },
        place)
    }
    findings = FindingChange.all(before, after)
    judge()
  }

  private static func ledgers(
    _ old: SegmentReport, _ new: SegmentReport, _ place: Place, _ direction: Direction
  ) -> [LedgerChange] {
    Measure.allCases.compactMap { measure in
      let before = measure.proportion(in: old[direction])
      let after = measure.proportion(in: new[direction])
      // Loss is said even where there is none; of the others only what there is.
      guard measure == .loss || before.hits + after.hits > 0 else { return nil }
      return LedgerChange(
        place: place, inside: new.inside, direction: direction, measure: measure,
        rate: RateChange(old: before, new: after))
    }
  }

  /// The round trip, then of each direction the delay and how it varies; without distributions the delays alone.
  private static func delays(
    _ old: SegmentReport, _ before: [DelayHistogram], _ new: SegmentReport, _ after: [DelayHistogram], _ place: Place
  ) -> [DelayChange] {
    func change(
      _ measure: DelayChange.Measure, _ direction: Direction?, _ old: DelaySample, _ new: DelaySample
    ) -> DelayChange {
      DelayChange(
        place: place, direction: direction, measure: measure, oldNS: old.medianNS, oldErrorNS: 0, newNS: new.medianNS,
        newErrorNS: 0, test: DelayTest(old: old, new: new, leftOpenNS: 0), verdict: .unclear)
    }
    func both(_ histograms: [DelayHistogram]) -> DelaySample? {
      guard let there = histograms.first(where: { $0.direction == .clientToServer }),
        let back = histograms.first(where: { $0.direction == .serverToClient })
      else { return nil }
      return DelaySample(there, back)
    }
    var changes: [DelayChange] = []
    if let old = both(before), let new = both(after) { changes.append(change(.roundTrip, nil, old, new)) }
    for direction in Direction.allCases {
      guard let from = old[direction].delay, let to = new[direction].delay else { continue }
      var delay = DelayChange(
        place: place, direction: direction, measure: .delay, oldNS: from.p50NS, oldErrorNS: from.errorNS,
        newNS: to.p50NS, newErrorNS: to.errorNS, verdict: .notComparable)
      if let older = before.first(where: { $0.direction == direction }),
        let newer = after.first(where: { $0.direction == direction }),
        let test = DelayTest(
          old: DelaySample(older), new: DelaySample(newer), leftOpenNS: from.errorNS + to.errorNS)
      {
        delay.test = test
        delay.verdict = .unclear
        let early = DelaySample(older, above: older.usualLeastNS)
        let late = DelaySample(newer, above: newer.usualLeastNS)
        changes += [delay, change(.variation, direction, early, late)]
      } else {
        changes.append(delay)
      }
    }
    return changes
  }

  /// Adjusts the p-values to the number of tests that could find something, and says which way things went.
  private mutating func judge() {
    let rates = ledgers.map(\.rate) + findings.compactMap(\.connections)
    let adjusted = HolmCorrection.adjusted(
      known: rates.map { $0.old.hits + $0.new.hits > 0 ? $0.test?.pValue : nil })
    for index in ledgers.indices { ledgers[index].rate.judge(adjusted[index]) }
    var next = ledgers.count
    for index in findings.indices where findings[index].connections != nil {
      findings[index].connections?.judge(adjusted[next])
      findings[index].verdict = findings[index].connections?.verdict ?? .unclear
      next += 1
    }
    // A family of their own: there are many of them, and to ask for them must not hide a loss.
    let adjustedDelays = HolmCorrection.adjusted(known: delays.map { $0.test?.pValue })
    for index in delays.indices { delays[index].judge(adjustedDelays[index]) }
    tests = (adjusted + adjustedDelays).count { $0 != nil }
    // A note is neither good nor bad.
    for index in findings.indices where findings[index].severity == .note { findings[index].verdict = .unclear }
  }

  /// Whether the two have no segment in common, so that nothing is compared.
  public var hasNothingInCommon: Bool { ledgers.isEmpty && !(onlyOld.isEmpty && onlyNew.isEmpty) }

  /// Faults that only the newer analysis has, though chance may explain that.
  public var newFaults: [FindingChange] {
    findings.filter { $0.severity == .fault && $0.presence == .appeared && $0.verdict == .unclear }
  }

  /// Whether something got worse by more than chance explains.
  public var isWorse: Bool {
    ledgers.contains { $0.rate.verdict == .worse } || delays.contains { $0.verdict == .worse }
      || findings.contains { $0.verdict == .worse }
  }
}

extension RateChange {
  init(old: Proportion, new: Proportion) {
    let test = ProportionTest(old: old, new: new)
    self.init(old: old, new: new, test: test, adjustedP: nil, verdict: test == nil ? .notComparable : .unclear)
  }

  fileprivate mutating func judge(_ adjusted: Double?) {
    adjustedP = adjusted
    guard let test, let adjusted, adjusted < AnalysisComparison.level else { return }
    verdict = test.difference > 0 ? .worse : .better
  }
}

/// A report whose places have names.
struct Named {
  let report: AnalysisReport
  /// In path order.
  let places: [Place]
  let segments: [Place: SegmentReport]

  init(_ report: AnalysisReport) {
    self.report = report
    places = report.segments.map { Self.place($0.between, in: report) }
    segments = Dictionary(zip(places, report.segments)) { first, _ in first }
  }

  /// Whether it has a place: a segment, a point, or no place at all.
  func has(_ place: Place) -> Bool {
    if place.far != nil { return segments[place] != nil }
    return place.near.map { near in report.points.contains { $0.name == near } } ?? true
  }

  static func place(_ pair: PointPair, in report: AnalysisReport) -> Place {
    Place(near: report.points[pair.near].name, far: report.points[pair.far].name)
  }
}

extension FindingChange {
  private struct Key: Hashable {
    var kind: String
    var place: Place
    var direction: Direction?
  }

  /// The findings of one kind, place and direction.
  private struct Group {
    var severity: Severity
    var title: String
    var packets = 0
    var connections: Set<Int> = []
  }

  /// All findings of both, those that matter most first, and in the order of the newer report.
  fileprivate static func all(_ old: Named, _ new: Named) -> [FindingChange] {
    let (before, oldKeys) = groups(old.report)
    let (after, newKeys) = groups(new.report)
    let keys = newKeys + oldKeys.filter { after[$0] == nil }
    return keys.enumerated().map { index, key in
      guard old.has(key.place), new.has(key.place) else { return (index, alone(key, before[key], after[key])) }
      return (index, change(key, before[key], after[key], old.report.connections.count, new.report.connections.count))
    }.sorted { ($0.1.severity, $0.0) < ($1.1.severity, $1.0) }.map(\.1)
  }

  private static func groups(_ report: AnalysisReport) -> ([Key: Group], [Key]) {
    var groups: [Key: Group] = [:]
    var keys: [Key] = []
    for finding in report.findings {
      let place =
        finding.between.map { Named.place($0, in: report) }
        ?? Place(near: finding.point.map { report.points[$0].name }, far: nil)
      let key = Key(kind: finding.kind, place: place, direction: finding.direction)
      if groups[key] == nil { keys.append(key) }
      var group = groups[key] ?? Group(severity: finding.severity, title: finding.title)
      group.packets += finding.packets
      group.connections.formUnion(finding.connections)
      group.severity = min(group.severity, finding.severity)
      groups[key] = group
    }
    return (groups, keys)
  }

  /// A finding at a place that only one of the two has: it neither appeared nor went away.
  private static func alone(_ key: Key, _ old: Group?, _ new: Group?) -> FindingChange {
    var alone = change(key, old, new, 0, 0)
    alone.connections = nil
    alone.verdict = .notComparable
    return alone
  }

  private static func change(
    _ key: Key, _ old: Group?, _ new: Group?, _ oldConnections: Int, _ newConnections: Int
  ) -> FindingChange {
    let presence: Presence = old == nil ? .appeared : new == nil ? .gone : .stayed
    let countsConnections = !(old?.connections ?? []).isEmpty || !(new?.connections ?? []).isEmpty
    return FindingChange(
      kind: key.kind, severity: [old?.severity, new?.severity].compactMap { $0 }.min() ?? .note, place: key.place,
      direction: key.direction, title: new?.title ?? old?.title ?? "", presence: presence,
      oldPackets: old?.packets ?? 0, newPackets: new?.packets ?? 0,
      connections: countsConnections
        ? RateChange(
          old: Proportion(hits: old?.connections.count ?? 0, of: oldConnections),
          new: Proportion(hits: new?.connections.count ?? 0, of: newConnections)) : nil,
      verdict: presence == .appeared ? .worse : presence == .gone ? .better : .unclear)
  }
}
