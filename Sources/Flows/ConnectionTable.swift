import CMemory
import Glibc

/// The connections of one point, in the order in which they were opened.
///
/// They lie in mapped memory that the kernel moves when it grows, so growing neither copies them nor touches memory that
/// is not yet needed. Rejected: `Array`, which for 100,000 connections touches 40 MB on the way to 20.
@safe
public final class ConnectionTable: RandomAccessCollection, @unchecked Sendable {
  // Sendable though a class: appended to by one builder only, and not changed after `finish()`.
  @usableFromInline @exclusivity(unchecked) private(set) var connections: UnsafeMutablePointer<PointConnection>
  @usableFromInline @exclusivity(unchecked) private(set) var opened = 0
  private var bytes: Int

  /// From so many on it is worth pages of two megabytes.
  private static let fewestBytesForHugePages = 1 << 22
  private static let firstBytes = 1 << 14

  /// An empty table.
  public init() {
    bytes = Self.firstBytes
    let mapped = unsafe mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    unsafe connections = unsafe Self.bound(mapped, bytes)
  }

  deinit { unsafe munmap(connections, bytes) }

  /// Adds a connection.
  func append(_ connection: PointConnection) {
    if (count + 1) * MemoryLayout<PointConnection>.stride > bytes { grow() }
    unsafe (connections + opened).initialize(to: connection)
    unsafe opened += 1
  }

  @inline(never)
  private func grow() {
    let moved = unsafe hopscope_resize_mapping(connections, bytes, bytes * 2)
    bytes *= 2
    unsafe connections = unsafe Self.bound(moved, bytes)
    if bytes >= Self.fewestBytesForHugePages { unsafe madvise(connections, bytes, MADV_HUGEPAGE) }
  }

  private static func bound(
    _ mapped: UnsafeMutableRawPointer?, _ bytes: Int
  ) -> UnsafeMutablePointer<PointConnection> {
    guard let mapped = unsafe mapped, unsafe mapped != MAP_FAILED else {
      preconditionFailure("there is no memory for \(bytes) bytes of connections")
    }
    return unsafe mapped.bindMemory(
      to: PointConnection.self, capacity: bytes / MemoryLayout<PointConnection>.stride)
  }

  /// The index of the first connection: 0.
  @inlinable public var startIndex: Int { 0 }
  /// The number of connections.
  @inlinable public var endIndex: Int { unsafe opened }

  /// The connection with this index.
  public subscript(index: Int) -> PointConnection {
    @inlinable @inline(__always)
    get {
      precondition(index >= 0 && index < endIndex)
      return unsafe connections[index]
    }
  }

  /// The connection with this index, where it lies.
  subscript(at index: Int) -> PointConnection {
    @inline(__always)
    unsafeAddress {
      precondition(index >= 0 && index < endIndex)
      return unsafe UnsafePointer(connections + index)
    }
    @inline(__always)
    unsafeMutableAddress {
      precondition(index >= 0 && index < endIndex)
      return unsafe connections + index
    }
  }
}
