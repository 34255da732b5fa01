import ArgumentParser
import Comparison
import Verdicts

/// When `compare` is to fail.
struct CompareCondition: Equatable, Sendable, ExpressibleByArgument {
  enum Test: Equatable, Sendable {
    /// Something got worse by more than chance explains.
    case worse
    /// The newer analysis has a finding at least this bad.
    case finding(Severity)
    /// A share of the newer analysis is above this, 0 to 1.
    case above(Measure, Double)
  }

  /// As it was typed.
  let typed: String
  let test: Test

  /// `worse`, `fault`, `warning`, or a measure, `>`, and a share such as `0.1%` or `0.001`.
  init?(argument: String) {
    typed = argument
    switch argument {
    case "worse": test = .worse
    case "fault": test = .finding(.fault)
    case "warning": test = .finding(.warning)
    default:
      let parts = argument.split(separator: ">", omittingEmptySubsequences: false)
      guard parts.count == 2, let measure = Measure(rawValue: String(parts[0].filter { $0 != " " })) else { return nil }
      var number = parts[1].filter { $0 != " " }
      let isPercent = number.hasSuffix("%")
      if isPercent { number.removeLast() }
      guard let value = Double(number), value.isFinite, value >= 0 else { return nil }
      let share = isPercent ? value / 100 : value
      guard share <= 1 else { return nil }
      test = .above(measure, share)
    }
  }

  /// Why the condition holds; `nil` if it does not.
  func reason(_ report: AnalysisReport, _ comparison: AnalysisComparison) -> String? {
    switch test {
    case .worse:
      if comparison.hasNothingInCommon { return "nothing to compare: the two analyses have no segment in common" }
      let rates = comparison.ledgers.filter { $0.rate.verdict == .worse }.map { change in
        "\(change.measure.rawValue) \(Self.words(change.place)) \(change.direction.word)"
      }
      let findings = comparison.findings.filter { $0.verdict == .worse }.map { change in
        "finding \(change.kind) \(Self.words(change.place))"
      }
      let all = rates + findings
      return all.isEmpty ? nil : "worse than before: \(all.joined(separator: "; "))"
    case .finding(let severity):
      let found = report.findings.filter { $0.severity <= severity }
      return found.isEmpty ? nil : found.map(\.kind).joined(separator: ", ")
    case .above(let measure, let share):
      let places = report.segments.flatMap { segment in
        Direction.allCases.compactMap { direction -> String? in
          let proportion = measure.proportion(in: segment[direction])
          guard let found = proportion.share, found > share else { return nil }
          let near = report.points[segment.between.near].name
          let far = report.points[segment.between.far].name
          return "\(near),\(far) \(direction.word): \(proportion.hits) of \(proportion.count) packets"
        }
      }
      return places.isEmpty ? nil : places.joined(separator: "; ")
    }
  }

  private static func words(_ place: Place) -> String {
    let names = [place.near, place.far].compactMap { $0 }
    return names.isEmpty ? "the whole path" : names.joined(separator: ",")
  }
}
