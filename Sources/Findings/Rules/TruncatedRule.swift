import Flows
import Matching
import Verdicts

/// `truncated`: a snap length that cut packets.
enum TruncatedRule {
  static func find(_ file: CaseFile) -> [Finding] {
    file.matched.points.indices.compactMap { position in
      let counts = file.matched.points[position].counts
      guard counts.cut > 0 else { return nil }
      return Finding(
        kind: "truncated", severity: .note, point: position,
        title: "The snap length cut \(CaseFile.count(counts.cut, "packet")) at \(file.name(position))",
        explanation: "What was cut cannot be compared: a changed payload goes unseen there.", confidence: 1,
        packets: counts.cut, confirm: "Capture with a larger snap length (-s 0).")
    }
  }
}
