public import CMemory
public import Packets
import Synchronization
import Glibc

/// The records of one point, each connection's in blocks of its own, written once and then read at random.
///
///     chunk 0            chunk 1                 chunk n
///     [65,536 records]   [65,536 records]   …   [part]
///     └── anonymous memory, up to the budget ──┘└── an unlinked temporary file, mapped
///
/// Chunks never move, so growing copies nothing. What goes over the budget lives in a file that the kernel may
/// write out under pressure; it has no name, so it is gone with the process however that ends.
/// Rejected: one `Array`, whose doubling touches every page twice and holds one and a half times the records; records in
/// the order of capture, of which reading a connection touches a page for each.
@safe
public final class RecordStore: @unchecked Sendable {
  // Sendable though a class: appended to by one builder only, and not changed after `finish()`.
  @usableFromInline static var chunkShift: Int { 16 }
  @usableFromInline static var chunkRecords: Int { 1 << chunkShift }
  /// Chunks whose records have ordinals of 32 bits.
  static let mostChunks = 1 << (32 - chunkShift)
  static let chunkBytes = chunkRecords * MemoryLayout<PacketRecord>.stride

  /// Where the chunks are; a table that never moves, so that reading a record checks nothing but its ordinal.
  @usableFromInline let chunks: UnsafeMutablePointer<UnsafeMutablePointer<PacketRecord>>
  private var chunkCount = 0
  /// Ordinals that lie in chunks.
  @usableFromInline @exclusivity(unchecked) private(set) var room = 0
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
  /// Records that were read since what lies in the file was last released.
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

  /// Takes room for a block of `length` records and returns the ordinal of its first.
  ///
  /// - Parameter length: at most ``BlockShape/longest``, a power of two; the records are zero.
  @inline(never)
  func open(length: Int) -> Int {
    if length == BlockShape.longest { return openStretch() }
    if length == BlockShape.page { return openPage() }
    if small + length > smallEnd {
      small = openPage()
      smallEnd = small + BlockShape.page
    }
    defer { small += length }
    return small
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
    if unsafe nextStretch == room, failure == nil { addChunk() }
    // Without room, the first stretch takes what is lost anyway.
    if unsafe nextStretch == room { return 0 }
    defer { nextStretch += BlockShape.longest }
    return nextStretch
  }

  /// Puts a record into the room of a block.
  @inline(__always)
  func write(_ record: PacketRecord, at ordinal: Int) {
    // As words, so that a record which was just put together need not lie in memory first.
    let words = unsafe unsafeBitCast(record, to: Words.self)
    let place = unsafe chunks[ordinal >> Self.chunkShift] + (ordinal & (Self.chunkRecords - 1))
    unsafe hopscope_store_line(place, words.0, words.1, words.2, words.3, words.4, words.5, words.6, words.7)
  }

  private typealias Words = (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64)

  /// The record with this ordinal, which lies in a block.
  public subscript(ordinal: Int) -> PacketRecord {
    @inlinable @inline(__always)
    get {
      precondition(unsafe ordinal >= 0 && ordinal < room)
      return unsafe chunks[ordinal >> Self.chunkShift][ordinal & (Self.chunkRecords - 1)]
    }
  }

  /// Where the record with this ordinal lies; to be used while the store is held.
  @inlinable @inline(__always)
  public func reference(_ ordinal: Int) -> RecordReference {
    precondition(unsafe ordinal >= 0 && ordinal < room)
    return unsafe RecordReference(chunks[ordinal >> Self.chunkShift] + (ordinal & (Self.chunkRecords - 1)))
  }

  /// Puts a record in the place of the one with this ordinal.
  func replace(_ ordinal: Int, by record: PacketRecord) {
    precondition(unsafe ordinal >= 0 && ordinal < room)
    unsafe chunks[ordinal >> Self.chunkShift][ordinal & (Self.chunkRecords - 1)] = record
  }

  /// Adds a mark to the record with this ordinal.
  func mark(_ ordinal: Int, _ mark: PacketRecord.Marks) {
    precondition(unsafe ordinal >= 0 && ordinal < room)
    unsafe chunks[ordinal >> Self.chunkShift][ordinal & (Self.chunkRecords - 1)].marks.insert(mark)
  }

  /// Takes note that so many records are about to be read, so that not all of what lies in the file stays in memory.
  func willRead(_ records: Int) {
    if spilledChunks == 0 { return }
    if readSinceRelease.add(records, ordering: .relaxed).newValue < Self.mostReadBetweenReleases { return }
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

  /// Four MiB of records; the kernel maps up to 16 times as much around them.
  private static let mostReadBetweenReleases = 1 << 16
  /// Chunks that are filled in the file before all of it is released.
  private static let chunksBetweenReleases = 2

  /// Makes room for the next chunk; where that fails, what is written from now on has no room and is lost.
  @inline(never)
  private func addChunk() {
    let inMemory = (chunkCount - spilledChunks) * Self.chunkBytes
    do throws(StoreFailure) {
      if chunkCount == mostChunks { throw .tooManyPackets(most: mostChunks * Self.chunkRecords) }
      try unsafe add(inMemory < memoryBudget ? mapMemory() : mapSpilledChunk())
    } catch {
      failure = error
      if chunkCount == 0 { addScratch() }
    }
  }

  private func add(_ mapped: UnsafeMutableRawPointer) {
    let chunk = unsafe mapped.bindMemory(to: PacketRecord.self, capacity: Self.chunkRecords)
    unsafe (chunks + chunkCount).initialize(to: chunk)
    chunkCount += 1
    unsafe room += Self.chunkRecords
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

/// A record where it lies in its ``RecordStore``, which whoever has this must hold.
@safe
public struct RecordReference: BitwiseCopyable, @unchecked Sendable {
  // Sendable though a pointer: what it points to is not changed after `finish()`.
  @usableFromInline let address: UnsafePointer<PacketRecord>

  /// A reference to a record that stays where it is.
  @usableFromInline
  init(_ address: UnsafePointer<PacketRecord>) { unsafe self.address = unsafe address }

  /// Asks for the record, which is read soon.
  @inlinable @inline(__always)
  public func ask() { unsafe hopscope_prefetch(address) }

  /// The record.
  public var record: PacketRecord {
    @inlinable @inline(__always)
    unsafeAddress { unsafe address }
  }
}

/// Why a ``RecordStore`` has no room for more records.
public enum StoreFailure: Error, Sendable, Hashable {
  /// The system refuses memory, with its error number.
  case memory(errno: Int32)
  /// No file can be made, or made larger, in the folder for temporary files, with the system's error number.
  case temporaryFile(folder: String, errno: Int32)
  /// More packets than have ordinals, which are so many, or fewer with many short connections.
  case tooManyPackets(most: Int)
}
