import Dispatch
import Flows
public import Matching
import Synchronization
public import Verdicts

/// Correlates matched traffic: the fate of every transmission on every segment, and what was changed on the way.
public struct Correlator: Sendable {
  private let matched: MatchedTraffic
  private let visibility: Visibility
  private let model: PairModel
  private let threads: Int
  private let rounds: RoundShape

  /// Connections that a thread takes at a time.
  private static let batch = 32

  /// A correlator of this traffic that works on so many threads; what it finds does not depend on their number.
  public init(_ matched: MatchedTraffic, threads: Int = 1) {
    self.init(matched, threads: threads, rounds: RoundShape())
  }

  init(_ matched: MatchedTraffic, threads: Int = 1, rounds: RoundShape) {
    self.matched = matched
    self.threads = threads
    self.rounds = rounds
    visibility = Visibility(matched: matched)
    model = PairModel(matched: matched, visibility: visibility, threads: threads)
  }

  /// What follows single connections.
  var connections: ConnectionCorrelator {
    ConnectionCorrelator(path(matched.points.map { $0.coverage.map { Coverage(whole: $0) } }))
  }

  private func path(_ coverage: [Coverage?]) -> PathContext {
    PathContext(matched: matched, visibility: visibility, model: model, coverage: coverage, rounds: rounds)
  }

  /// For each position, the only direction that its capture holds, if so.
  public var oneWay: [Direction?] { visibility.oneWay }

  /// Correlates all connections.
  ///
  /// What passed while a capture paused is outside its coverage; that it paused only shows once all connections are
  /// judged, and then they are judged again.
  public func correlate() -> CorrelationTally {
    var coverage = matched.points.map { $0.coverage.map { Coverage(whole: $0) } }
    let first = correlate(coverage)
    let pauses = CapturePauses(points: matched.points, model: model, tally: first).find()
    guard pauses.contains(where: { !$0.isEmpty }) else { return first }
    for position in pauses.indices { coverage[position]?.pauses = pauses[position] }
    var second = correlate(coverage)
    second.pauses = pauses
    return second
  }

  private func correlate(_ coverage: [Coverage?]) -> CorrelationTally {
    let batches = (matched.groups.count + Self.batch - 1) / Self.batch
    let workers = max(1, min(threads, batches))
    let next = Atomic(0)
    let tallies = Mutex<[CorrelationTally]>([])
    let path = path(coverage)
    let work: @Sendable (Int) -> Void = { _ in
      let tally = Self.correlate(path, takingBatchesFrom: next)
      tallies.withLock { $0.append(tally) }
    }
    if workers == 1 { work(0) } else { DispatchQueue.concurrentPerform(iterations: workers, execute: work) }
    var tally = tallies.withLock { tallies in
      tallies.reduce(into: CorrelationTally(points: matched.points.count)) { $0.merge($1) }
    }
    tally.settleBirths()
    tally.settleDoubtfulCopies()
    tally.settleRefusedBehindEnd()
    tally.settleAtTheEnd()
    tally.settleLackedBySeveral()
    tally.settleUnproven()
    tally.settleMisplaced()
    tally.settleSlightReordering()
    return tally
  }

  /// Correlates batches of connections, in ascending order, until all are taken.
  private static func correlate(
    _ path: PathContext, takingBatchesFrom next: borrowing Atomic<Int>
  ) -> CorrelationTally {
    let groups = path.matched.groups.count
    var tally = CorrelationTally(points: path.matched.points.count)
    var correlator = ConnectionCorrelator(path)
    while true {
      let first = next.add(1, ordering: .relaxed).oldValue * batch
      if first >= groups { return tally }
      for group in first..<min(first + batch, groups) {
        if group + 1 < groups { path.matched.ask(for: group + 1) }
        correlator.correlate(group, into: &tally)
      }
    }
  }
}
