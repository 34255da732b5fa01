import Verdicts

/// Turns the positions of a report into the names of its points and files.
///
/// Every position and file index of a report must be one of its own points and files; a wrong one traps.
struct PointNames {
  private let points: [PointReport]

  init(_ points: [PointReport]) {
    self.points = points
  }

  /// The name of the point at this position.
  subscript(position: Int) -> String { points[position].name }

  /// The name of the file that a frame is in, as it was given.
  func file(of frame: FrameReference) -> String { points[frame.point].files[frame.file] }

  /// Whether a frame of this point needs its file named.
  func hasSeveralFiles(_ position: Int) -> Bool { points[position].files.count > 1 }
}
