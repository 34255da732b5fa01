import Foundation
import Reports

/// Writing to standard output (data, nothing else) and standard error (all that is said about the work).
enum StandardStreams {
  /// Writes data.
  ///
  /// A reader that has left is no error: nobody is there to miss the rest.
  static func writeOutput(_ bytes: [UInt8]) throws(Failure) {
    let failed = unsafe bytes.withUnsafeBytes { unsafe write($0, to: STDOUT_FILENO) }
    try check(failed)
  }

  /// Writes a piece of data, as ``writeOutput(_:)`` does.
  static func writeOutput(piece bytes: UnsafeRawBufferPointer) throws(Failure) {
    try unsafe check(write(bytes, to: STDOUT_FILENO))
  }

  private static func check(_ failed: Int32?) throws(Failure) {
    if let failed, failed != EPIPE { throw .output(.standardOutput(errno: failed)) }
  }

  /// Writes to standard error; where that fails there is nobody to tell.
  static func writeError(_ text: String) {
    var text = text
    text.withUTF8 { _ = unsafe write(UnsafeRawBufferPointer($0), to: STDERR_FILENO) }
  }

  /// Says what is wrong, on a line of its own.
  static func complain(_ sentence: String) {
    writeError("hopscope: \(TerminalText.harmless(sentence))\n")
  }

  /// Says what the user should know though the work goes on.
  static func warn(_ sentence: String) {
    writeError("hopscope: warning: \(TerminalText.harmless(sentence))\n")
  }

  /// Writes all of some bytes; the error number, or `nil` if everything was written.
  static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32? {
    var rest = unsafe bytes
    while let start = rest.baseAddress, unsafe !rest.isEmpty {
      let written = unsafe Foundation.write(descriptor, start, rest.count)
      if written < 0 {
        if errno == EINTR { continue }
        return errno
      }
      unsafe rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(written))
    }
    return nil
  }
}
