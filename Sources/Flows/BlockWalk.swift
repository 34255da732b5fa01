import CMemory

/// Goes from record to record, and from block to block, of one connection's packed records; to be used while the store is
/// held.
@safe
struct BlockWalk {
  private let store: RecordStore
  /// Where the next record begins.
  var place: UnsafeMutableRawPointer
  /// Where the block ends.
  private(set) var end: UnsafeMutableRawPointer
  private var blocks = 0
  /// Where the next block begins, or this one if it is the last.
  private var next: UInt32 = 0

  /// - Parameter firstLine: where the connection's first block begins; `nil` if it has no records.
  init(_ store: RecordStore, firstLine: UInt32?) {
    self.store = store
    unsafe place = unsafe store.nowhere
    unsafe end = unsafe place
    if let firstLine { enter(firstLine) }
  }

  /// Goes on to the next block where nothing more lies in this one; there is a record still to come.
  @inline(__always)
  mutating func settle() {
    if unsafe Self.isAtEnd(place, of: end) { enterNext() }
  }

  /// Whether nothing more lies in a block that ends there.
  @inline(__always)
  static func isAtEnd(_ place: UnsafeMutableRawPointer, of end: UnsafeMutableRawPointer) -> Bool {
    if unsafe end - place < PackedRecord.controlLength { return true }
    return unsafe place.load(fromByteOffset: 2, as: UInt8.self) & PackedRecord.endOfBlock == PackedRecord.endOfBlock
  }

  @inline(never)
  private mutating func enterNext() { enter(next) }

  private mutating func enter(_ line: UInt32) {
    let start = unsafe store.address(ofLine: line)
    unsafe place = start + BlockShape.linkBytes
    unsafe end = place + BlockShape.room(blocks)
    store.willRead(lines: BlockShape.lines(blocks))
    blocks += 1
    next = unsafe start.load(as: UInt32.self)
    // Blocks of one connection lie far apart, and the processor foresees nothing beyond a page.
    let nextStart = unsafe store.address(ofLine: next)
    unsafe hopscope_prefetch(nextStart)
    unsafe hopscope_prefetch(nextStart + RecordStore.lineBytes)
  }
}
