import Matching
import Verdicts

/// `one-way`: a capture that holds one direction of connections of which other points hold both.
enum OneWayRule {
  static func find(_ file: CaseFile) -> [Finding] {
    file.matched.points.indices.compactMap { position in
      guard let direction = file.oneWay[position] else { return nil }
      let seen = direction == .clientToServer ? "from the clients" : "from the servers"
      return Finding(
        kind: "one-way", severity: .note, point: position, direction: direction,
        title: "The capture at \(file.name(position)) holds only packets \(seen)",
        explanation:
          "Other points hold both directions of the same connections: the way back does not pass this point, "
          + "or the capture was filtered. The missing direction is judged between the points around it.",
        confidence: 0.95, confirm: "Look at the routes of both directions, and at the capture's filter and mirror.")
    }
  }
}
