import CArchive

/// What libarchive makes of a source: the content of a compressed file, or of one member of an archive after another.
///
/// Not for two threads at once.
@safe final class Unpacker {
  /// What is in the source.
  enum Content {
    /// One compressed file: gzip, bzip2, xz, Zstandard or LZ4.
    case compressed
    /// An archive of files: tar or ZIP.
    case members
  }

  let upstream: ByteSource
  private let archive: OpaquePointer
  private let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
  /// Why the source failed while libarchive read it.
  private var upstreamFailure: ByteSource.Failure?

  /// Starts to read the source.
  init(_ upstream: ByteSource, _ content: Content) throws(ByteSource.Failure) {
    self.upstream = upstream
    guard let archive = unsafe archive_read_new() else { throw .unpacking(message: "no memory") }
    unsafe self.archive = archive
    switch content {
    case .compressed:
      // Not `archive_read_support_filter_all`, some of whose filters run other programs.
      unsafe archive_read_support_filter_gzip(archive)
      unsafe archive_read_support_filter_bzip2(archive)
      unsafe archive_read_support_filter_xz(archive)
      unsafe archive_read_support_filter_zstd(archive)
      unsafe archive_read_support_filter_lz4(archive)
      unsafe archive_read_support_format_raw(archive)
      unsafe archive_read_support_format_empty(archive)
    case .members:
      unsafe archive_read_support_format_tar(archive)
      unsafe archive_read_support_format_zip_streamable(archive)
    }
    unsafe archive_read_set_read_callback(archive) { _, client, buffer in unsafe Unpacker.of(client).fillBlock(buffer) }
    unsafe archive_read_set_skip_callback(archive) { _, client, count in
      unsafe Unpacker.of(client).upstream.skip(count)
    }
    unsafe archive_read_set_callback_data(archive, Unmanaged.passUnretained(self).toOpaque())
    guard unsafe archive_read_open1(archive) == ARCHIVE_OK else { throw failure() }
    guard content == .compressed else { return }
    guard unsafe archive_filter_code(archive, 0) != ARCHIVE_FILTER_NONE else {
      throw .unpacking(message: "it ends within its header")
    }
    _ = try nextMember()
  }

  deinit {
    unsafe archive_read_free(archive)
    unsafe block.deallocate()
  }

  /// Goes to the next member that is a file and gives its name; `nil` at the end.
  func nextMember() throws(ByteSource.Failure) -> String? {
    while true {
      var entry: OpaquePointer?
      switch unsafe archive_read_next_header(archive, &entry) {
      case ARCHIVE_OK, ARCHIVE_WARN: break
      case ARCHIVE_EOF: return nil
      default: throw failure()
      }
      guard let entry = unsafe entry else { return nil }
      // Of AE_IFMT, which C casts in a way that Swift does not import: a regular file.
      let regular: mode_t = 0o100000
      let isFile = unsafe archive_entry_filetype(entry) == regular && archive_entry_hardlink(entry) == nil
      if isFile { return unsafe archive_entry_pathname(entry).map { unsafe String(cString: $0) } ?? "" }
    }
  }

  /// Reads at least one byte of the member at hand; 0 at its end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(ByteSource.Failure) -> Int {
    let length = unsafe archive_read_data(archive, buffer.baseAddress, buffer.count)
    guard length >= 0 else { throw failure() }
    return length
  }

  private func failure() -> ByteSource.Failure {
    if let upstreamFailure { return upstreamFailure }
    return .unpacking(
      message: unsafe archive_error_string(archive).map { unsafe String(cString: $0) } ?? "no reason given")
  }

  private func fillBlock(_ buffer: UnsafeMutablePointer<UnsafeRawPointer?>?) -> Int {
    do throws(ByteSource.Failure) {
      let length = try unsafe upstream.read(into: block)
      unsafe buffer?.pointee = UnsafeRawPointer(block.baseAddress)
      return length
    } catch {
      upstreamFailure = error
      return Int(ARCHIVE_FATAL)
    }
  }

  private static func of(_ client: UnsafeMutableRawPointer?) -> Unpacker {
    guard let client = unsafe client else {
      preconditionFailure("libarchive hands back the pointer that archive_read_set_callback_data gave it")
    }
    return unsafe Unmanaged<Unpacker>.fromOpaque(client).takeUnretainedValue()
  }
}
