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
    try unsafe write(to: name) { (sink) throws(Failure) in
      // The closure of withUnsafeBytes would lose the type of the error.
      let failure: Failure? = unsafe bytes.withUnsafeBytes { bytes in
        do throws(Failure) {
          try unsafe sink(bytes)
          return nil
        } catch {
          return error
        }
      }
      if let failure { throw failure }
    }
  }

  /// Writes a file as a whole or not at all, piece by piece; `body` hands the pieces over.
  func write(
    to name: String, _ body: ((UnsafeRawBufferPointer) throws(Failure) -> Void) throws(Failure) -> Void
  ) throws(Failure) {
    let path = URL(filePath: folder).appending(path: name).path
    let file: PartialFile
    do {
      file = try PartialFile(replacing: path)
    } catch {
      throw .output(.file(path: path, errno: error.number))
    }
    do throws(Failure) {
      let descriptor = unsafe open(file.path, O_WRONLY | O_CLOEXEC)
      guard descriptor >= 0 else { throw .output(.file(path: path, errno: errno)) }
      defer { close(descriptor) }
      try unsafe body { (bytes) throws(Failure) in
        if let failed = unsafe StandardStreams.write(bytes, to: descriptor) {
          throw .output(.file(path: path, errno: failed))
        }
      }
    } catch {
      file.discard()
      throw error
    }
    do {
      try file.commit()
    } catch {
      file.discard()
      throw .output(.file(path: path, errno: error.number))
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
