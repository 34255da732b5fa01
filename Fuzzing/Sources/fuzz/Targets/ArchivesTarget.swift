import Archive
import Reports

/// An archive of any bytes is read, or said to be none; what is read can be shown.
enum ArchivesTarget {
  static func run(_ feed: Feed) {
    let file = MemoryFile(feed.bytes)
    do throws(ArchiveError) {
      let report = try AnalysisArchive.read(file.path)
      _ = try AnalysisArchive.stamps(file.path)
      ReportsTarget.check(report)
    } catch {
      return
    }
  }
}
