import ArgumentParser

/// The exit statuses that scripts may rely on.
enum ExitStatus: Int32 {
  /// Everything was analysed.
  case analysed = 0
  /// Everything was analysed, and a condition of `--fail-on` holds.
  case conditionHolds = 1
  /// The command line asks for what cannot be.
  case wrongUsage = 2
  /// An input cannot be read, or an output cannot be written.
  case unreadable = 3

  var exitCode: ExitCode { ExitCode(rawValue) }
}
