import Archive
import Captures

/// Why the program ends without a result; data, whose words are in `ErrorSentences`.
enum Failure: Error, Equatable {
  case usage(UsageError)
  case input(InputError)
  case output(OutputError)
  case archive(ArchiveError)

  var status: ExitStatus {
    switch self {
    case .usage: .wrongUsage
    case .input, .output, .archive: .unreadable
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
  /// A condition of `--fail-on` that is none.
  case badCondition(String)
}

/// An input that cannot be read.
enum InputError: Equatable {
  /// A capture cannot be opened.
  case capture(path: String, CaptureError)
  /// A pipe or device, which cannot be read twice.
  case notAFile(path: String)
  /// No entry of this folder is a capture; some may be compressed ones.
  case folderWithoutCapture(path: String, entries: Int, compressed: Int)
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
