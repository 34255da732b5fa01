import Foundation

/// Shows a text in `$PAGER` where standard output is a terminal, and writes it plainly where it is not.
enum Pager {
  /// Shows the text; returns when the reader has seen enough.
  static func show(_ bytes: [UInt8], on terminal: Terminal) throws(Failure) {
    guard terminal.outputIsTerminal, let command = command(),
      Interruption.paused({ page(bytes, by: command) })
    else {
      return try StandardStreams.writeOutput(bytes)
    }
  }

  /// `PAGER`, `less` if it is not set; `nil` if it is set to nothing, or to `cat`.
  private static func command() -> String? {
    let command = ProcessInfo.processInfo.environment["PAGER"] ?? "less"
    return command.isEmpty || command == "cat" ? nil : command
  }

  /// Whether the pager could be started.
  private static func page(_ bytes: [UInt8], by command: String) -> Bool {
    let pager = Process()
    pager.executableURL = URL(filePath: "/bin/sh")
    pager.arguments = ["-c", command]
    var environment = ProcessInfo.processInfo.environment
    // Leave at once if all fits the screen, keep colours, leave the text on the screen: as git has it.
    environment["LESS"] = environment["LESS"] ?? "FRX"
    environment["LESSCHARSET"] = environment["LESSCHARSET"] ?? "utf-8"
    pager.environment = environment
    let pipe = Pipe()
    pager.standardInput = pipe
    guard (try? pager.run()) != nil else { return false }
    // A reader who leaves early is no error.
    try? pipe.fileHandleForWriting.write(contentsOf: Data(bytes))
    try? pipe.fileHandleForWriting.close()
    pager.waitUntilExit()
    // The shell did not find it.
    return pager.terminationStatus != 127
  }
}
