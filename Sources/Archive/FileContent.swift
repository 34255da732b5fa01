import Glibc

/// What lies at a path, judged by the header of the file.
///
/// SQLite is not asked: to open a database may change it, where a journal waits to be rolled back.
enum FileContent: Equatable {
  /// Nothing.
  case absent
  /// A file without a byte.
  case empty
  /// A file that is no SQLite database, or somebody else's.
  case foreign
  /// An analysis, in this layout.
  case archive(version: Int32)

  /// Looks at the file, through symbolic links.
  init(at path: String) throws(ArchiveError) {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else {
      if errno == ENOENT {
        self = .absent
        return
      }
      throw .cannotOpen(path: path, message: systemMessage())
    }
    // A device or a pipe would block, or swallow what is written to it.
    guard status.st_mode & S_IFMT == S_IFREG else {
      self = .foreign
      return
    }
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .cannotOpen(path: path, message: systemMessage()) }
    defer { close(descriptor) }
    var header = [UInt8](repeating: 0, count: 100)
    let count = unsafe pread(descriptor, &header, header.count, 0)
    guard count >= 0 else { throw .cannotOpen(path: path, message: systemMessage()) }
    self = count == 0 ? .empty : FileContent(header: header.prefix(count))
  }

  /// Judges the first bytes of a file; the offsets are those of https://sqlite.org/fileformat.html section 1.3.
  init(header: ArraySlice<UInt8>) {
    func number(at offset: Int) -> Int32 {
      Int32(bitPattern: header[offset..<offset + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) })
    }
    let isOurs =
      header.count == 100 && header.starts(with: Array("SQLite format 3\0".utf8))
      && number(at: 68) == AnalysisArchive.applicationID
    self = isOurs ? .archive(version: number(at: 60)) : .foreign
  }
}

/// The system's words for the last failed call.
func systemMessage() -> String { unsafe String(cString: strerror(errno)) }
