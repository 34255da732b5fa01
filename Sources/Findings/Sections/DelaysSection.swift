import Correlation
import Verdicts

/// How delays are distributed, for each segment and direction whose clocks are known.
enum DelaysSection {
  private static let classes = 48

  static func make(_ file: CaseFile, _ report: AnalysisReport) -> [DelayHistogram] {
    report.segments.flatMap { segment -> [DelayHistogram] in
      guard let clock = file.clocks.between(segment.between) else { return [] }
      return Direction.allCases.compactMap { direction in
        DelayHistogram(
          between: segment.between, direction: direction,
          sortedNS: file.tally.delaySamples(
            segment.between, towardsFar: direction == .clientToServer, offset: clock.offset), classes: classes)
      }
    }
  }
}
