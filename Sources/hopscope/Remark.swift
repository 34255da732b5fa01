import Captures

/// What was skipped or could not be read, for the report; data, whose words are in `ErrorSentences`.
enum Remark: Equatable {
  /// Entries of a folder or an archive that are not captures.
  case leftOut(folder: String, names: [String])
  /// Nothing to compare with.
  case onePoint
  /// The topology names points of which there is no capture.
  case withoutCapture(names: [String], topology: String)
  /// An input that could not be read.
  case unreadable(InputError)
  /// A file whose frames begin with a header that nothing here can read.
  case unknownLinkType(path: String, name: String, frames: Int)
  /// A capture of several interfaces, each of which is a point of its own but for the loopback.
  case severalInterfaces(path: String, interfaces: [BusyInterface], points: [String], loopback: BusyInterface?)
  /// A capture of several interfaces that were read as one point, as it cannot be read twice.
  case interfacesTogether(path: String, interfaces: [String])
  /// A capture of so many interfaces that they were read as one point; with the key of one of them.
  case manyInterfaces(path: String, count: Int, example: String)
  /// Packets that stand in two files of a point, and were taken once.
  case overlap(point: String, packets: Int)
  /// Frames of a file that no analysis of TCP can use.
  case notAnalysed(path: String, malformed: Int, fragments: Int)
  /// A file that could be read only in part.
  case damaged(path: String, CaptureDamage)

  /// Whether it is worth a line on the screen beside a report that says it, too; that a folder holds notes beside its
  /// captures is not.
  var isWarning: Bool {
    if case .leftOut = self { false } else { true }
  }

  /// Whether an input is missing from the analysis altogether.
  var isUnreadable: Bool {
    if case .unreadable = self { true } else { false }
  }
}
