import CMemory
public import Packets

/// The records of one connection, in the order of capture, each where it lies; to be used while the store is held.
///
///     for reference in traffic.packets(of: connection) { judge(reference.record) }
///
/// While a block is gone through, the beginning of the next one is asked for: blocks of a connection lie far apart, and
/// the processor foresees nothing beyond a page.
public struct ConnectionRecords: Sequence {
  private let store: RecordStore
  private let ordinals: RecordOrdinals

  init(_ store: RecordStore, _ ordinals: RecordOrdinals) {
    self.store = store
    self.ordinals = ordinals
  }

  /// Goes through the records.
  public func makeIterator() -> Iterator { Iterator(store, ordinals) }

  /// Goes through the records block by block.
  @safe
  public struct Iterator: IteratorProtocol {
    private let store: RecordStore
    private let ordinals: RecordOrdinals
    /// The place behind the block at hand.
    private var place: Int
    @usableFromInline var head: UnsafePointer<PacketRecord>?
    /// Records of the block at hand that are still to come.
    @usableFromInline var left = 0

    fileprivate init(_ store: RecordStore, _ ordinals: RecordOrdinals) {
      self.store = store
      self.ordinals = ordinals
      place = ordinals.startIndex
      unsafe head = nil
    }

    /// The next record.
    @inlinable @inline(__always)
    public mutating func next() -> RecordReference? {
      if left == 0 { enterBlock() }
      guard let reference = unsafe head, left > 0 else { return nil }
      left &-= 1
      unsafe head = reference + 1
      return unsafe RecordReference(reference)
    }

    @usableFromInline
    mutating func enterBlock() {
      guard place < ordinals.endIndex else { return }
      let block = ordinals.block(at: place)
      // Both ends are looked up, each of which checks that it lies in the store; a block lies in one piece.
      unsafe head = store.reference(block.lowerBound).address
      _ = store.reference(block.upperBound - 1)
      left = block.count
      place += block.count
      if place < ordinals.endIndex { ask(for: ordinals.block(at: place)) }
    }

    /// Asks for the first records of a block, of which each fills a line.
    private func ask(for block: Range<Int>) {
      let first = unsafe store.reference(block.lowerBound).address
      for record in 0..<Swift.min(block.count, Self.mostAskedFor) { unsafe hopscope_prefetch(first + record) }
    }

    /// Once some lines in a row were read, the processor goes on by itself.
    private static let mostAskedFor = 8
  }
}
