public import Packets

/// Goes through the packed records of one connection, and unpacks each to where its reader wants it; to be used while the
/// store is held.
@safe
public struct RecordUnpacker {
  private var walk: BlockWalk
  private let places = FieldPlaces.all
  /// Records that are still to come.
  public private(set) var left: Int
  /// Where the last record began.
  private(set) var last: UnsafeMutableRawPointer
  private var lastNS: Int64 = 0
  private var lastFrame: UInt32 = 0
  private let connection: UInt32

  /// - Parameter firstLine: where the connection's first block begins.
  init(_ store: RecordStore, firstLine: UInt32, connection: Int, count: Int) {
    self.connection = UInt32(truncatingIfNeeded: connection)
    left = count
    walk = BlockWalk(store, firstLine: count > 0 ? firstLine : nil)
    unsafe last = unsafe walk.place
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
    walk.settle()
    return unsafe walk.place.load(as: UInt8.self) & 1 != 0
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
    unsafe last = unsafe walk.place
    left &-= 1
    let length = unsafe PacketRecord.unpack(
      walk.place, places, after: previous, into: record, timeNS: &lastNS, frame: &lastFrame)
    unsafe walk.place += length
  }
}
