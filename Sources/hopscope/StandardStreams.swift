import Foundation

/// Writing to standard output (data, nothing else) and standard error (all that is said about the work).
enum StandardStreams {
  /// Writes data.
  ///
  /// A reader that has left is no error: nobody is there to miss the rest.
  static func writeOutput(_ bytes: [UInt8]) throws(Failure) {
    let failed = write(bytes, to: STDOUT_FILENO)
    if let failed, failed != EPIPE { throw .output(.standardOutput(errno: failed)) }
  }

  /// Writes to standard error; where that fails there is nobody to tell.
  static func writeError(_ text: String) {
    _ = write(Array(text.utf8), to: STDERR_FILENO)
  }

  /// Says what is wrong, on a line of its own.
  static func complain(_ sentence: String) {
    writeError("hopscope: \(sentence)\n")
  }

  /// Says what the user should know though the work goes on.
  static func warn(_ sentence: String) {
    writeError("hopscope: warning: \(sentence)\n")
  }

  /// The error number, or `nil` if everything was written.
  private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32? {
    bytes.withUnsafeBytes { bytes in
      var rest = bytes
      while let start = rest.baseAddress, !rest.isEmpty {
        let written = Foundation.write(descriptor, start, rest.count)
        if written < 0 {
          if errno == EINTR { continue }
          return errno
        }
        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(written))
      }
      return nil
    }
  }
}
