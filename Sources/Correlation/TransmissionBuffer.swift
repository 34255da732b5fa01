import Glibc

/// The transmissions of one direction of a connection, in memory that the next connection takes over.
///
/// Copies share the memory: whoever holds one sees what is changed through another. Every access checks its index.
/// Rejected: `Array`, which asks at each change whether it shares its memory, and copies everything as it grows.
@safe
struct TransmissionBuffer {
  private var memory: Memory
  private var start: UnsafeMutablePointer<Transmission>
  /// All indices are below it.
  private(set) var count = 0
  /// Where the next one is appended.
  private(set) var end = 0

  @safe
  private final class Memory {
    let start: UnsafeMutablePointer<Transmission>
    let capacity: Int
    /// What lends the memory, where not all of it is there at a time.
    let sliding: SlidingMemory?

    init(capacity: Int) {
      let bytes = capacity * MemoryLayout<Transmission>.stride
      let hugePage = 1 << 21
      let allocated = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: bytes < hugePage ? 64 : hugePage)
      // Faults on 4 KiB pages cost more than filling them.
      if bytes >= hugePage { unsafe madvise(allocated, bytes & ~(hugePage - 1), MADV_HUGEPAGE) }
      unsafe start = allocated.bindMemory(to: Transmission.self, capacity: capacity)
      self.capacity = capacity
      sliding = nil
    }

    init(_ sliding: SlidingMemory, capacity: Int) {
      unsafe start = sliding.start.bindMemory(to: Transmission.self, capacity: capacity)
      self.capacity = capacity
      self.sliding = sliding
    }

    deinit { if sliding == nil { unsafe start.deallocate() } }
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
    if memory.capacity < room || memory.sliding != nil || !isKnownUniquelyReferenced(&memory) {
      // A little more than is asked for, as the next connection may be a little longer.
      memory = Memory(capacity: max(64, room + room / 4))
    }
    (count, end) = (0, 0)
    unsafe start = memory.start
  }

  /// Forgets the transmissions, and numbers so many others, of which only those are in memory that ``keep(_:)`` was told.
  ///
  /// - Returns: `false` where the system gives no such memory, and everything stays as it is.
  mutating func restartSliding(room: Int) -> Bool {
    let room = max(1, room)
    guard let sliding = SlidingMemory(bytes: room * MemoryLayout<Transmission>.stride) else { return false }
    memory = Memory(sliding, capacity: room)
    (count, end) = (room, 0)
    unsafe start = memory.start
    return true
  }

  /// Puts memory behind these indices, and takes it from all others; what was there before stays where it was.
  mutating func keep(_ ranges: [Range<Int>]) {
    let stride = MemoryLayout<Transmission>.stride
    memory.sliding?.keep(ranges.map { $0.lowerBound * stride..<$0.upperBound * stride })
  }

  /// Lets the next one be appended at an index, of those that are in memory.
  mutating func goOn(at index: Int) {
    precondition(index >= 0 && index <= count)
    end = index
  }

  @inline(never)
  private mutating func grow() {
    precondition(memory.sliding == nil, "a point has more packets than were counted there")
    let wider = Memory(capacity: end * 2)
    unsafe wider.start.initialize(from: start, count: count)
    memory = wider
    unsafe start = wider.start
  }

  /// Adds one transmission.
  @inline(__always)
  mutating func append(_ transmission: Transmission) {
    if isFull { grow() }
    unsafe slot.initialize(to: transmission)
    takeSlot()
  }

  /// Whether there is no room for one more.
  @inline(__always)
  var isFull: Bool { end == memory.capacity }

  /// Makes room for one more, and moves what is there.
  mutating func makeRoom() { grow() }

  /// Where the next transmission goes, for which there is room.
  @inline(__always)
  var slot: UnsafeMutablePointer<Transmission> {
    precondition(end < memory.capacity)
    return unsafe start + end
  }

  /// Takes what was put into the slot.
  @inline(__always)
  mutating func takeSlot() {
    precondition(end < memory.capacity)
    end &+= 1
    if end > count { count = end }
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
