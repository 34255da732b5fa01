import Matching
import Verdicts

/// `clock-offset` and `clock-drift`: clocks that are off by more than their bound.
enum ClockRule {
  /// A drift below this is what any two computers have.
  private static let notablePPM = 10.0

  static func find(_ file: CaseFile) -> [Finding] {
    file.matched.points.indices.dropFirst().flatMap { position -> [Finding] in
      let clock = file.clocks.reports[position]
      guard let offset = clock.offsetNS, let error = clock.errorNS else { return [] }
      var found: [Finding] = []
      if abs(offset) > error {
        found.append(
          finding(
            "clock-offset", position, file,
            "The clock at \(file.name(position)) is \(Milliseconds.text(abs(offset))) \(offset < 0 ? "behind" : "ahead") "
              + "(± \(Milliseconds.text(error)))",
            "Against the clock at \(file.name(0)). The bound holds whatever the paths are; the value assumes that the "
              + "smallest delays are equal both ways."))
      }
      if let drift = clock.driftPPM, abs(drift) >= notablePPM {
        found.append(
          finding(
            "clock-drift", position, file,
            "The clock at \(file.name(position)) drifts by \(Int(drift.rounded())) ppm",
            "Against the clock at \(file.name(0)); delays are corrected for it."))
      }
      for step in clock.steps {
        found.append(
          finding(
            "clock-step", position, file,
            "The clock at \(file.name(position)) was set by \(Milliseconds.text(step.byNS))",
            "The times before and after it are bounded each for themselves."))
      }
      return found
    }
  }

  private static func finding(
    _ kind: String, _ position: Int, _ file: CaseFile, _ title: String, _ explanation: String
  ) -> Finding {
    Finding(
      kind: kind, severity: .note, point: position, title: title,
      explanation: explanation + " Verdicts on loss do not rest on it, except at the edges of a capture.",
      confidence: 0.97,
      confirm: "Ask the hosts for their time synchronisation (chronyc tracking).")
  }
}

/// Nanoseconds as milliseconds with three decimals.
enum Milliseconds {
  static func text(_ nanoseconds: Int64) -> String {
    // Ten seconds and more are said in seconds.
    if abs(nanoseconds) >= 10_000_000_000 {
      let tenths = (abs(nanoseconds) + 50_000_000) / 100_000_000
      return (nanoseconds < 0 ? "-" : "") + "\(tenths / 10).\(tenths % 10) s"
    }
    let microseconds = (abs(nanoseconds) + 500) / 1000
    let fraction = String(microseconds % 1000)
    return (nanoseconds < 0 ? "-" : "") + "\(microseconds / 1000)."
      + String(repeating: "0", count: 3 - fraction.count) + fraction + " ms"
  }
}
