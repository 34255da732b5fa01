import Files
import Glibc

/// An archive that is written beside the one whose place it takes in the end, if there is nothing else there.
struct ReplacedFile {
  /// Where to write.
  var partialPath: String { file.path }
  private let file: PartialFile

  /// Creates the empty partial file, if `path` is free or holds an analysis of a layout known here.
  init(at path: String) throws(ArchiveError) {
    switch try FileContent(at: path) {
    case .absent, .empty: break
    case .foreign: throw .notAnArchive(path: path)
    case .archive(let version): try AnalysisArchive.checkVersion(version, of: path)
    }
    do throws(FileError) {
      file = try PartialFile(replacing: path)
    } catch {
      throw .cannotOpen(path: error.path, message: error.message)
    }
    // The next program to open the new file would roll the old one's journal into it.
    for ending in ["-journal", "-wal"] where unsafe access(file.target + ending, F_OK) == 0 {
      file.discard()
      throw .inUse(path: path, journal: file.target + ending)
    }
  }

  /// Puts the partial file, once it is on the disk, in the place of the target.
  func commit() throws(ArchiveError) {
    do throws(FileError) {
      try file.commit()
    } catch {
      if error.isDiskFull { throw .diskFull(path: error.path) }
      throw .cannotWrite(path: error.path, message: error.message)
    }
  }

  /// Takes the partial file away.
  func discard() { file.discard() }
}
