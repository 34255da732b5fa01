#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// An open stream, at its start, with what could be learned without consuming it.
///
/// The caller closes the stream.
@unsafe struct OpenFile {
  let stream: UnsafeMutablePointer<FILE>
  /// Bytes; `nil` for a pipe and the like, which cannot be read twice.
  let size: Int64?
  /// The first bytes of a regular file, at most `FileKind.prefixLength`; empty for a pipe.
  let prefix: [UInt8]

  static func open(_ path: String) throws(CaptureError) -> OpenFile {
    guard let stream = unsafe fopen(path, "rb") else { throw CaptureError(openingFailedWith: errno) }
    do {
      return unsafe try examine(stream)
    } catch {
      unsafe _ = fclose(stream)
      throw error
    }
  }

  private static func examine(_ stream: UnsafeMutablePointer<FILE>) throws(CaptureError) -> OpenFile {
    var status = stat()
    guard unsafe fstat(fileno(stream), &status) == 0 else { throw .unreadable(errno: errno) }
    switch status.st_mode & S_IFMT {
    case S_IFDIR:
      throw .isFolder
    case S_IFREG:
      var prefix = [UInt8](repeating: 0, count: FileKind.prefixLength)
      let length = unsafe fread(&prefix, 1, prefix.count, stream)
      guard unsafe ferror(stream) == 0, unsafe fseek(stream, 0, SEEK_SET) == 0 else {
        throw .unreadable(errno: errno)
      }
      prefix.removeLast(prefix.count - length)
      return unsafe OpenFile(stream: stream, size: Int64(status.st_size), prefix: prefix)
    default:
      return unsafe OpenFile(stream: stream, size: nil, prefix: [])
    }
  }
}

extension CaptureError {
  init(openingFailedWith number: Int32) {
    switch number {
    case ENOENT, ENOTDIR: self = .notFound
    case EACCES, EPERM: self = .noPermission
    default: self = .unreadable(errno: number)
    }
  }
}
