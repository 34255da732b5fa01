#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file that is written beside the one whose place it takes in the end.
struct ReplacedFile {
  /// Where to write.
  let partialPath: String
  /// What is replaced, behind all symbolic links.
  private let target: String

  /// Creates the empty partial file, if `path` is free or holds an analysis of a layout known here.
  init(at path: String) throws(ArchiveError) {
    let content = try FileContent(at: path)
    switch content {
    case .absent, .empty: break
    case .foreign: throw .notAnArchive(path: path)
    case .archive(let version): try AnalysisArchive.checkVersion(version, of: path)
    }
    target = content == .absent ? path : try Self.resolved(path)

    // The next program to open the new file would roll the old one's journal into it.
    for ending in ["-journal", "-wal"] where access(target + ending, F_OK) == 0 {
      throw .inUse(path: path, journal: target + ending)
    }
    partialPath = try Self.create(beside: target)
  }

  /// Puts the partial file, once it is on the disk, in the place of the target.
  func commit() throws(ArchiveError) {
    try Self.sync(partialPath)
    guard rename(partialPath, target) == 0 else {
      throw .cannotWrite(path: target, message: systemMessage())
    }
    try Self.sync(Self.folder(of: target))
  }

  /// Takes the partial file away.
  func discard() { unlink(partialPath) }

  /// Creates a new, empty file next to `target`, with the permissions of `target` if that is there.
  private static func create(beside target: String) throws(ArchiveError) -> String {
    for attempt in 0..<1000 {
      let path = "\(target).partial-\(getpid())-\(attempt)"
      let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      if descriptor < 0 {
        if errno == EEXIST { continue }
        throw .cannotOpen(path: path, message: systemMessage())
      }
      var status = stat()
      if stat(target, &status) == 0 { fchmod(descriptor, status.st_mode & 0o7777) }
      close(descriptor)
      return path
    }
    throw .cannotOpen(path: target, message: "a thousand partial files lie beside it")
  }

  private static func resolved(_ path: String) throws(ArchiveError) -> String {
    guard let resolved = realpath(path, nil) else { throw .cannotOpen(path: path, message: systemMessage()) }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private static func sync(_ path: String) throws(ArchiveError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .cannotOpen(path: path, message: systemMessage()) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else {
      if errno == ENOSPC || errno == EDQUOT { throw .diskFull(path: path) }
      throw .cannotWrite(path: path, message: systemMessage())
    }
  }
}
