import CMemoryFile
import Glibc

/// A file without a place on any disk.
final class MemoryFile {
  private let descriptor: Int32

  init(_ bytes: [UInt8]) {
    descriptor = memfd_create("fuzz", 0)
    require(descriptor >= 0, "no memory file")
    var written = 0
    while written < bytes.count {
      let length = bytes[written...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      require(length > 0, "memory file not written")
      written += length
    }
  }

  deinit { close(descriptor) }

  var path: String { "/proc/self/fd/\(descriptor)" }
}
