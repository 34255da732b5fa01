import CXXHash
import Glibc

/// By what a file is known again: where it is, how large, and a digest of what it holds.
public struct FileStamp: Sendable, Hashable {
  /// The absolute path, behind all symbolic links.
  public var path: String
  /// Bytes.
  public var size: Int64
  /// XXH3 (64 bits) of all bytes of a file of up to 16 MiB, as `xxhsum -H3` prints it; of a larger one, of 256 blocks of
  /// 64 KiB that lie evenly between its start and its end, the first and the last bytes included.
  ///
  /// To read a capture of 40 GB once more would take minutes. With the size, the blocks tell a file that was cut, goes
  /// on, or was written anew from the one that was read; they do not tell that single bytes between them were changed.
  public var digest: UInt64

  static let blockSize = 1 << 16
  static let blocks = 256

  /// A stamp with these facts.
  public init(path: String, size: Int64, digest: UInt64) {
    self.path = path
    self.size = size
    self.digest = digest
  }

  /// Looks at a file; reads at most 16 MiB of it.
  public init(of path: String) throws(FileError) {
    guard let resolved = unsafe realpath(path, nil) else { throw FileError(path: path) }
    self.path = unsafe String(cString: resolved)
    unsafe free(resolved)
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(path: path) }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw FileError(path: path) }
    // What cannot be read at any place is no file to come back to.
    guard status.st_mode & S_IFMT == S_IFREG else { throw FileError(path: path, number: EINVAL) }
    size = Int64(status.st_size)
    digest = try Self.digest(descriptor, size: Int(status.st_size), path: path)
  }

  /// Block by block: a buffer for all of them would cost more in fresh pages than reading does.
  private static func digest(_ descriptor: Int32, size: Int, path: String) throws(FileError) -> UInt64 {
    let length = min(size, blocks * blockSize)
    let state = unsafe XXH_INLINE_XXH3_createState()
    defer { _ = unsafe XXH_INLINE_XXH3_freeState(state) }
    guard unsafe state != nil, unsafe XXH_INLINE_XXH3_64bits_reset(state).rawValue == 0 else {
      throw FileError(path: path, number: ENOMEM)
    }
    var bytes = [UInt8](repeating: 0, count: min(length, blockSize))
    for block in 0..<(length + blockSize - 1) / blockSize {
      let offset = length == size ? block * blockSize : (size - blockSize) / (blocks - 1) * block
      let isLast = length < size && block == blocks - 1
      let count = min(blockSize, length - block * blockSize)
      let read = try read(descriptor, into: &bytes, count: count, from: isLast ? size - blockSize : offset, path: path)
      // Cut while it is read: the rest counts as zero, and the size will tell.
      for place in read..<count { bytes[place] = 0 }
      _ = unsafe bytes.withUnsafeBytes { unsafe XXH_INLINE_XXH3_64bits_update(state, $0.baseAddress, count) }
    }
    return unsafe XXH_INLINE_XXH3_64bits_digest(state)
  }

  /// How many of so many bytes could be read.
  private static func read(
    _ descriptor: Int32, into bytes: inout [UInt8], count: Int, from offset: Int, path: String
  ) throws(FileError) -> Int {
    var done = 0
    while done < count {
      let read = unsafe bytes.withUnsafeMutableBytes { buffer in
        unsafe pread(descriptor, buffer.baseAddress.map { unsafe $0 + done }, count - done, off_t(offset + done))
      }
      if read < 0 && errno == EINTR { continue }
      guard read >= 0 else { throw FileError(path: path) }
      guard read > 0 else { break }
      done += read
    }
    return done
  }
}

extension FileStamp {
  /// What has become of a file since its stamp was taken.
  public enum State: Sendable, Hashable {
    /// It is there as it was.
    case same
    /// Nothing is there.
    case missing
    /// Another file, or one that was written to, lies there: its size in bytes now.
    case changed(size: Int64)
    /// It is there, but cannot be read.
    case unreadable(FileError)
  }

  /// Looks at the file again.
  public func state() -> State {
    do throws(FileError) {
      let now = try FileStamp(of: path)
      return now.size == size && now.digest == digest ? .same : .changed(size: now.size)
    } catch {
      return error.number == ENOENT || error.number == ENOTDIR ? .missing : .unreadable(error)
    }
  }
}
