import CMemory
import Glibc

/// The connections of one point, in the order in which they were opened.
public typealias ConnectionTable = MappedTable<PointConnection>

/// A list in mapped memory that the kernel moves when it grows, so growing neither copies it nor touches memory that is
/// not yet needed.
///
/// Rejected: `Array`, which for 100,000 connections touches 40 MB on the way to 20.
@safe
public final class MappedTable<Item: BitwiseCopyable & Sendable>: RandomAccessCollection, @unchecked Sendable {
  // Sendable though a class: appended to by one builder only, and not changed after `finish()`.
  @usableFromInline @exclusivity(unchecked) private(set) var items: UnsafeMutablePointer<Item>
  @usableFromInline @exclusivity(unchecked) private(set) var used = 0
  private var bytes: Int

  /// From so many on it is worth pages of two megabytes.
  private static var fewestBytesForHugePages: Int { 1 << 22 }
  private static var firstBytes: Int { 1 << 14 }

  /// An empty table.
  public init() {
    bytes = Self.firstBytes
    let mapped = unsafe mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    unsafe items = unsafe Self.bound(mapped, bytes)
  }

  deinit { unsafe munmap(items, bytes) }

  /// Adds an item.
  func append(_ item: Item) {
    if (count + 1) * MemoryLayout<Item>.stride > bytes { grow() }
    unsafe (items + used).initialize(to: item)
    unsafe used += 1
  }

  @inline(never)
  private func grow() {
    let moved = unsafe hopscope_resize_mapping(items, bytes, bytes * 2)
    bytes *= 2
    unsafe items = unsafe Self.bound(moved, bytes)
    if bytes >= Self.fewestBytesForHugePages { unsafe madvise(items, bytes, MADV_HUGEPAGE) }
  }

  private static func bound(
    _ mapped: UnsafeMutableRawPointer?, _ bytes: Int
  ) -> UnsafeMutablePointer<Item> {
    guard let mapped = unsafe mapped, unsafe mapped != MAP_FAILED else {
      preconditionFailure("there is no memory for \(bytes) bytes of a list")
    }
    return unsafe mapped.bindMemory(
      to: Item.self, capacity: bytes / MemoryLayout<Item>.stride)
  }

  /// The index of the first item: 0.
  @inlinable public var startIndex: Int { 0 }
  /// The number of items.
  @inlinable public var endIndex: Int { unsafe used }

  /// The item with this index.
  public subscript(index: Int) -> Item {
    @inlinable @inline(__always)
    get {
      precondition(index >= 0 && index < endIndex)
      return unsafe items[index]
    }
  }

  /// The item with this index, where it lies.
  subscript(at index: Int) -> Item {
    @inline(__always)
    unsafeAddress {
      precondition(index >= 0 && index < endIndex)
      return unsafe UnsafePointer(items + index)
    }
    @inline(__always)
    unsafeMutableAddress {
      precondition(index >= 0 && index < endIndex)
      return unsafe items + index
    }
  }
}
