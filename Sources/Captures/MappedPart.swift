import CMapping
import Glibc

/// A part of a file in the memory of the process, as long as this is held.
///
/// The file may become shorter, or its disk fail, while the part is read; what is gone reads as zeros then.
@safe struct MappedPart: ~Copyable {
  /// A part begins at a multiple of so many bytes.
  static let pageLength = Int64(getpagesize())

  let start: UnsafeRawPointer
  /// Its length in bytes.
  let length: Int
  /// Its number among the mappings of the process.
  let number: Int32

  /// The bytes of a file from `offset` on, at most `length` of them; `nil` where there are none, or the system does not
  /// map them.
  init?(of source: ByteSource, from offset: Int64, length: Int) {
    guard case .wholeFile(let descriptor) = source.origin else { return nil }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, Int64(status.st_size) > offset else { return nil }
    let length = Int(min(Int64(length), Int64(status.st_size) - offset))
    var mapped: UnsafeRawPointer?
    let number = unsafe hopscope_map(descriptor, offset, length, &mapped)
    guard number >= 0, let mapped = unsafe mapped else { return nil }
    unsafe start = mapped
    self.length = length
    self.number = number
    // The kernel reads far ahead then; asking for the next part by `posix_fadvise` costs a look at each of its pages.
    unsafe madvise(UnsafeMutableRawPointer(mutating: mapped), length, MADV_SEQUENTIAL)
  }

  deinit { hopscope_unmap(number) }
}
