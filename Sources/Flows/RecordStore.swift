import Glibc
import Synchronization

/// The memory that the packed records of one point lie in, in lines of 64 bytes: blocks are given out as connections need them.
///
///     chunk 0          chunk 1               chunk n
///     [65,536 lines]   [65,536 lines]   …   [part]
///     └── anonymous memory, up to the budget ──┘└── an unlinked temporary file, mapped
///
/// Chunks never move, so growing copies nothing. What goes over the budget lives in a file that the kernel may
/// write out under pressure; it has no name, so it is gone with the process however that ends.
/// Rejected: one `Array`, whose doubling touches every page twice and holds one and a half times the records; records in
/// the order of capture, of which reading a connection touches a page for each.
@safe
public final class RecordStore: @unchecked Sendable {
  // Sendable though a class: appended to by one builder only, and not changed after `finish()`.
  /// Bytes of a line.
  static let lineBytes = 64
  private static let chunkShift = 16
  private static let chunkLines = 1 << chunkShift
  /// Chunks whose lines have numbers of 32 bits.
  static let mostChunks = 1 << (32 - chunkShift)
  static let chunkBytes = chunkLines * lineBytes

  /// Where the chunks are; a table that never moves, so that finding a line checks nothing but its number.
  private let chunks: UnsafeMutablePointer<UnsafeMutableRawPointer>
  private var chunkCount = 0
  /// Lines that lie in chunks.
  private var room = 0
  /// The next block of fewer than a page, and the end of the page that such blocks are taken from.
  private var (small, smallEnd) = (0, 0)
  /// The next block of a page, and the end of the stretch that such blocks are taken from.
  private var (page, pageEnd) = (0, 0)
  /// The next stretch, as long as the longest block, that no block lies in.
  private var nextStretch = 0
  /// Bytes of records that are kept in memory before chunks go to a file.
  private let memoryBudget: Int
  private let mostChunks: Int
  private var spillFile: Int32 = -1
  private var spilledChunks = 0
  /// Lines of blocks that were read since what lies in the file was last released.
  private let readSinceRelease = Atomic(0)
  /// Why records had to be left out, which makes all that is built on the others worthless; `nil` where none was.
  public private(set) var failure: StoreFailure?

  /// An empty store that keeps up to `memoryBudget` bytes of records in memory.
  public convenience init(memoryBudget: Int = .max) {
    self.init(memoryBudget: memoryBudget, mostChunks: Self.mostChunks)
  }

  /// - Parameter mostChunks: the chunks that it holds at most, from 1 to ``mostChunks``.
  init(memoryBudget: Int, mostChunks: Int) {
    self.memoryBudget = memoryBudget
    self.mostChunks = mostChunks
    unsafe chunks = .allocate(capacity: mostChunks)
  }

  deinit {
    for index in 0..<chunkCount { unsafe munmap(chunks[index], Self.chunkBytes) }
    unsafe chunks.deallocate()
    if spillFile >= 0 { close(spillFile) }
  }

  /// Takes room for a block of so many lines and returns the number of its first one.
  ///
  /// - Parameter lines: at most ``BlockShape/longest``, a power of two; the bytes may be anything.
  @inline(never)
  func open(lines: Int) -> UInt32 {
    if lines == BlockShape.longest { return UInt32(truncatingIfNeeded: openStretch()) }
    if lines == BlockShape.page { return UInt32(truncatingIfNeeded: openPage()) }
    if small + lines > smallEnd {
      small = openPage()
      smallEnd = small + BlockShape.page
    }
    defer { small += lines }
    return UInt32(truncatingIfNeeded: small)
  }

  private func openPage() -> Int {
    if page == pageEnd {
      page = openStretch()
      pageEnd = page + BlockShape.longest
    }
    defer { page += BlockShape.page }
    return page
  }

  private func openStretch() -> Int {
    if nextStretch == room, failure == nil { addChunk() }
    // Without room, the first stretch takes what is lost anyway.
    if nextStretch == room { return 0 }
    defer { nextStretch += BlockShape.longest }
    return nextStretch
  }

  /// Where a line begins; what is reached from there must be in its block, and used while the store is held.
  @inline(__always)
  func address(ofLine line: UInt32) -> UnsafeMutableRawPointer {
    precondition(Int(line) < room)
    return unsafe chunks[Int(line) >> Self.chunkShift] + (Int(line) & (Self.chunkLines - 1)) * Self.lineBytes
  }

  /// An address that nothing is read from.
  var nowhere: UnsafeMutableRawPointer { unsafe UnsafeMutableRawPointer(chunks) }

  /// Takes note that there are more frames than have numbers.
  func refuseMoreFrames() {
    if failure == nil { failure = .tooManyPackets(most: 1 << UInt32.bitWidth) }
  }

  /// Marks a record as a copy made by the capture.
  ///
  /// - Parameter place: where the record begins.
  func markCopy(at place: UnsafeMutableRawPointer) {
    let control = unsafe place.load(as: UInt8.self)
    unsafe place.storeBytes(of: control | PackedRecord.copyBit, as: UInt8.self)
  }

