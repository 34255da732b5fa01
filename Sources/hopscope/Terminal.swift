import Foundation

/// What the surroundings say about how to show things.
struct Terminal: Equatable {
  var outputIsTerminal: Bool
  var errorIsTerminal: Bool
  /// Columns that the terminal, or else `COLUMNS`, gives.
  var columns: Int?
  /// `NO_COLOR` is set and not empty (no-color.org), or the terminal is `dumb`.
  var refusesColor: Bool
  var cores: Int
  /// Bytes of memory of the machine.
  var memory: Int

  /// The surroundings of this process.
  static func current() -> Terminal {
    let environment = ProcessInfo.processInfo.environment
    return Terminal(
      outputIsTerminal: isatty(STDOUT_FILENO) == 1, errorIsTerminal: isatty(STDERR_FILENO) == 1,
      columns: columns(of: STDOUT_FILENO) ?? environment["COLUMNS"].flatMap(Int.init),
      refusesColor: environment["NO_COLOR"].map { !$0.isEmpty } ?? false || environment["TERM"] == "dumb",
      cores: ProcessInfo.processInfo.activeProcessorCount,
      memory: Int(clamping: ProcessInfo.processInfo.physicalMemory))
  }

  /// Columns of the terminal on this descriptor; `nil` if it is none, or does not say.
  static func columns(of descriptor: Int32) -> Int? {
    var size = winsize()
    guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }
}
