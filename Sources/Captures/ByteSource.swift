import Glibc

/// Bytes in their order, to be read once: those of an open file, or what an unpacker makes of another source.
///
/// Not for two threads at once. Closes its file.
final class ByteSource {
  /// Why no more bytes come, although there should be some.
  enum Failure: Error {
    case system(errno: Int32)
    /// What was mapped is gone, and bytes that were handed out may be zeros: the system's error number, or `nil` where the
    /// file is shorter than it was.
    case lost(errno: Int32?)
    case unpacking(message: String)
  }

  enum Origin {
    /// A regular file, from its first byte on.
    case wholeFile(descriptor: Int32)
    /// A pipe, or whatever else can be read only once.
    case stream(descriptor: Int32)
    case unpacker(Unpacker)
  }

  /// Where the bytes come from; closed with the source.
  let origin: Origin
  /// Bytes that were looked at and not yet read.
  private var ahead: [UInt8] = []
  private var descriptorBytesRead: Int64 = 0

  init(_ origin: Origin) { self.origin = origin }

  deinit {
    if let descriptor { _ = close(descriptor) }
  }

  private var descriptor: Int32? {
    switch origin {
    case .wholeFile(let descriptor), .stream(let descriptor): descriptor
    case .unpacker: nil
    }
  }

  /// Bytes taken from the file at the bottom, compressed ones as they are.
  var fileBytesRead: Int64 {
    switch origin {
    case .wholeFile, .stream: descriptorBytesRead
    case .unpacker(let unpacker): unpacker.upstream.fileBytesRead
    }
  }

  /// The first bytes of what is left, fewer than `count` only at the end; they stay to be read.
  func peek(_ count: Int) throws(Failure) -> [UInt8] {
    while ahead.count < count {
      let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: count - ahead.count, alignment: 1)
      defer { unsafe buffer.deallocate() }
      let length = try unsafe readOrigin(into: buffer)
      if length == 0 { break }
      unsafe ahead += UnsafeRawBufferPointer(rebasing: buffer[..<length])
    }
    return Array(ahead.prefix(count))
  }

  /// Reads at least one byte into the buffer; 0 at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(Failure) -> Int {
    guard !ahead.isEmpty else { return try unsafe readOrigin(into: buffer) }
    let length = min(ahead.count, buffer.count)
    unsafe buffer.copyBytes(from: ahead.prefix(length))
    ahead.removeFirst(length)
    return length
  }

  /// Passes over up to `count` bytes of a file that can seek; says over how many.
  func skip(_ count: Int64) -> Int64 {
    guard let descriptor, ahead.isEmpty else { return 0 }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return 0 }
    let left = Int64(status.st_size) - descriptorBytesRead
    let length = min(count, left)
    guard length > 0, lseek(descriptor, off_t(length), SEEK_CUR) >= 0 else { return 0 }
    descriptorBytesRead += length
    return length
  }

  /// Goes on at a place of a file that was mapped until then.
  func readOn(from offset: Int64) {
    guard case .wholeFile(let descriptor) = origin else { return }
    ahead = []
    descriptorBytesRead = offset
    lseek(descriptor, off_t(offset), SEEK_SET)
  }

  /// Why a file that was mapped as far as `end` cannot be read as far any more; `nil` if it can.
  ///
  /// What follows the end of a file in its last page reads as zeros, and raises no signal.
  func loss(before end: Int64) -> Failure? {
    guard case .wholeFile(let descriptor) = origin else { return nil }
    var byte: UInt8 = 0
    while true {
      let length = unsafe pread(descriptor, &byte, 1, off_t(end - 1))
      if length >= 0 { return length == 0 ? .lost(errno: nil) : nil }
      if errno != EINTR { return .lost(errno: errno) }
    }
  }

  private func readOrigin(into buffer: UnsafeMutableRawBufferPointer) throws(Failure) -> Int {
    switch origin {
    case .unpacker(let unpacker): return try unsafe unpacker.read(into: buffer)
    case .wholeFile(let descriptor), .stream(let descriptor):
      while true {
        // Not from <stdio.h>: one system call for each filling of the buffer.
        let length = unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count)
        if length >= 0 {
          descriptorBytesRead += Int64(length)
          return length
        }
        guard errno == EINTR else { throw .system(errno: errno) }
      }
    }
  }
}
