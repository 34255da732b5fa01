import Testing
import Verdicts

/// All recordings, the order of their points inferred, against what really happened to their packets.
@Suite(.serialized) struct RecordingTests {
  /// Of a hundred that happened or are said, one may differ: the logs of the boxes and wires are not perfect either.
  private func agree(_ said: Set<Happening>, _ happened: Set<Happening>, lines: SourceLocation = #_sourceLocation) {
    for kind in Set(said.union(happened).map(\.kind)).sorted() {
      let (one, other) = (said.filter { $0.kind == kind }, happened.filter { $0.kind == kind })
      let differing = one.symmetricDifference(other)
      #expect(
        Double(differing.count) <= 0.01 * Double(other.count),
        "said only: \(one.subtracting(other)), happened only: \(other.subtracting(one))", sourceLocation: lines)
    }
  }

  @Test(arguments: Recording.names)
  func `what happened to each packet is said, and no fault that nobody caused, whatever the clocks`(
    _ name: String
  ) throws {
    let hour: Int64 = 3_600_000_000_000
    let hours: [Int64] = [0, 3, -7, 12, -1, 5, 2, -4].map { $0 * hour }
    for moves in [[], hours] {
      let recording = try Recording(name, clocksMovedBy: moves)
      let report = analyse(recording.points.reversed())
      let said = Said(report)
      #expect(said.path == recording.path)
      agree(said.happenings, recording.truth.happenings)
      let clocks = said.findings().filter { $0.hasPrefix("clock-") }.map { "clock " + $0.split(separator: " ")[1] }
      #expect(Set(recording.truth.expect).subtracting(said.findings().union(clocks)) == [])
      #expect(faults(said, besides: recording.truth.expect) == [])
      #expect(said.ledgersThatDoNotAddUp == [])
      for (index, point) in report.points.enumerated() {
        guard let offset = point.clock.offsetNS, let error = point.clock.errorNS else { continue }
        let moved = moves.isEmpty ? 0 : moves[index]
        let caused = Int64(((recording.truth.clock[point.name]?.offsetS ?? 0) * 1e9).rounded())
        #expect(abs(offset - moved - caused) <= error + 1000, "\(point.name)")
      }
    }
  }

  /// Faults said that nobody caused; what a fault does to other packets of its segment is not held against it.
  private func faults(_ said: Said, besides expected: [String]) -> [String] {
    let hurt = Set(expected.map { $0.split(separator: " ").dropFirst().joined(separator: " ") })
    return said.findings(.fault).filter { fault in
      !expected.contains(fault) && !hurt.contains(fault.split(separator: " ").dropFirst().joined(separator: " "))
    }
  }

  static let left = [["client", "fw1-out", "fw2-out", "lb-out"], ["client", "server"]]

  @Test(arguments: Recording.names)
  func `with points left out no fault is said that nobody caused, and losses stand on the wider segments`(
    _ name: String
  ) throws {
    let recording = try Recording(name)
    for kept in Self.left {
      let indices = kept.compactMap { recording.path.firstIndex(of: $0) }
      let said = Said(analyse(indices.reversed().map { recording.points[$0] }))
      #expect(said.path == kept)
      #expect(said.ledgersThatDoNotAddUp == [])
      func wider(_ between: [String]) -> String? {
        let near = recording.path.firstIndex(of: between.first ?? "") ?? 0
        let far = recording.path.firstIndex(of: between.last ?? "") ?? 0
        guard let from = indices.last(where: { $0 <= near }), let to = indices.first(where: { $0 >= far })
        else { return nil }
        return "\(recording.path[from]) \(recording.path[to])"
      }
      let expected = recording.truth.expect.map { finding in
        let words = finding.split(separator: " ").map(String.init)
        return words.count == 3 ? "\(words[0]) \(wider(Array(words.dropFirst())) ?? "beyond")" : finding
      }
      #expect(faults(said, besides: expected) == [], "\(kept)")
      var lost: [String: Int] = [:]
      for event in recording.truth.events where event.kind == "drop" {
        if let segment = wider(event.between ?? []) { lost["\(segment) \(event.dir ?? "")", default: 0] += 1 }
      }
      for (segment, packets) in said.lost {
        #expect(packets <= lost[segment, default: 0] + 1, "\(kept): \(segment)")
      }
    }
  }
}
