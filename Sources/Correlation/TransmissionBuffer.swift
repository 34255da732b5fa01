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
      let bytes = capacity * MemoryLayout<Transmission>.stride
      let hugePage = 1 << 21
      let allocated = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: bytes < hugePage ? 64 : hugePage)
      // Faults on 4 KiB pages cost more than filling them.
      if bytes >= hugePage { unsafe madvise(allocated, bytes & ~(hugePage - 1), MADV_HUGEPAGE) }
      unsafe start = allocated.bindMemory(to: Transmission.self, capacity: capacity)
      self.capacity = capacity
    }

    deinit { unsafe start.deallocate() }
  }

  /// An empty buffer.
  init() {
    memory = Memory(capacity: 64)
    unsafe start = memory.start
  }

  /// A buffer with these transmissions.
  init(_ transmissions: some Collection<Transmission>) {
    self.init()
    restart(room: transmissions.count)
    for transmission in transmissions { append(transmission) }
  }

  /// Forgets the transmissions, and makes room for so many others.
  mutating func restart(room: Int) {
    if memory.capacity < room || !isKnownUniquelyReferenced(&memory) {
      // A little more than is asked for, as the next connection may be a little longer.
      memory = Memory(capacity: max(64, room + room / 4))
    }
    count = 0
    unsafe start = memory.start
  }

  @inline(never)
  private mutating func grow() {
    let wider = Memory(capacity: count * 2)
    unsafe wider.start.initialize(from: start, count: count)
    memory = wider
    unsafe start = wider.start
  }

  /// Adds one transmission.
  @inline(__always)
  mutating func append(_ transmission: Transmission) {
    if count == memory.capacity { grow() }
    unsafe (start + count).initialize(to: transmission)
    count &+= 1
  }

  /// Whether there is no room for one more.
  @inline(__always)
  var isFull: Bool { count == memory.capacity }

  /// Makes room for one more, and moves what is there.
  mutating func makeRoom() { grow() }

  /// Where the next transmission goes, for which there is room.
  @inline(__always)
  var slot: UnsafeMutablePointer<Transmission> {
    precondition(count < memory.capacity)
    return unsafe start + count
  }

  /// Takes what was put into the slot.
  @inline(__always)
  mutating func takeSlot() {
    precondition(count < memory.capacity)
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
