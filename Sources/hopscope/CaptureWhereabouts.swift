import Files
import Verdicts

/// Where the captures of a kept analysis are now, and which of them are not what was analysed.
struct CaptureWhereabouts {
  /// The files that can be read, by point and file; `nil` for those that are not there as they were.
  let files: [[String?]]
  /// What is not there as it was.
  let absences: [Absence]

  /// A capture that is not there as it was.
  struct Absence: Equatable {
    var path: String
    /// `nil` where the archive does not say by what the file is known again: then it might be any file.
    var state: FileStamp.State?
  }

  /// Looks at each file where it was, then in `folder` under its name.
  init(_ reading: ArchiveReading, folder: String?) {
    var files: [[String?]] = []
    var absences: [Absence] = []
    for (point, stamps) in zip(reading.report.points, reading.stamps) {
      files.append([])
      for (path, stamp) in zip(point.files, stamps) {
        let (found, absence) = Self.find(path, stamp, folder: folder)
        files[files.count - 1].append(found)
        if let absence { absences.append(absence) }
      }
    }
    self.files = files
    self.absences = absences
  }

  private static func find(_ path: String, _ stamp: FileStamp?, folder: String?) -> (String?, Absence?) {
    guard let stamp else { return (nil, Absence(path: path, state: nil)) }
    if let folder {
      var moved = stamp
      moved.path = under(folder, stamp.path)
      if moved.state() == .same { return (moved.path, nil) }
    }
    let state = stamp.state()
    return state == .same ? (stamp.path, nil) : (nil, Absence(path: stamp.path, state: state))
  }

  private static func under(_ folder: String, _ path: String) -> String {
    folder + "/" + (path.split(separator: "/").last.map(String.init) ?? path)
  }
}
