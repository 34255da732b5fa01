import CMemory
public import Packets

/// Goes through the packed records of one connection, and unpacks each to where its reader wants it; to be used while the
/// store is held.
@safe
public struct RecordUnpacker {
  private let store: RecordStore
  /// Records that are still to come.
  public private(set) var left: Int
  /// Where the next record begins, and where the block ends.
  private var place: UnsafeMutableRawPointer
  private var end: UnsafeMutableRawPointer
  /// Where the last record began.
  private(set) var last: UnsafeMutableRawPointer
  private var blocks = 0
  private var lastNS: Int64 = 0
  private var lastFrame: UInt32 = 0
  private let connection: UInt32

  /// - Parameter firstLine: where the connection's first block begins.
  init(_ store: RecordStore, firstLine: UInt32, connection: Int, count: Int) {
    self.store = store
    self.connection = UInt32(truncatingIfNeeded: connection)
    left = count
    unsafe place = unsafe store.nowhere
    unsafe end = unsafe place
    unsafe last = unsafe place
    if count > 0 { enter(firstLine) }
  }

  /// What stands for the record before the first one of a side.
  public func beginning(fromClient: Bool) -> PacketRecord {
    var record = PacketRecord()
    record.connection = connection
    if fromClient { record.marks = .fromClient }
    return record
  }

  /// Whether the client sent the next record; there is one.
  @inline(__always)
  public mutating func isNextFromClient() -> Bool {
    if unsafe end - place < PackedRecord.controlLength || isAtEnd { enterNext() }
    return unsafe place.load(as: UInt8.self) & 1 != 0
  }

  /// Unpacks the next record, after ``isNextFromClient()`` was asked.
  ///
  /// - Parameters:
  ///   - previous: the record before of the same side, or its ``beginning(fromClient:)``.
  ///   - record: where it goes, which may be the place of the one before.
  @inline(__always)
  public mutating func unpack(
    after previous: UnsafePointer<PacketRecord>, into record: UnsafeMutablePointer<PacketRecord>
  ) {
    unsafe last = unsafe place
    left &-= 1
    unsafe place += unsafe PacketRecord.unpack(
      place, after: previous, into: record, timeNS: &lastNS, frame: &lastFrame)
  }

  /// Whether nothing more lies in the block.
  @inline(__always)
  private var isAtEnd: Bool {
    unsafe place.load(fromByteOffset: 2, as: UInt8.self) & PackedRecord.endOfBlock == PackedRecord.endOfBlock
  }

  @inline(never)
  private mutating func enterNext() {
    let link = unsafe end.loadUnaligned(as: UInt64.self)
    enter(UInt32(truncatingIfNeeded: link))
  }

  private mutating func enter(_ line: UInt32) {
    let bytes = BlockShape.lines(blocks) * RecordStore.lineBytes
    unsafe place = store.address(ofLine: line)
    unsafe end = place + (bytes - BlockShape.linkBytes)
    blocks += 1
    ask()
  }

  /// Asks for the first lines of the block: those of one connection lie far apart, and the processor foresees nothing beyond
  /// a page.
  private func ask() {
    unsafe hopscope_prefetch(place)
    unsafe hopscope_prefetch(place + RecordStore.lineBytes)
  }
}
