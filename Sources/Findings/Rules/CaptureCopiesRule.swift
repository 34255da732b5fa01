import Correlation
import Flows
import Matching
import Verdicts

/// `capture-duplicates`: a capture that holds packets twice.
enum CaptureCopiesRule {
  static func find(_ file: CaseFile) -> [Finding] {
    file.matched.points.indices.compactMap { position in
      let counts = file.matched.points[position].counts
      let copies = counts.copies + (file.tally.captureCopies[position] ?? 0)
      guard copies > 0 else { return nil }
      return Finding(
        kind: "capture-duplicates", severity: .note, point: position,
        title: "The capture at \(file.name(position)) holds \(CaseFile.count(copies, "packet")) twice",
        explanation: "The copies are equal, follow one another closely, and the next point has the packets once: the "
          + "capture was fed twice (mirror port, several interfaces). They are counted once.",
        confidence: 0.95, packets: copies,
        confirm: "Look at what feeds the capture: a mirror session with both directions of two ports, or -i any.")
    }
  }
}
