/// Where in the store the records of each connection lie: in blocks of their own, so that one connection is read without
/// touching the others.
///
///     connection 0   [4][4][8][8][8][8][8][8][8][16] … [16][64] … [64][1024] …
///     connection 1   [4][4][8] …
///                     └── the k-th block of every connection has the same length
///
/// Few packets take little room; the blocks of a longer connection fill a page of memory each, then 16 pages.
public struct RecordBlocks: Sendable {
  /// Ordinal of the first record of each block, grouped by connection, in the order in which they were filled.
  private let starts: [UInt32]
  /// Where each connection's blocks begin in ``starts``.
  private let firstBlocks: [UInt32]
  /// Number of records of each connection.
  private let counts: [UInt32]

  /// Groups the blocks in the order in which they were opened by connection: a counting sort.
  init(opened: [Opened], counts: [UInt32]) {
    var next = [UInt32](repeating: 0, count: counts.count + 1)
    for block in opened { next[Int(block.connection) + 1] += 1 }
    for connection in counts.indices { next[connection + 1] += next[connection] }
    firstBlocks = next
    var starts = [UInt32](repeating: 0, count: opened.count)
    for block in opened {
      starts[Int(next[Int(block.connection)])] = block.start
      next[Int(block.connection)] += 1
    }
    self.starts = starts
    self.counts = counts
  }

  /// A block as it was opened.
  struct Opened {
    var connection: UInt32
    /// Ordinal of its first record.
    var start: UInt32
  }

  /// Number of connections.
  var connections: Int { counts.count }
  /// Number of records.
  var records: Int { counts.reduce(0) { $0 + Int($1) } }

  /// Number of one connection's records.
  func count(of connection: Int) -> Int { Int(counts[connection]) }

  /// Ordinals of one connection's records, in the order of capture.
  public func ordinals(of connection: Int) -> RecordOrdinals {
    RecordOrdinals(
      starts: starts, firstBlock: Int(firstBlocks[connection]), startIndex: 0, endIndex: Int(counts[connection]))
  }
}

/// Ordinals of the records of one connection, in the order of capture.
public struct RecordOrdinals: RandomAccessCollection, Sendable {
  fileprivate let starts: [UInt32]
  fileprivate let firstBlock: Int
  /// Place of the first record.
  public let startIndex: Int
  /// Place behind the last record.
  public let endIndex: Int

  fileprivate init(starts: [UInt32], firstBlock: Int, startIndex: Int, endIndex: Int) {
    self.starts = starts
    self.firstBlock = firstBlock
    self.startIndex = startIndex
    self.endIndex = endIndex
  }

  /// The ordinal of the record at a place.
  public subscript(place: Int) -> Int {
    precondition(place >= startIndex && place < endIndex)
    let (block, offset) = BlockShape.find(place)
    return Int(starts[firstBlock + block]) + offset
  }

  /// The ordinals from a place to the end of its block, or of all.
  func block(at place: Int) -> Range<Int> {
    let (block, offset) = BlockShape.find(place)
    let first = Int(starts[firstBlock + block]) + offset
    return first..<first + Swift.min(endIndex - place, BlockShape.length(block) - offset)
  }

  /// The ordinals of the records at some places.
  public subscript(places: Range<Int>) -> RecordOrdinals {
    precondition(places.lowerBound >= startIndex && places.upperBound <= endIndex)
    return RecordOrdinals(
      starts: starts, firstBlock: firstBlock, startIndex: places.lowerBound, endIndex: places.upperBound)
  }

  /// Goes through the ordinals.
  public func makeIterator() -> Iterator { Iterator(self) }

  /// Goes through the ordinals block by block.
  public struct Iterator: IteratorProtocol {
    private let ordinals: RecordOrdinals
    private var place: Int
    private var ordinal = 0
    private var blockEnd: Int

    fileprivate init(_ ordinals: RecordOrdinals) {
      self.ordinals = ordinals
      place = ordinals.startIndex
      blockEnd = place
    }

    /// The next ordinal.
    @inline(__always)
    public mutating func next() -> Int? {
      if place == blockEnd, !enterBlock() { return nil }
      defer {
        place += 1
        ordinal += 1
      }
      return ordinal
    }

    private mutating func enterBlock() -> Bool {
      guard place < ordinals.endIndex else { return false }
      let block = ordinals.block(at: place)
      ordinal = block.lowerBound
      blockEnd = place + block.count
      return true
    }
  }
}

/// Where a connection's next record goes.
struct BlockChain: BitwiseCopyable, Sendable {
  private var next: UInt32 = 0
  /// Blocks that were opened.
  private(set) var blocks: UInt32 = 0
  /// Records that the last block has room for.
  private var left: UInt16 = 0

  /// The ordinal for the next record; −1 if it needs a new block.
  @inline(__always)
  mutating func take() -> Int {
    if left == 0 { return -1 }
    defer {
      next &+= 1
      left &-= 1
    }
    return Int(next)
  }

  /// Goes on in the next block, whose first record is taken.
  mutating func open(at start: UInt32, length: Int) {
    next = start &+ 1
    left = UInt16(length - 1)
    blocks += 1
  }
}

/// How long the blocks of a connection are.
enum BlockShape {
  /// Records in a block that fills a page of 4 KiB.
  static let page = 64
  /// Records in the longest block: 64 KiB, which is what the kernel maps of a file around an address that is read.
  static let longest = 1024
  /// Records of a connection before its blocks are of the longest kind.
  private static let fewForLongest = 4096
  private static let blocksBeforeLongest = 81

  /// Records in the block with this number, from 0.
  @inline(__always)
  static func length(_ block: Int) -> Int {
    if block < 9 { return block < 2 ? 4 : 8 }
    if block < 21 { return 16 }
    return block < blocksBeforeLongest ? page : longest
  }

  /// The block of the record with this place in its connection, and the place within it.
  @inline(__always)
  static func find(_ place: Int) -> (block: Int, offset: Int) {
    if place < 8 { return (place >> 2, place & 3) }
    if place < 64 { return (1 + place >> 3, place & 7) }
    if place < 256 { return (5 + place >> 4, place & 15) }
    if place < fewForLongest { return (17 + place >> 6, place & 63) }
    return (blocksBeforeLongest - 4 + place >> 10, place & 1023)
  }
}
