import Correlation
import Matching
import Verdicts

/// `not-captured`: packets that passed a point and are missing from its capture.
enum NotCapturedRule {
  static func find(_ file: CaseFile) -> [Finding] {
    file.matched.points.indices.compactMap { point in
      // There may be a million, so those of one point are taken at a time.
      let events = file.tally.events.filter { $0.kind == .notCaptured && $0.point == point }
      if events.isEmpty { return nil }
      return Finding(
        kind: "not-captured", severity: .note, point: point,
        title: "The capture at \(file.name(point)) lacks \(CaseFile.count(events.count, "packet"))",
        explanation: "They passed the point: a later point has them, or the receiver acknowledged them and the sender "
          + "never repeated them. They are not counted as lost.",
        confidence: CaseFile.meanConfidence(events),
        connections: file.connections(of: events), packets: events.count,
        evidence: file.evidence(events) { "\(file.describe($0)): not in the capture at \(file.name(point))" },
        confirm: "Look at the drop counter that the capturing program printed at its end; capture with a larger buffer."
      )
    }
  }
}
