import Verdicts

/// Which events the page holds: those that its ladders show, then those of the connections with most trouble.
struct EventSelection {
  private let report: AnalysisReport
  /// Indices into the report's events, in the order of the page.
  private(set) var indices: [Int] = []
  private var places: [Int: Int] = [:]

  init(_ report: AnalysisReport) { self.report = report }

  /// Where an event stands in the page.
  func place(_ index: Int) -> Int? { places[index] }

  mutating func add(_ ladder: Ladder) {
    for packet in ladder.packets {
      for index in packet.events { add(index) }
    }
  }

  private mutating func add(_ index: Int) {
    guard places[index] == nil else { return }
    places[index] = indices.count
    indices.append(index)
  }

  /// Adds further events, connections with low ids first, up to so many in all.
  mutating func fill(most: Int) {
    let connections = report.events.map(\.connection)
    let ranked = connections.indices.sorted { (connections[$0], $0) < (connections[$1], $1) }
    for index in ranked where indices.count < most { add(index) }
  }
}
