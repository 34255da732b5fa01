import Glibc

/// The transmissions of one direction of a connection, in memory that the next connection takes over.
///
/// Copies share the memory: whoever holds one sees what is changed through another. Every access checks its index.
/// Rejected: `Array`, which asks at each change whether it shares its memory, and copies everything as it grows.
@safe
struct TransmissionBuffer {
  private var memory: Memory
  private var start: UnsafeMutablePointer<Transmission>
  private(set) var count = 0

  @safe
  private final class Memory {
    var start: UnsafeMutablePointer<Transmission>
    var capacity: Int

    init(capacity: Int) {
      guard let allocated = unsafe malloc(capacity * MemoryLayout<Transmission>.stride) else { Self.fail(capacity) }
      unsafe start = allocated.bindMemory(to: Transmission.self, capacity: capacity)
      self.capacity = capacity
    }

    deinit { unsafe free(start) }

    /// Large memory is moved by the kernel, page by page, not copied.
    func grow(to wider: Int) {
      let bytes = wider * MemoryLayout<Transmission>.stride
      guard let moved = unsafe realloc(start, bytes) else { Self.fail(wider) }
      // Faults on 4 KiB pages cost more than filling them.
      if bytes >= 1 << 22 {
        let page = 1 << 12
        let first = Int(bitPattern: moved) & ~(page - 1)
        unsafe madvise(UnsafeMutableRawPointer(bitPattern: first), bytes & ~(page - 1), MADV_HUGEPAGE)
      }
      unsafe start = moved.bindMemory(to: Transmission.self, capacity: wider)
      capacity = wider
    }

    private static func fail(_ capacity: Int) -> Never {
      fatalError("out of memory: no room for \(capacity) packets of one connection")
    }
  }

  /// An empty buffer.
  init() {
    memory = Memory(capacity: 64)
    unsafe start = memory.start
  }

  /// A buffer with these transmissions.
  init(_ transmissions: some Collection<Transmission>) {
    self.init()
    reserve(transmissions.count)
    for transmission in transmissions { append(transmission) }
  }

  /// Forgets the transmissions, and makes room for so many others.
  mutating func restart(room: Int) {
    if !isKnownUniquelyReferenced(&memory) { memory = Memory(capacity: 64) }
    count = 0
    unsafe start = memory.start
    reserve(room)
  }

  private mutating func reserve(_ room: Int) {
    if memory.capacity < room { memory.grow(to: room) }
    unsafe start = memory.start
  }

  /// Only one that shares its memory with no other may move it.
  @inline(never)
  private mutating func growAlone() {
    precondition(isKnownUniquelyReferenced(&memory), "a buffer that others read does not grow")
    reserve(count * 2)
  }

  /// Adds one transmission.
  @inline(__always)
  mutating func append(_ transmission: Transmission) {
    if count == memory.capacity { growAlone() }
    unsafe (start + count).initialize(to: transmission)
    count &+= 1
  }

  /// The transmission at an index.
  subscript(index: Int) -> Transmission {
    @inline(__always)
    unsafeAddress {
      precondition(UInt(bitPattern: index) < UInt(bitPattern: count))
      return unsafe UnsafePointer(start + index)
    }
    @inline(__always)
    nonmutating unsafeMutableAddress {
      precondition(UInt(bitPattern: index) < UInt(bitPattern: count))
      return unsafe start + index
    }
  }
}
