import Files
import Foundation

/// The folder that reports are written into.
struct OutputFiles {
  let folder: String

  /// Makes the folder if it is not there: better to fail before a long analysis than after it.
  init(folder: String) throws(Failure) {
    self.folder = folder
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw .output(.folder(path: folder, errno: error.systemNumber))
    }
  }

  /// Writes a file as a whole or not at all: a reader never finds half a report.
  func write(_ bytes: [UInt8], to name: String) throws(Failure) {
    let path = URL(filePath: folder).appending(path: name).path
    do {
      let file = try PartialFile(replacing: path)
      do {
        try Data(bytes).write(to: URL(filePath: file.path))
        try file.commit()
      } catch {
        file.discard()
        throw error
      }
    } catch let error as FileError {
      throw .output(.file(path: path, errno: error.number))
    } catch {
      throw .output(.file(path: path, errno: error.systemNumber))
    }
  }
}

extension Error {
  /// The system's number behind an error of Foundation's files; `EIO` where it gives none.
  var systemNumber: Int32 {
    let error = self as NSError
    if let posix = (error.userInfo[NSUnderlyingErrorKey] as? any Error).map({ $0 as NSError }),
      posix.domain == NSPOSIXErrorDomain
    {
      return Int32(posix.code)
    }
    switch CocoaError.Code(rawValue: error.code) {
    case .fileNoSuchFile, .fileReadNoSuchFile: return ENOENT
    case .fileReadNoPermission, .fileWriteNoPermission: return EACCES
    case .fileWriteFileExists: return EEXIST
    case .fileWriteOutOfSpace: return ENOSPC
    default: return EIO
    }
  }
}
