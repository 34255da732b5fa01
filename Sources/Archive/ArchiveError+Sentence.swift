extension ArchiveError: CustomStringConvertible {
  /// One sentence for the user: what, where, and what to do.
  public var description: String {
    switch self {
    case .missing(let path):
      "\(path): no such file; `hopscope analyze --db \(path)` writes one."
    case .notAnArchive(let path):
      "\(path) is not an analysis of hopscope and was left untouched; give another file name."
    case .newerVersion(let path, let version, let supported):
      "\(path) was written by a later release (layout \(version), known here: \(supported)); use that release."
    case .cannotOpen(let path, let message):
      "\(path) cannot be opened: \(message)."
    case .inUse(let path, let journal):
      "\(path) is being written by another program, or one was stopped while it wrote (\(journal) is there); "
        + "close that program, or run `sqlite3 \(path) 'SELECT count(*) FROM analysis'`, and try again."
    case .diskFull(let path):
      "\(path) was not written: the disk is full; the previous file, if there was one, is as it was."
    case .inconsistent(let path, let message):
      "\(path) was not written: the analysis refers to something that it does not hold (\(message)); "
        + "please report this as a bug."
    case .damaged(let path, let message):
      "\(path) is damaged: \(message); analyse the captures again."
    case .cannotWrite(let path, let message):
      "\(path) was not written: \(message); the previous file, if there was one, is as it was."
    }
  }
}
