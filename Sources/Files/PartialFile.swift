import Synchronization
import Glibc

/// A file that is written beside the one whose place it takes in the end.
///
///     let file = try PartialFile(replacing: "analysis.db")
///     … write to file.path …
///     try file.commit()
public struct PartialFile: Sendable {
  /// Where to write.
  public let path: String
  /// What is replaced, behind all symbolic links.
  public let target: String

  /// The files that are neither finished nor discarded.
  private static let unfinished = Mutex<Set<String>>([])

  /// Creates a new, empty file next to `path`, with the permissions of the file there if there is one.
  public init(replacing path: String) throws(FileError) {
    target = Self.resolved(path)
    self.path = try Self.create(beside: target)
  }

  /// Puts the partial file, once it is on the disk, in the place of the target.
  public func commit() throws(FileError) {
    try Self.sync(path)
    guard unsafe rename(path, target) == 0 else { throw FileError(path: target) }
    forget()
    try Self.sync(Self.folder(of: target))
  }

  /// Takes the partial file away.
  public func discard() {
    unsafe unlink(path)
    forget()
  }

  /// Takes away what is not finished, of all partial files of this process, then ends it by `ending`.
  ///
  /// Whoever still writes one of them will fail to commit it, and no new one is made any more. Twice, as a library that
  /// was just about to open one by its name makes it anew.
  public static func discardAll(_ ending: () -> Void = {}) {
    unfinished.withLock { paths in
      for turn in 0..<2 where !paths.isEmpty {
        if turn > 0 { usleep(50_000) }
        for path in paths {
          unsafe unlink(path)
          unsafe unlink(path + "-journal")
        }
      }
      paths = []
      ending()
    }
  }

  private func forget() { Self.unfinished.withLock { _ = $0.remove(path) } }

  private static func create(beside target: String) throws(FileError) -> String {
    for attempt in 0..<1000 {
      let path = "\(target).partial-\(getpid())-\(attempt)"
      // Known before anybody can tell the process to stop.
      let (descriptor, number) = unfinished.withLock { paths in
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        if descriptor >= 0 { paths.insert(path) }
        return (descriptor, errno)
      }
      if descriptor < 0 {
        if number == EEXIST { continue }
        throw FileError(path: path, number: number)
      }
      var status = stat()
      if unsafe stat(target, &status) == 0 { fchmod(descriptor, status.st_mode & 0o7777) }
      close(descriptor)
      return path
    }
    throw FileError(path: target, number: EEXIST)
  }

  /// The path behind all symbolic links; the path itself where nothing is there yet.
  private static func resolved(_ path: String) -> String {
    guard let resolved = unsafe realpath(path, nil) else { return path }
    defer { unsafe free(resolved) }
    return unsafe String(cString: resolved)
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private static func sync(_ path: String) throws(FileError) {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(path: path) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw FileError(path: path) }
  }
}
