public import Packets

/// The records of one connection, in the order of capture; to be gone through while the store is held.
///
///     for record in traffic.packets(of: connection) { judge(record) }
public struct ConnectionRecords: Sequence {
  private let unpacker: RecordUnpacker

  init(_ unpacker: RecordUnpacker) { self.unpacker = unpacker }

  /// The number of records.
  public var underestimatedCount: Int { unpacker.left }

  /// Goes through the records.
  public func makeIterator() -> Iterator { Iterator(unpacker) }

  /// Unpacks one record after the other.
  public struct Iterator: IteratorProtocol {
    private(set) var unpacker: RecordUnpacker
    /// The last record of each side, in whose place its next one comes.
    @usableFromInline var client: PacketRecord
    @usableFromInline var server: PacketRecord

    fileprivate init(_ unpacker: RecordUnpacker) {
      self.unpacker = unpacker
      client = unpacker.beginning(fromClient: true)
      server = unpacker.beginning(fromClient: false)
    }

    /// The next record.
    @inlinable @inline(__always)
    public mutating func next() -> PacketRecord? {
      switch unpack() {
      case 0: server
      case 1: client
      default: nil
      }
    }

    /// Unpacks the next record.
    ///
    /// - Returns: 1 if the client sent it, 0 if the server did, −1 if there is none.
    @usableFromInline @inline(never)
    mutating func unpack() -> Int {
      if unpacker.left == 0 { return -1 }
      if unpacker.isNextFromClient() {
        unsafe withUnsafeMutablePointer(to: &client) { unsafe unpacker.unpack(after: $0, into: $0) }
        return 1
      }
      unsafe withUnsafeMutablePointer(to: &server) { unsafe unpacker.unpack(after: $0, into: $0) }
      return 0
    }
  }
}