  /// Takes note that a block of so many lines is about to be read, so that not all of what lies in the file stays in memory.
  @inline(__always)
  func willRead(lines: Int) {
    if spilledChunks > 0 { noteReading(lines) }
  }

  @inline(never)
  private func noteReading(_ lines: Int) {
    if readSinceRelease.add(lines, ordering: .relaxed).newValue < Self.mostReadBetweenReleases { return }
    readSinceRelease.store(0, ordering: .relaxed)
    releaseSpilled()
  }

  /// Takes what lies in the file out of the process's memory; it comes back, page by page, when it is read again.
  ///
  /// Safe while others read.
  private func releaseSpilled() {
    for index in (chunkCount - spilledChunks)..<chunkCount {
      unsafe madvise(chunks[index], Self.chunkBytes, MADV_DONTNEED)
    }
  }

  /// A MiB of packed records, in lines; around the shorter blocks of each connection the kernel maps 64 KiB.
  private static let mostReadBetweenReleases = 1 << 14
  /// Chunks that are filled in the file before all of it is released.
  private static let chunksBetweenReleases = 2

  /// Makes room for the next chunk; where that fails, what is written from now on has no room and is lost.
  @inline(never)
  private func addChunk() {
    let inMemory = (chunkCount - spilledChunks) * Self.chunkBytes
    do throws(StoreFailure) {
      if chunkCount == mostChunks { throw .tooManyPackets(most: mostChunks * Self.chunkLines) }
      try unsafe add(inMemory < memoryBudget ? mapMemory() : mapSpilledChunk())
    } catch {
      failure = error
      if chunkCount == 0 { addScratch() }
    }
  }

  private func add(_ mapped: UnsafeMutableRawPointer) {
    unsafe (chunks + chunkCount).initialize(to: unsafe mapped)
    chunkCount += 1
    room += Self.chunkLines
  }

  /// Makes a chunk that takes what is lost, so that reading and writing need not ask.
  private func addScratch() {
    do throws(StoreFailure) {
      try unsafe add(mapMemory())
    } catch {
      preconditionFailure("there are not even \(Self.chunkBytes) bytes of memory")
    }
  }

  private func mapMemory() throws(StoreFailure) -> UnsafeMutableRawPointer {
    let mapped = unsafe mmap(nil, Self.chunkBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let mapped = unsafe mapped, unsafe mapped != MAP_FAILED else { throw .memory(errno: errno) }
    // Faults on 4 KiB pages cost more than filling them; a small capture is not worth two megabytes.
    if chunkCount > 0 { unsafe madvise(mapped, Self.chunkBytes, MADV_HUGEPAGE) }
    return unsafe mapped
  }

  private func mapSpilledChunk() throws(StoreFailure) -> UnsafeMutableRawPointer {
    if spillFile < 0 { spillFile = Self.openUnnamedFile() }
    guard spillFile >= 0 else { throw .temporaryFile(folder: Self.temporaryFolder, errno: errno) }
    let offset = spilledChunks * Self.chunkBytes
    // Not `ftruncate`: where the file system is full, a page of a file with holes would end the process.
    let refusal = posix_fallocate(spillFile, off_t(offset), off_t(Self.chunkBytes))
    guard refusal == 0 else { throw .temporaryFile(folder: Self.temporaryFolder, errno: refusal) }
    if spilledChunks % Self.chunksBetweenReleases == 0 { releaseSpilled() }
    let mapped = unsafe mmap(nil, Self.chunkBytes, PROT_READ | PROT_WRITE, MAP_SHARED, spillFile, off_t(offset))
    guard let mapped = unsafe mapped, unsafe mapped != MAP_FAILED else { throw .memory(errno: errno) }
    // Else the kernel brings in two megabytes for each page that is read.
    unsafe madvise(mapped, Self.chunkBytes, MADV_RANDOM)
    spilledChunks += 1
    return unsafe mapped
  }

  private static var temporaryFolder: String {
    unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
  }

  private static func openUnnamedFile() -> Int32 {
    var template = Array("\(temporaryFolder)/hopscope-XXXXXX".utf8CString)
    return unsafe template.withUnsafeMutableBufferPointer { buffer -> Int32 in
      guard let path = buffer.baseAddress else { return -1 }
      let descriptor = unsafe mkstemp(path)
      if descriptor >= 0 { unsafe unlink(path) }
      return descriptor
    }
  }
}

/// Why a ``RecordStore`` has no room for more records.
public enum StoreFailure: Error, Sendable, Hashable {
  /// The system refuses memory, with its error number.
  case memory(errno: Int32)
  /// No file can be made, or made larger, in the folder for temporary files, with the system's error number.
  case temporaryFile(folder: String, errno: Int32)
  /// More packets than have lines, or frame numbers, which are so many; or fewer with many short connections.
  case tooManyPackets(most: Int)
}
