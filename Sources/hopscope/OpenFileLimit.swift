import Foundation

/// How many captures may be open at a time, by what the system allows this process.
enum OpenFileLimit {
  /// Of more files than this that overlap in time, the later ones wait, so that each has its own read buffer.
  private static let most = 32
  /// Descriptors for all else: the standard streams, temporary files, the archive and its journal, the runtime's own.
  private static let reserved = 24

  /// Files of one point that may be open while so many points are read side by side; at least one.
  static func perPoint(pointsAtOnce: Int) -> Int {
    var limit = rlimit()
    guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return most }
    let allowed = Int(clamping: limit.rlim_cur) - reserved
    return min(most, max(1, allowed / max(1, pointsAtOnce)))
  }
}
