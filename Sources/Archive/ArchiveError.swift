import GRDB

/// Why an analysis could not be kept, or not be read back.
public enum ArchiveError: Error, Equatable {
  /// No file is there.
  case missing(path: String)
  /// The file holds something other than an analysis; it was left as it is.
  case notAnArchive(path: String)
  /// A later release wrote the file: its layout is `version`, the newest known here is `supported`.
  case newerVersion(path: String, version: Int, supported: Int)
  /// The file or its folder cannot be opened, for the reason that the system or SQLite gives.
  case cannotOpen(path: String, message: String)
  /// Another program is writing the file, or was stopped while it did: `journal` lies beside it.
  case inUse(path: String, journal: String)
  /// The disk, or the quota, is full.
  case diskFull(path: String)
  /// The report names a point, file or connection that it does not hold, so no archive was written.
  case inconsistent(path: String, message: String)
  /// What the file holds does not fit together.
  case damaged(path: String, message: String)
  /// Any other failure while writing, with the reason that the system or SQLite gives.
  case cannotWrite(path: String, message: String)
}

extension ArchiveError {
  /// What a failed `write` to `path` is to its caller.
  init(_ error: any Error, writing path: String) {
    switch error {
    case let error as ArchiveError:
      self = error
    case let error as DatabaseError:
      let message = error.message ?? error.resultCode.description
      switch error.resultCode {
      case .SQLITE_FULL: self = .diskFull(path: path)
      case .SQLITE_CONSTRAINT: self = .inconsistent(path: path, message: message)
      case .SQLITE_CANTOPEN: self = .cannotOpen(path: path, message: message)
      default: self = .cannotWrite(path: path, message: message)
      }
    default:
      self = .cannotWrite(path: path, message: "\(error)")
    }
  }

  /// What a failed `read` of `path` is to its caller.
  init(_ error: any Error, reading path: String) {
    switch error {
    case let error as ArchiveError:
      self = error
    case let error as UnreadableValue:
      self = .damaged(path: path, message: "table \(error.table), column \(error.column) holds an impossible value")
    case let error as DatabaseError:
      let message = error.message ?? error.resultCode.description
      switch error.resultCode {
      case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH, .SQLITE_BUSY:
        self = .cannotOpen(path: path, message: message)
      default: self = .damaged(path: path, message: message)
      }
    default:
      self = .damaged(path: path, message: "\(error)")
    }
  }
}
