import Verdicts

/// What a report says, in names instead of positions, to compare it with the truth and with other reports.
struct Said {
  private let report: AnalysisReport

  init(_ report: AnalysisReport) { self.report = report }

  /// A packet that was dropped: the segment, and its frame at the point before it.
  struct Drop: Hashable, CustomStringConvertible {
    var between: [String]
    var point: String
    var frame: Int

    var description: String { "\(between.joined(separator: "…")) frame \(frame) at \(point)" }
  }

  /// What is said of single packets.
  var events: ReportList<Event> { report.events }

  /// Names of the points in path order.
  var path: [String] { report.points.map(\.name) }

  func names(_ pair: PointPair) -> [String] { [path[pair.near], path[pair.far]] }

  /// The drops, their frames counted on over the files of a point; each is named once.
  ///
  /// - Parameter firstFiles: frames of the first file of each point that has two.
  func drops(firstFiles: [String: Int] = [:]) -> [Drop] {
    report.events.filter { $0.kind == .drop }.map { event in
      let point = event.upstream.map { path[$0.point] } ?? "nowhere"
      let before = event.upstream?.file == 1 ? firstFiles[point] ?? 0 : 0
      return Drop(between: names(event.between), point: point, frame: before + (event.upstream?.frame ?? 0))
    }
  }

  /// The findings of some severity, as the truth writes them: `loss fw1-in fw1-out`, `defer-accept server`.
  func findings(_ severity: Severity? = nil) -> Set<String> {
    Set(
      report.findings.filter { severity == nil || $0.severity == severity }.map { finding in
        let place = finding.between.map(names) ?? finding.point.map { [path[$0]] } ?? []
        return ([finding.kind] + place).joined(separator: " ")
      })
  }

  /// What each segment and direction lost.
  var lost: [String: Int] {
    var lost: [String: Int] = [:]
    for segment in report.segments {
      for direction in Direction.allCases where segment[direction].lost > 0 {
        lost["\(names(segment.between).joined(separator: " ")) \(direction.word)"] = segment[direction].lost
      }
    }
    return lost
  }

  /// The ledgers without their delays, which depend on clocks.
  var ledgers: [SegmentReport] {
    report.segments.map { segment in
      var segment = segment
      for direction in Direction.allCases { segment[direction].delay = nil }
      return segment
    }
  }

  /// Segments and directions whose ledger does not add up.
  var ledgersThatDoNotAddUp: [String] {
    report.segments.flatMap { segment in
      Direction.allCases.compactMap { direction in
        let ledger = segment[direction]
        let fates =
          ledger.delivered + ledger.lost + ledger.notCaptured + ledger.outsideCoverage + ledger.undecided
        return fates == ledger.offered ? nil : "\(names(segment.between)) \(direction.word): \(ledger)"
      }
    }
  }
}

extension Truth {
  /// The drops whose frame is known.
  var drops: [Said.Drop] {
    events.filter { $0.kind == "drop" }.compactMap { event in
      event.upstream.frame.map { Said.Drop(between: event.between, point: event.upstream.point, frame: $0) }
    }
  }
}
