import Packets

/// Packs the records of one connection one behind the other into blocks of its own.
@safe
struct RecordPacker: BitwiseCopyable, @unchecked Sendable {
  // Sendable though it has a pointer: the builder of the point has the only one to that memory.
  /// Where the next record goes.
  private var place: UnsafeMutableRawPointer?
  /// Bytes from there to the slack at the end of the block.
  private var left = 0
  /// Blocks that were opened.
  private var blocks = 0
  private var lastNS: Int64 = 0
  private var lastFrame: UInt32 = 0
  private var client = ExpectedPacket()
  private var server = ExpectedPacket()

  init() { unsafe place = nil }

  /// Packs a record.
  ///
  /// - Returns: the line at which the first block begins, where the record is the first one.
  @inline(__always)
  mutating func pack(_ record: PacketRecord, in store: RecordStore) -> UInt32? {
    guard let start = unsafe place, left >= PackedRecord.mostBytes else {
      return packAtEnd(record, in: store)
    }
    let length = unsafe pack(record, to: start)
    unsafe place = start + length
    left &-= length
    return nil
  }

  @inline(__always)
  private mutating func pack(_ record: PacketRecord, to start: UnsafeMutableRawPointer) -> Int {
    let afterNS = UInt64(bitPattern: record.timeNS &- lastNS)
    let afterFrames = record.frame &- lastFrame
    lastNS = record.timeNS
    lastFrame = record.frame
    return record.marks.contains(.fromClient)
      ? unsafe client.pack(record, afterNS: afterNS, afterFrames: afterFrames, to: start)
      : unsafe server.pack(record, afterNS: afterNS, afterFrames: afterFrames, to: start)
  }

  /// Packs a record for which the block at hand may have no room.
  @inline(never)
  private mutating func packAtEnd(_ record: PacketRecord, in store: RecordStore) -> UInt32? {
    unsafe withUnsafeTemporaryAllocation(byteCount: PackedRecord.mostBytes + PackedRecord.slack, alignment: 8) {
      guard let scratch = $0.baseAddress else { return nil }
      let length = unsafe pack(record, to: scratch)
      var opened: UInt32?
      if length > left { opened = openBlock(in: store) }
      guard let start = unsafe place else { return opened }
      unsafe start.copyMemory(from: scratch, byteCount: length)
      unsafe place = start + length
      left -= length
      return opened
    }
  }

  /// Goes on in the next block.
  ///
  /// - Returns: where it begins, if it is the first one.
  private mutating func openBlock(in store: RecordStore) -> UInt32? {
    let line = store.open(lines: BlockShape.lines(blocks))
    if let end = unsafe place {
      if left >= PackedRecord.controlLength {
        unsafe end.storeBytes(of: PackedRecord.endOfBlock, toByteOffset: 2, as: UInt8.self)
      }
      let start = unsafe end + left - BlockShape.room(blocks - 1) - BlockShape.linkBytes
      unsafe start.storeBytes(of: line, as: UInt32.self)
    }
    let start = unsafe store.address(ofLine: line)
    // Until there is a next block, it is the next of itself.
    unsafe start.storeBytes(of: line, as: UInt32.self)
    unsafe place = start + BlockShape.linkBytes
    left = BlockShape.room(blocks)
    blocks += 1
    return blocks == 1 ? line : nil
  }
}

/// How long the blocks of a connection are, in lines of 64 bytes; each begins with the line at which the next one does.
///
///     connection 0   [2][2][2][2][4][4][4][4][8] … [8][16] … [16][32] … [32][64] …
///     connection 1   [2][2] …
///
/// Few packets take little room, and of many at most a seventh is empty; the blocks of a longer connection fill a page of
/// memory each, then 16 pages.
enum BlockShape {
  /// Lines in a block that fills a page of 4 KiB.
  static let page = 64
  /// Lines in the longest block: 64 KiB, which is what the kernel maps of a file around an address that is read.
  static let longest = 1024
  /// Bytes at the beginning of each block, which say where the next one begins, so that it can be asked for in time.
  static let linkBytes = 4

  /// Lines of the block with this number, from 0.
  @inline(__always)
  static func lines(_ block: Int) -> Int {
    if block < 8 { return block < 4 ? 2 : 4 }
    if block < 32 { return block < 16 ? 8 : block < 24 ? 16 : 32 }
    return block < 128 ? page : longest
  }

  /// Bytes for records in the block with this number; behind them is what reading the last one may touch.
  @inline(__always)
  static func room(_ block: Int) -> Int { lines(block) * RecordStore.lineBytes - linkBytes - PackedRecord.slack }
}
