import Correlation
import Flows
import Matching
import Verdicts

/// `capture-pause`: a capture that was silent for a while though packets passed its point.
enum CapturePauseRule {
  static func find(_ file: CaseFile) -> [Finding] {
    file.tally.pauses.enumerated().flatMap { position, pauses in
      pauses.map { pause in
        let lengthNS = pause.upperBound - pause.lowerBound
        let first = file.matched.points[position].coverage?.lowerBound ?? pause.lowerBound
        let after = Milliseconds.text(pause.lowerBound - first)
        return Finding(
          kind: "capture-pause", severity: .note, point: position,
          title: "The capture at \(file.name(position)) paused for \(Milliseconds.text(lengthNS))",
          explanation:
            "From \(after) after its first frame on it holds nothing, though packets passed the point: points "
            + "around it have them, or their bytes were acknowledged. What passed meanwhile is outside its coverage, "
            + "counted neither as lost nor as missed.",
          confidence: 0.97,
          confirm: "Filter that capture by frame.time_delta >= \(Double(lengthNS / 1_000_000 - 2) / 1000), and look at "
            + "what the capturing program and its disk did then.")
      }
    }
  }
}
