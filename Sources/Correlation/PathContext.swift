import Matching

/// What is known of all connections of a path before any of them is judged.
///
/// A class, as every connection is judged with it: one reference is counted then, not one for each of its parts.
final class PathContext: Sendable {
  let matched: MatchedTraffic
  let visibility: Visibility
  let model: PairModel
  /// For each position, when it was capturing; `nil` without frames.
  let coverage: [Coverage?]

  init(matched: MatchedTraffic, visibility: Visibility, model: PairModel, coverage: [Coverage?]) {
    self.matched = matched
    self.visibility = visibility
    self.model = model
    self.coverage = coverage
  }
}
