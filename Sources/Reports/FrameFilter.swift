import Verdicts

/// Wireshark's display filters for the frames that show a finding, one for each file.
struct FrameFilter {
  /// Path of the file as it was given.
  let file: String
  /// The filter, such as `frame.number in {46, 50}`.
  let filter: String

  /// The filters of a finding, files in the order of its evidence.
  static func all(of finding: Finding, _ names: PointNames) -> [FrameFilter] {
    var files: [(path: String, frames: [Int])] = []
    for evidence in finding.evidence {
      let path = names.file(of: evidence.frame)
      if let place = files.firstIndex(where: { $0.path == path }) {
        if !files[place].frames.contains(evidence.frame.frame) { files[place].frames.append(evidence.frame.frame) }
      } else {
        files.append((path, [evidence.frame.frame]))
      }
    }
    return files.map { path, frames in
      let numbers = frames.sorted()
      let filter =
        numbers.count == 1
        ? "frame.number == \(numbers[0])" : "frame.number in {\(numbers.map(String.init).joined(separator: ", "))}"
      return FrameFilter(file: path, filter: filter)
    }
  }
}
