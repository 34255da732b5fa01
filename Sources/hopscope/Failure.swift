import Archive
import Captures
import Exports
import Flows

/// Why the program ends without a result; data, whose words are in `ErrorSentences`.
enum Failure: Error, Equatable {
  case usage(UsageError)
  case input(InputError)
  case output(OutputError)
  case archive(ArchiveError)
  case export(ExportError)
  /// The packets of a point find no room.
  case store(point: String, StoreFailure)

  var status: ExitStatus {
    switch self {
    case .usage: .wrongUsage
    case .input, .output, .archive, .export, .store: .unreadable
    }
  }
}

/// What the command line asks for and cannot be.
enum UsageError: Equatable {
  /// `=FILE`.
  case emptyName(argument: String)
  /// `NAME=`, or an empty argument.
  case emptyPath(argument: String)
  /// A comma separates names in `--order`.
  case commaInName(String)
  /// Two points would have the same name.
  case equalNames(name: String, path: String, other: String)
  /// One file is given twice, perhaps under two paths.
  case sameFileTwice(path: String, other: String)
  /// The order names a point that is not there.
  case orderUnknown(name: String, known: [String])
  /// The order names a point twice.
  case orderRepeats(name: String)
  /// The order leaves points out.
  case orderMisses(names: [String])
  /// The topology leaves points out, and no order is given.
  case topologyMisses(names: [String], path: String)
  /// A number that must be at least this.
  case tooSmall(option: String, minimum: Int)
  /// The filter is not in pcap-filter syntax, or not for the link type of this file.
  case badFilter(expression: String, message: String, path: String)
  /// No point of the analysis has this name.
  case unknownPoint(name: String, known: [String])
  /// Two different points are needed.
  case notTwoPoints(option: String, typed: String)
  /// No event is of this kind.
  case unknownKind(String, known: [String])
  /// `show connection` without a number.
  case numberMissing(String)
  /// `show points` with a number.
  case numberTooMuch(String)
  /// A filter that this table has no use for.
  case notForThis(option: String, what: String, fits: [String])
  /// The analysis has no connection, event or finding of this number.
  case notThere(what: String, number: Int, path: String)
  /// `diff` takes an archive or inputs, one of the two.
  case databaseOrInputs
  /// `export` needs to know where to.
  case exportNeedsTarget
  /// `export` takes a connection or a finding.
  case connectionOrFinding
  /// `export -o` is for one finding.
  case bundleNeedsFinding
  /// A condition of `--fail-on` that is none.
  case badCondition(String)
}

/// An input that cannot be read.
enum InputError: Equatable {
  /// A capture cannot be opened.
  case capture(path: String, CaptureError)
  /// The capture became shorter while it was read, or could not be read any more, with the system's error number.
  case lost(path: String, errno: Int32?)
  /// A device or terminal, of which nobody can tell when it ends.
  case notAFile(path: String)
  /// No path matches this pattern.
  case patternWithoutMatch(pattern: String)
  /// The capture has no interface of this name or number, but these.
  case interfaceNotFound(path: String, interface: String, known: [String])
  /// No entry of this folder or archive is a capture.
  case folderWithoutCapture(path: String, entries: Int)
  /// The folder cannot be listed.
  case folderUnreadable(path: String, errno: Int32)
  /// The topology file cannot be read.
  case topologyUnreadable(path: String, errno: Int32)
  /// The topology file is not what it should be, at this place.
  case topologyMalformed(path: String, place: String, problem: String)
}

/// An output that cannot be written.
enum OutputError: Equatable {
  case folder(path: String, errno: Int32)
  case file(path: String, errno: Int32)
  case standardOutput(errno: Int32)
}
