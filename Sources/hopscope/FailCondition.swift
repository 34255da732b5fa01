import Verdicts

/// What `--fail-on` asks for: the exit status is 1 where it holds.
enum FailCondition: Equatable, Sendable {
  /// A segment and direction that loses more than this share of its packets, 0 to 1.
  case loss(above: Double)
  /// A finding at least as grave as this.
  case finding(Severity)

  /// Reads `loss>0.1%`, `fault` or `warning`; `nil` for anything else.
  init?(_ text: String) {
    let typed = text.filter { $0 != " " }
    switch typed {
    case "fault": self = .finding(.fault)
    case "warning": self = .finding(.warning)
    default:
      guard typed.hasPrefix("loss>"), typed.hasSuffix("%"),
        let percent = Double(typed.dropFirst("loss>".count).dropLast()), (0..<100).contains(percent)
      else { return nil }
      self = .loss(above: percent / 100)
    }
  }

  /// What makes it hold, in words; `nil` where it does not.
  func reason(in report: AnalysisReport) -> String? {
    switch self {
    case .loss(let most): worstLoss(report, above: most)
    case .finding(let severity):
      report.findings.first { $0.severity <= severity }.map { "\($0.severity.word): \($0.title)" }
    }
  }

  private func worstLoss(_ report: AnalysisReport, above most: Double) -> String? {
    var worst: (ratio: Double, words: String)?
    for segment in report.segments {
      for direction in Direction.allCases {
        let ledger = segment[direction]
        guard let ratio = ledger.lossRatio, ratio > most, ratio > worst?.ratio ?? 0 else { continue }
        let names = (report.points[segment.between.near].name, report.points[segment.between.far].name)
        worst = (
          ratio, "\(ledger.lost) of \(ledger.decided) packets lost between \(names.0) and \(names.1), \(direction.word)"
        )
      }
    }
    return worst?.words
  }
}
