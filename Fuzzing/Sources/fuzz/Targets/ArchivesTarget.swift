import Archive
import Glibc
import Reports

/// An archive of any bytes is read, or said to be none; what is read can be shown.
enum ArchivesTarget {
  /// A file in memory that has a name: SQLite opens no other.
  private static let path = "/dev/shm/hopscope-fuzz-\(getpid()).db"

  static func run(_ feed: Feed) {
    let file = fopen(path, "w")
    require(file != nil && fwrite(feed.bytes, 1, feed.bytes.count, file) == feed.bytes.count, "\(path) not written")
    fclose(file)
    defer { unlink(path) }
    do throws(ArchiveError) {
      let report = try AnalysisArchive.read(path)
      _ = try AnalysisArchive.stamps(path)
      ReportsTarget.check(report)
    } catch {
      return
    }
  }
}
